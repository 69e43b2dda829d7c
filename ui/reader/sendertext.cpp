// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/sendertext.h"

#include "ui/widgets/safetext.h"

#include <QCoreApplication>
#include <QStringList>

namespace kittiwake::ui
{

namespace
{

constexpr int longestName = 320;

QString sentenceOf(const mime::SenderRemark &remark)
{
    using Kind = mime::SenderRemark::Kind;
    const QString subject = isolated(remark.subject, longestName);
    const QString other = isolated(remark.other, longestName);
    switch (remark.kind) {
    case Kind::NoAddress:
        return QCoreApplication::translate("ui::sender",
                                           "This message has no valid sender's address: nobody can say who wrote it.");
    case Kind::SeveralSenders:
        return QCoreApplication::translate("ui::sender", "This message names more than one sender.");
    case Kind::NameImitatesAddress:
        return QCoreApplication::translate("ui::sender",
                                           "The sender's name looks like an address; the real address is %1.")
            .arg(subject);
    case Kind::MixedScripts:
        return QCoreApplication::translate(
                   "ui::sender", "The sender's domain %1 mixes letters of different alphabets, as imitations do (%2).")
            .arg(subject, other);
    case Kind::LooksLike:
        return QCoreApplication::translate("ui::sender",
                                           "The sender's domain %1 only looks like %2; it is another one.")
            .arg(subject, other);
    case Kind::RepliesElsewhere:
        return QCoreApplication::translate("ui::sender", "Answers to this message would go to %1, not to the sender.")
            .arg(subject);
    }
    return {};
}

} // namespace

SenderNotice noticeOf(const std::vector<mime::SenderRemark> &remarks)
{
    SenderNotice notice;
    QStringList sentences;
    for (const mime::SenderRemark &remark : remarks) {
        sentences.append(sentenceOf(remark));
        if (remark.kind != mime::SenderRemark::Kind::RepliesElsewhere
            && remark.kind != mime::SenderRemark::Kind::SeveralSenders)
            notice.tone = theme::Tone::Warning;
    }
    notice.text = sentences.join(QLatin1Char(' '));
    return notice;
}

} // namespace kittiwake::ui
