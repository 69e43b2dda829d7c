// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme.h"

#include <QObject>

namespace kittiwake::app
{

/**
 * Whether the desktop wants dark colours: what the XDG desktop portal says (org.freedesktop.appearance, color-scheme),
 * followed as it changes; without a portal, whether the palette that Qt found is dark. Keeps the application's palette
 * at what the person has chosen. UI thread; asking does not wait.
 */
class ColourScheme final : public QObject
{
    Q_OBJECT

public:
    explicit ColourScheme(ui::theme::Scheme scheme, QObject *parent = nullptr);

    void setScheme(ui::theme::Scheme scheme);
    void setSystemIsDark(bool dark);

private:
    void apply();

    ui::theme::Scheme m_scheme;
    bool m_systemIsDark;
};

} // namespace kittiwake::app
