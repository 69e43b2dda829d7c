// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace kittiwake::mime
{

/** Appends text (UTF-8) so that it stays text, in an element as in a quoted attribute. Control characters are dropped.
 */
void appendEscaped(QByteArray &out, QByteArrayView text);

} // namespace kittiwake::mime
