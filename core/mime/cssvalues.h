// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/csstokens.h"

#include <QByteArray>

#include <span>

namespace kittiwake::mime
{

/**
 * The value of one declaration, written anew, if the property is on the allow-list and each token of the value is one
 * that its grammar admits; null otherwise. property is lower case. No value can hold a URL, a function other than
 * colours, calc() and gradients, or any of <, >, ", \, {, }, ; and @.
 */
[[nodiscard]] QByteArray filterCssValue(const QByteArray &property, std::span<const CssToken> value);

/** Whether the tokens name something that a browser would fetch; the first such address, else null. */
[[nodiscard]] QByteArray cssReference(std::span<const CssToken> value);

} // namespace kittiwake::mime
