// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/htmltree.h"
#include "core/mime/sanitiser.h"

namespace kittiwake::mime
{

/** sanitiseHtml() of a tree that is there already. */
[[nodiscard]] SanitisedHtml sanitiseTree(const HtmlTree &tree, const QByteArray &scope,
                                         SanitiserPurpose purpose = SanitiserPurpose::Display);

} // namespace kittiwake::mime
