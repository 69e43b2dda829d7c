// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/sendertext.h"

#include "core/mime/sendersentences.h"

namespace kittiwake::ui
{

SenderNotice noticeOf(const std::vector<mime::SenderRemark> &remarks)
{
    using Kind = mime::SenderRemark::Kind;
    SenderNotice notice;
    for (const mime::SenderRemark &remark : remarks) {
        const bool harmless = remark.kind == Kind::RepliesElsewhere || remark.kind == Kind::SeveralSenders
            || remark.kind == Kind::SentByOther || remark.kind == Kind::FirstContact;
        if (!harmless)
            notice.tone = theme::Tone::Warning;
    }
    notice.text = mime::sentencesOf(remarks).join(QLatin1Char(' '));
    return notice;
}

} // namespace kittiwake::ui
