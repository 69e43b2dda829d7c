// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace kittiwake::mime
{

/** A message with every line ended by CR and LF, as it travels (RFC 5322 section 2.1); LF and CR alone are line ends.
 * Linear; what is so already is not copied. */
[[nodiscard]] QByteArray withWireLines(const QByteArray &message);

} // namespace kittiwake::mime
