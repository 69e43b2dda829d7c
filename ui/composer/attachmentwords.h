// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace kittiwake::ui
{

/**
 * Whether somebody who wrote this speaks of an attachment, in one of the languages of attachmentwords.cpp. Quoted lines
 * and what follows the signature mark are not theirs, and not looked at. Linear; the first 64 KB.
 */
[[nodiscard]] bool mentionsAttachment(const QString &text);

} // namespace kittiwake::ui
