// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/htmltree.h"

#include <QByteArray>
#include <QString>

namespace kittiwake::mime
{

/**
 * The text of an HTML mail as a person would type it: paragraphs, lists with marks, quotes with "> ", the addresses of
 * links behind their text, images by their alternative text. What the mail hides by an inline style (display:none,
 * visibility:hidden, font-size:0) is left out: it must not appear in a reply that nobody has read (CVE-2018-12373).
 * At most ContentLimits::textBytes characters. Empty where the tree is.
 */
[[nodiscard]] QString textOfTree(const HtmlTree &tree);

/** What is left of HTML without its tags: for input that is too costly to parse. Linear. */
[[nodiscard]] QString textWithoutTags(const QByteArray &utf8);

/** Line ends around an element (a GumboTag): 0 within a line, 1 its own line, 2 an empty line around it. */
[[nodiscard]] int blockMargin(int tag);

/** Whether an inline style or the attribute hides an element, in one of the ways that mail uses. */
[[nodiscard]] bool isHiddenByStyle(const GumboInternalNode *node);

} // namespace kittiwake::mime
