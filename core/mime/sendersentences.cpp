// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/sendersentences.h"

#include "core/mime/headers.h"

#include <QCoreApplication>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype longestName = 320;

/// One line between first-strong isolates (UAX #9), so that its direction stays its own.
QString isolated(const QString &text)
{
    return QChar(0x2068) + displayLine(text).left(longestName) + QChar(0x2069);
}

QString sentenceOf(const SenderRemark &remark)
{
    using Kind = SenderRemark::Kind;
    const QString subject = isolated(remark.subject);
    const QString other = isolated(remark.other);
    switch (remark.kind) {
    case Kind::NoAddress:
        return QCoreApplication::translate("core",
                                           "This message has no valid sender's address: nobody can say who wrote it.");
    case Kind::SeveralSenders:
        return QCoreApplication::translate("core", "This message names more than one sender.");
    case Kind::NameImitatesAddress:
        return QCoreApplication::translate("core", "The sender's name looks like an address; the real address is %1.")
            .arg(subject);
    case Kind::MixedScripts:
        return QCoreApplication::translate(
                   "core", "The sender's domain %1 mixes letters of different alphabets, as imitations do (%2).")
            .arg(subject, other);
    case Kind::LooksLike:
        return QCoreApplication::translate("core", "The sender's domain %1 only looks like %2; it is another one.")
            .arg(subject, other);
    case Kind::SentByOther:
        return QCoreApplication::translate("core", "This message was sent by %1 in the name of the author.")
            .arg(subject);
    case Kind::RepliesElsewhere:
        return QCoreApplication::translate("core", "Answers to this message would go to %1, not to the sender.")
            .arg(subject);
    case Kind::FirstContact:
        return QCoreApplication::translate("core", "You have never written to %1 or received mail from there before.")
            .arg(subject);
    }
    return {};
}

} // namespace

QStringList sentencesOf(const std::vector<SenderRemark> &remarks)
{
    QStringList sentences;
    for (const SenderRemark &remark : remarks)
        sentences.append(sentenceOf(remark));
    return sentences;
}

QString sentenceOf(Authenticity authenticity, const QString &senderDomain)
{
    const QString domain = isolated(senderDomain);
    switch (authenticity) {
    case Authenticity::Unknown:
        break;
    case Authenticity::Verified:
        return QCoreApplication::translate("core", "Your mail service has verified that this message comes from %1.")
            .arg(domain);
    case Authenticity::Unverified:
        return QCoreApplication::translate("core",
                                           "Your mail service could not verify that this message comes from %1.")
            .arg(domain);
    case Authenticity::Refuted:
        return QCoreApplication::translate(
                   "core", "Your mail service has found that this message does not come from %1, although it says so.")
            .arg(domain);
    }
    return {};
}

} // namespace kittiwake::mime
