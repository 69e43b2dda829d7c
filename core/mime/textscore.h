// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

namespace kittiwake::mime
{

/**
 * How much a text reads like one that people write, for telling charsets apart: the mean over its characters beyond
 * ASCII, about -10 (rubbish) … 4 (frequent letters of one script in words). Letters that are frequent in their language
 * count most; damage, control characters, capitals within words and scripts mixed within a word count against it.
 * Linear.
 */
[[nodiscard]] double scoreOfText(QStringView text);

} // namespace kittiwake::mime
