// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/refusal.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace kittiwake::smtp
{

namespace
{

struct Wording {
    const char *words; ///< lower case
    RefusalKind kind;
};

/**
 * What servers say where their codes say too little. Postfix greylists with a bare 450 4.2.0 ("Greylisted, see …",
 * postgrey 1.36), Gmail limits with 421 4.7.28 and 550 5.4.5, Exchange Online refuses a foreign sender with 554 5.2.252
 * "SendAsDenied" (learn.microsoft.com, read 2026-09), Dovecot's quota answers 552 5.2.2 "Quota exceeded".
 */
constexpr std::array<Wording, 14> wordings{{
    {"sendasdenied", RefusalKind::SenderNotAllowed},
    {"sender address rejected: not owned", RefusalKind::SenderNotAllowed},
    {"not allowed to send as", RefusalKind::SenderNotAllowed},
    {"greylist", RefusalKind::Greylisted},
    {"graylist", RefusalKind::Greylisted},
    {"greylisted", RefusalKind::Greylisted},
    {"rate limit", RefusalKind::RateLimited},
    {"too many messages", RefusalKind::RateLimited},
    {"too much mail", RefusalKind::RateLimited},
    {"sending limit", RefusalKind::RateLimited},
    {"daily user sending", RefusalKind::RateLimited},
    {"quota exceeded", RefusalKind::MailboxFull},
    {"over quota", RefusalKind::MailboxFull},
    {"mailbox full", RefusalKind::MailboxFull},
}};

std::optional<RefusalKind> byEnhanced(const EnhancedCode &code, RefusalStage stage)
{
    const int key = code.subject * 1000 + code.detail;
    switch (key) {
    case 1'001: // bad destination mailbox
    case 1'002: // bad destination system
    case 1'003: // bad syntax of it
    case 1'006: // has moved
    case 1'010: // null MX
        return RefusalKind::UnknownRecipient;
    case 1'007: // bad sender's address
    case 1'008:
        return RefusalKind::SenderNotAllowed;
    case 2'001:
        return stage == RefusalStage::Sender ? RefusalKind::SenderNotAllowed : RefusalKind::MailboxDisabled;
    case 2'002:
        return RefusalKind::MailboxFull;
    case 2'003:
    case 3'004:
        return RefusalKind::TooLarge;
    case 3'001:
        return RefusalKind::NoMessageSpace;
    case 4'001:
    case 4'002:
    case 4'003:
    case 4'004:
    case 4'007:
        return RefusalKind::Unreachable;
    case 4'005: // Gmail: "Daily user sending limit exceeded"; RFC 3463: congestion
    case 7'028: // Gmail: unusual rate
        return RefusalKind::RateLimited;
    case 5'003:
        return RefusalKind::TooManyRecipients;
    case 6'001: // media not supported
    case 6'003: // conversion required
    case 6'007: // non-ASCII addresses (RFC 6531)
    case 6'009:
        return RefusalKind::Unsupported;
    case 7'000:
    case 7'008: // authentication credentials invalid
    case 7'009:
    case 7'011:
    case 7'014: // trust relationship required (RFC 7372 leaves it to RFC 5248)
        return key == 7'000 ? RefusalKind::Policy : RefusalKind::SignInNeeded;
    case 7'060: // Exchange: client was not authenticated
        return RefusalKind::SenderNotAllowed;
    default:
        break;
    }
    if (code.subject == 7)
        return stage == RefusalStage::Sender ? RefusalKind::SenderNotAllowed : RefusalKind::Policy;
    if (code.subject == 1 && stage == RefusalStage::Recipient)
        return RefusalKind::UnknownRecipient;
    if (code.subject == 3)
        return RefusalKind::ServerTrouble;
    if (code.subject == 4)
        return RefusalKind::Unreachable;
    return std::nullopt;
}

RefusalKind byCode(int code, RefusalStage stage)
{
    switch (code) {
    case 530:
    case 535:
    case 538:
        return RefusalKind::SignInNeeded;
    case 550:
    case 551:
    case 553:
        if (stage == RefusalStage::Recipient)
            return RefusalKind::UnknownRecipient;
        return stage == RefusalStage::Sender ? RefusalKind::SenderNotAllowed : RefusalKind::Policy;
    case 552:
        return stage == RefusalStage::Recipient ? RefusalKind::MailboxFull : RefusalKind::TooLarge;
    case 452: // too many recipients or no room: for one of them it passes (RFC 5321 section 4.5.3.1.10)
        return stage == RefusalStage::Recipient ? RefusalKind::TooManyRecipients : RefusalKind::NoMessageSpace;
    case 554:
        return RefusalKind::Policy;
    case 421:
    case 451:
        return RefusalKind::ServerTrouble;
    case 555:
        return RefusalKind::Unsupported;
    default:
        return RefusalKind::Other;
    }
}

RefusalKind kindOf(const Reply &reply, RefusalStage stage)
{
    const QByteArray words = reply.lines.join(' ').toLower();
    for (const Wording &wording : wordings) {
        // A mailbox that is full is nothing a sender can be: there the words mean their own account.
        if (words.contains(wording.words))
            return wording.kind;
    }
    if (reply.enhanced) {
        if (const auto kind = byEnhanced(*reply.enhanced, stage))
            return *kind;
    }
    return byCode(reply.code, stage);
}

/** %1 the server, %2 the address. */
QString sentence(RefusalKind kind, bool isTemporary, RefusalStage stage)
{
    switch (kind) {
    case RefusalKind::UnknownRecipient:
        return QCoreApplication::translate("core", "%1 says that there is no mailbox %2; check the address.");
    case RefusalKind::MailboxFull:
        return QCoreApplication::translate("core",
                                           "%1 says that the mailbox of %2 is full, so the message was not taken; try "
                                           "again later, or write to them another way.");
    case RefusalKind::MailboxDisabled:
        return QCoreApplication::translate(
            "core", "%1 says that the mailbox of %2 takes no mail at the moment; write to them another way.");
    case RefusalKind::TooLarge:
        return QCoreApplication::translate(
            "core", "The message is too large for %1; take attachments out of it, or send them in several messages.");
    case RefusalKind::SenderNotAllowed:
        return QCoreApplication::translate("core",
                                           "%1 does not let this account send as %2; choose another sender address.");
    case RefusalKind::SignInNeeded:
        return QCoreApplication::translate(
            "core", "%1 wants you to sign in before it takes mail; check the user name and password of the account.");
    case RefusalKind::Policy:
        return stage == RefusalStage::Recipient
            ? QCoreApplication::translate("core", "%1 refuses mail for %2 because of its rules.")
            : QCoreApplication::translate("core", "%1 refuses the message because of its rules.");
    case RefusalKind::Greylisted:
        return QCoreApplication::translate(
            "core",
            "%1 takes the message only on another try, as a guard against spam; it is sent again in a few "
            "minutes.");
    case RefusalKind::RateLimited:
        return isTemporary ? QCoreApplication::translate(
                   "core",
                   "%1 takes no more mail from this account for now, because much was sent lately; the "
                   "message is sent later.")
                           : QCoreApplication::translate(
                               "core",
                               "%1 takes no more mail from this account, because much was sent lately; try again "
                               "tomorrow.");
    case RefusalKind::Unreachable:
        return QCoreApplication::translate(
            "core", "%1 cannot reach the mail server of %2; check the part of the address behind the @.");
    case RefusalKind::NoMessageSpace:
        return QCoreApplication::translate("core", "%1 has no room for the message at the moment.");
    case RefusalKind::TooManyRecipients:
        return isTemporary ? QCoreApplication::translate(
                   "core", "%1 takes no more recipients for one message, so %2 gets it in the next round.")
                           : QCoreApplication::translate(
                               "core", "%1 does not take so many recipients for one message; send it in several.");
    case RefusalKind::Unsupported:
        return QCoreApplication::translate(
            "core", "%1 cannot carry this message, because it uses addresses or text that the server does not know.");
    case RefusalKind::ServerTrouble:
        return QCoreApplication::translate("core", "%1 has a problem of its own.");
    case RefusalKind::Other:
        break;
    }
    return stage == RefusalStage::Recipient ? QCoreApplication::translate("core", "%1 refused the recipient %2.")
                                            : QCoreApplication::translate("core", "%1 refused the message.");
}

} // namespace

QString refusalKindName(RefusalKind kind)
{
    switch (kind) {
    case RefusalKind::UnknownRecipient:
        return QStringLiteral("unknown-recipient");
    case RefusalKind::MailboxFull:
        return QStringLiteral("mailbox-full");
    case RefusalKind::MailboxDisabled:
        return QStringLiteral("mailbox-disabled");
    case RefusalKind::TooLarge:
        return QStringLiteral("too-large");
    case RefusalKind::SenderNotAllowed:
        return QStringLiteral("sender-not-allowed");
    case RefusalKind::SignInNeeded:
        return QStringLiteral("sign-in-needed");
    case RefusalKind::Policy:
        return QStringLiteral("policy");
    case RefusalKind::Greylisted:
        return QStringLiteral("greylisted");
    case RefusalKind::RateLimited:
        return QStringLiteral("rate-limited");
    case RefusalKind::Unreachable:
        return QStringLiteral("unreachable");
    case RefusalKind::NoMessageSpace:
        return QStringLiteral("no-space");
    case RefusalKind::TooManyRecipients:
        return QStringLiteral("too-many-recipients");
    case RefusalKind::Unsupported:
        return QStringLiteral("unsupported");
    case RefusalKind::ServerTrouble:
        return QStringLiteral("server-trouble");
    case RefusalKind::Other:
        break;
    }
    return QStringLiteral("refused");
}

Refusal refusalOf(const Reply &reply, RefusalStage stage, const QString &where, const QString &address)
{
    Refusal refusal;
    refusal.kind = kindOf(reply, stage);
    // Greylisting is a refusal that passes; the few servers that answer it with 5xx mean it.
    refusal.isTemporary = reply.isTemporary();
    refusal.code = reply.code;
    refusal.serverText = reply.displayText();
    QString text = sentence(refusal.kind, refusal.isTemporary, stage);
    text = text.contains(QLatin1String("%2")) ? text.arg(where, address) : text.arg(where);
    const bool saysEnough = refusal.serverText.isEmpty() || refusal.kind == RefusalKind::Greylisted;
    refusal.userText = saysEnough
        ? text
        : QCoreApplication::translate("core", "%1 The server's words: “%2”").arg(text, refusal.serverText);
    return refusal;
}

Refusal tooLargeRefusal(const QString &where, std::uint64_t size, std::uint64_t limit)
{
    Refusal refusal;
    refusal.kind = RefusalKind::TooLarge;
    const QLocale locale;
    const QString shownSize = locale.formattedDataSize(static_cast<qint64>(std::min<std::uint64_t>(size, INT64_MAX)));
    const QString shownLimit = locale.formattedDataSize(static_cast<qint64>(std::min<std::uint64_t>(limit, INT64_MAX)));
    refusal.userText = QCoreApplication::translate(
                           "core",
                           "The message has %2, but %1 takes no more than %3; take attachments out of it, or send them "
                           "in several messages.")
                           .arg(where, shownSize, shownLimit);
    return refusal;
}

Refusal unsupportedRefusal(const QString &where, bool addresses)
{
    Refusal refusal;
    refusal.kind = RefusalKind::Unsupported;
    refusal.userText = addresses
        ? QCoreApplication::translate(
              "core", "%1 cannot send to or from addresses with letters beyond ASCII; use another address.")
              .arg(where)
        : QCoreApplication::translate(
              "core", "%1 cannot carry text of eight bits, and this message is written in it; write it anew.")
              .arg(where);
    return refusal;
}

} // namespace kittiwake::smtp
