// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/senderremarks.h"
#include "ui/widgets/theme.h"

namespace kittiwake::ui
{

/** What is to be said of a sender, as sentences for a banner; an empty text: nothing. */
struct SenderNotice {
    QString text; ///< plain
    theme::Tone tone = theme::Tone::Info;
};

[[nodiscard]] SenderNotice noticeOf(const std::vector<mime::SenderRemark> &remarks);

} // namespace kittiwake::ui
