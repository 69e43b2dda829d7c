// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/colourscheme.h"

#include "app/window/portalcolours.h"

#include <QApplication>

namespace kittiwake::app
{

ColourScheme::ColourScheme(ui::theme::Scheme scheme, QObject *parent)
    : QObject(parent), m_scheme(scheme), m_systemIsDark(ui::theme::isDark(QApplication::palette()))
{
    apply();
    followPortal(*this);
}

void ColourScheme::setScheme(ui::theme::Scheme scheme)
{
    m_scheme = scheme;
    apply();
}

void ColourScheme::setSystemIsDark(bool dark)
{
    m_systemIsDark = dark;
    apply();
}

void ColourScheme::apply()
{
    ui::theme::apply(*qApp, m_scheme, m_systemIsDark);
}

} // namespace kittiwake::app
