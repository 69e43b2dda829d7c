// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

/** What values of HTML attributes may be, for AttributeWriter: whatever is not known to be harmless is none of these.
 */
namespace kittiwake::mime
{

[[nodiscard]] bool isWord(const QByteArray &value, qsizetype longest);
/** "12", "12.5", "50%", "12px" (HTML Standard, rules for parsing dimension values). */
[[nodiscard]] bool isLength(const QByteArray &value);
/** Three digits: a cell that spans 65,534 rows only costs layout time. */
[[nodiscard]] bool isNumber(const QByteArray &value);
[[nodiscard]] bool isColour(const QByteArray &value);
[[nodiscard]] bool isFontList(const QByteArray &value);
/** Of a class attribute, those names that no style of ours has; at most 50. */
[[nodiscard]] QByteArray filterClasses(const QByteArray &value);
/** A colour of an attribute as CSS knows it: old mail leaves out the '#'. */
[[nodiscard]] QByteArray cssColour(const QByteArray &value);

} // namespace kittiwake::mime
