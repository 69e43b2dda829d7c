// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace kittiwake::ui
{

/** The icon (of ui::icon()) for a file of that type ("image/png"). */
[[nodiscard]] QString fileIcon(const QByteArray &mimeType);

} // namespace kittiwake::ui
