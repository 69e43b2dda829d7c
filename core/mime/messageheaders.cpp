// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/messageheaders.h"

#include "core/mime/charset.h"
#include "core/mime/headers.h"
#include "core/mime/headerwriter.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QUrl>

#include <algorithm>
#include <cstring>

namespace kittiwake::mime
{

namespace
{

/** As many as one field of a letter can reasonably have; more belong to a mailing list. */
constexpr std::size_t mostRecipients = HeaderLimits::addresses;

Failure refusal(const QString &userText, const char *detail)
{
    return failure(ErrorKind::Input, QString(), userText, QLatin1String(detail));
}

/** RFC 5322 section 3.2.4. */
bool isQuotedString(QByteArrayView local)
{
    if (local.size() < 3 || !local.startsWith('"') || !local.endsWith('"'))
        return false;
    const QByteArrayView inside = local.sliced(1, local.size() - 2);
    for (qsizetype at = 0; at < inside.size(); ++at) {
        if (inside[at] == '"' || (inside[at] == '\\' && ++at == inside.size()))
            return false;
    }
    return true;
}

/** RFC 5322 section 3.2.3, and letters beyond ASCII (RFC 6532). */
bool isDotAtom(QByteArrayView local)
{
    return !local.startsWith('.') && !local.endsWith('.') && !local.contains("..")
        && std::none_of(local.begin(), local.end(),
                        [](char c) { return c != 0 && std::strchr(" \"(),:;<>@[\\]", c) != nullptr; });
}

Result<QByteArray> checked(const mail::Address &address, const BuildOptions &options)
{
    QByteArray wire = wireAddress(address.address);
    if (wire.isEmpty()) {
        return refusal(QCoreApplication::translate("core", "%1 is not an e-mail address. Correct it, or remove it.")
                           .arg(displayLine(address.address.isEmpty() ? address.name : address.address)),
                       "no address");
    }
    if (!options.internationalAddresses && !isAscii(wire)) {
        return refusal(QCoreApplication::translate("core",
                                                   "Your mail server cannot send to %1, because it knows no letters "
                                                   "beyond ASCII before the @ (SMTPUTF8). Ask for another address of "
                                                   "this person.")
                           .arg(displayLine(address.address)),
                       "needs SMTPUTF8");
    }
    return wire;
}

Result<void> addAddresses(HeaderWriter &writer, QByteArrayView name, const mail::AddressList &addresses,
                          const BuildOptions &options)
{
    if (addresses.size() > mostRecipients) {
        return refusal(QCoreApplication::translate("core",
                                                   "A message can have at most %1 recipients in one field. Send it in "
                                                   "several, or use a mailing list.")
                           .arg(mostRecipients),
                       "too many addresses");
    }
    for (const mail::Address &address : addresses) {
        const auto wire = checked(address, options);
        if (!wire && options.isUnfinished) {
            const QString written = address.name.isEmpty() || address.name == address.address
                ? address.address
                : QString(address.name + QLatin1String(" <") + address.address + u'>');
            writer.addEmptyGroup(displayLine(written));
            continue;
        }
        if (!wire)
            return failure(wire.error());
        // A name that is just the address again says nothing.
        writer.addAddress(address.name == address.address ? QString() : displayLine(address.name), *wire);
    }
    writer.addresses(name);
    return {};
}

/** "Mon, 26 Oct 2026 08:33:20 +0100" (RFC 5322 section 3.3). */
QByteArray dateText(const Composition &composition)
{
    const QDateTime local = QDateTime::fromSecsSinceEpoch(composition.date, Qt::OffsetFromUTC, composition.utcOffset);
    return QLocale::c().toString(local, QStringLiteral("ddd, d MMM yyyy HH:mm:ss ")).toLatin1()
        + local.toString(Qt::RFC2822Date).right(5).toLatin1();
}

/** In their brackets, separated by blanks, each once. */
QByteArray joined(const QByteArrayList &ids)
{
    QByteArrayList clean;
    for (const QByteArray &id : ids) {
        QByteArray one = cleanMessageId(id);
        if (!one.isEmpty() && !clean.contains(one))
            clean.push_back(std::move(one));
    }
    // RFC 5322 section 3.6.4 allows to leave out what lies between the first and the newest.
    if (clean.size() > HeaderLimits::references)
        clean.remove(1, clean.size() - HeaderLimits::references);
    return clean.join(' ');
}

void addPriority(HeaderWriter &writer, Composition::Priority priority)
{
    // X-Priority is nobody's standard and everybody's practice; Importance is RFC 2156's.
    switch (priority) {
    case Composition::Priority::Normal:
        return;
    case Composition::Priority::High:
        writer.words("X-Priority", "1 (Highest)");
        writer.words("Importance", "high");
        return;
    case Composition::Priority::Low:
        writer.words("X-Priority", "5 (Lowest)");
        writer.words("Importance", "low");
        return;
    }
}

} // namespace

QByteArray wireAddress(const QString &address)
{
    if (!mail::Address{{}, address}.isValid())
        return {};
    const qsizetype at = address.lastIndexOf(u'@');
    const QByteArray local = address.first(at).toUtf8();
    const QString domainText = address.sliced(at + 1);
    // A literal is an address of its own kind (RFC 5321 section 4.1.3).
    const QByteArray domain = domainText.startsWith(u'[') && domainText.endsWith(u']') && isAscii(domainText.toUtf8())
        ? domainText.toLatin1()
        : QUrl::toAce(domainText);
    // RFC 5321 section 4.5.3.1: 64 and 255 octets.
    if (domain.isEmpty() || domain.size() > 255 || local.size() > 64)
        return {};
    return isQuotedString(local) || isDotAtom(local) ? local + '@' + domain : QByteArray();
}

Result<QByteArray> headerBlock(const Composition &composition, const BuildOptions &options)
{
    const mail::AddressList sender = composition.sender ? mail::AddressList{*composition.sender} : mail::AddressList{};
    const mail::AddressList receipt
        = composition.wantsReceipt ? mail::AddressList{{{}, composition.from.address}} : mail::AddressList{};
    const struct {
        const char *name;
        const mail::AddressList addresses;
    } fields[] = {
        {"From",
         options.isUnfinished && composition.from.address.isEmpty() ? mail::AddressList{}
                                                                    : mail::AddressList{composition.from}},
        {"Sender", sender},
        {"Reply-To", composition.replyTo},
        {"To", composition.to},
        {"Cc", composition.cc},
        {"Bcc", options.withBcc ? composition.bcc : mail::AddressList{}},
        {"Disposition-Notification-To", receipt},
    };
    HeaderWriter writer;
    writer.words("Date", dateText(composition));
    for (const auto &field : fields) {
        if (auto added = addAddresses(writer, field.name, field.addresses, options); !added)
            return failure(std::move(added.error()));
    }
    writer.text("Subject", displayLine(composition.subject));
    writer.words("Message-ID", cleanMessageId(composition.messageId));
    writer.words("In-Reply-To", joined(composition.inReplyTo));
    writer.words("References", joined(composition.references));
    addPriority(writer, composition.priority);
    writer.words("User-Agent", composition.userAgent);
    for (const OtherField &field : composition.otherFields)
        writer.words(field.name, field.value);
    writer.words("MIME-Version", "1.0");
    return writer.take();
}

QByteArray makeMessageId(Random &random, const mail::Address &from)
{
    QByteArray bits;
    for (int i = 0; i < 2; ++i)
        bits += QByteArray::number(random.next(), 16).rightJustified(16, '0');
    const QByteArray wire = wireAddress(from.address);
    QByteArray domain = wire.sliced(wire.lastIndexOf('@') + 1);
    if (domain.isEmpty() || domain.startsWith('['))
        domain = "localhost.invalid";
    return '<' + bits + '@' + domain + '>';
}

} // namespace kittiwake::mime
