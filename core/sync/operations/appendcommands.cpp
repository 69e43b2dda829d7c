// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/headers.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/mailboxsync/headerbatch.h"
#include "core/sync/operations/appendreplay.h"
#include "core/sync/operations/arrivals.h"
#include "core/sync/operations/elsewhere.h"
#include "core/sync/operations/pendingliteral.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>
#include <QCryptographicHash>

#include <algorithm>

/** What a replayed append says to the server. Apart from run(), as the commands of FolderReplay. */
namespace kittiwake::sync
{

namespace
{

/** Messages of the same size that are compared byte by byte, at most. */
constexpr std::size_t mostCompared = 10;
/** Octets of a header that is read for the Message-ID that a message had. */
constexpr std::uint64_t longestHeader = 1024 * 1024;

/** UTF-8, or something older (RFC 6855 section 4). */
bool hasOctets(const QByteArray &head)
{
    return std::any_of(head.begin(), head.end(), [](char octet) { return static_cast<unsigned char>(octet) > 127; });
}

} // namespace

async::Task<Result<void>> AppendReplay::send(const Lease &lease)
{
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    if (const auto tooLarge = tooLargeError(*client, m_operation.mailbox, m_operation.identity.size))
        co_return failure(*tooLarge);
    const auto message = PendingLiteral::of(m_pending, m_id, m_operation.prefix);
    if (!message)
        co_return failure(message.error());
    if (!*message)
        co_return failure(refusal(m_operation.mailbox,
                                  QCoreApplication::translate("core",
                                                              "The text of this message is not there any more, so it "
                                                              "cannot be stored. Give this up.")));
    const auto selected = client->selected();
    if (!selected)
        co_return failure(connectionLostError());
    m_progress.isSent = true;
    m_progress.validity = lease.uidValidity();
    m_progress.next = selected->uidNext;
    // What came since the mailbox was opened is not it either.
    if (const auto known = client->knownUids(); known && !known->isEmpty())
        m_progress.next = std::max(m_progress.next, Uid(known->ranges().back().last + 1));
    if (!m_progress.next.isValid())
        m_progress.next = Uid(1);
    // A message that is stored twice on purpose is not looked for twice.
    auto others = placesOf(m_environment.store, m_record.account, m_operation.identity.messageId);
    if (!others)
        co_return failure(others.error());
    m_progress.others = std::move(*others);
    if (auto noted = note(); !noted)
        co_return noted;
    imap::AppendOptions options;
    options.flags = m_operation.flags;
    options.internalDate = m_operation.internalDate;
    options.utf8 = client->isEnabled("UTF8=ACCEPT") && (hasOctets(m_operation.prefix) || hasOctets(m_operation.head));
    const mail::MailboxName name = m_operation.mailbox;
    const auto reply = co_await client->append(name, *message, options);
    if (!reply)
        co_return failure(targetRefusedError(reply.error(), name));
    const auto &told = reply->appendUid;
    if (told && told->validity == m_progress.validity && told->uids.size() == 1)
        m_progress.uid = Uid(told->uids.front().first);
    co_return Result<void>();
}

/** Where the message is, from the UID on that came next before it was sent. */
async::Task<Result<void>> AppendReplay::look(const Lease &lease)
{
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    // Made anew meanwhile: its numbers begin again.
    const bool isSame = lease.uidValidity() == m_progress.validity;
    const Uid from = isSame && m_progress.next.isValid() ? m_progress.next : Uid(1);
    const Uid told = isSame ? m_progress.uid : Uid();
    // Courier tells of what came into an open mailbox when it is asked only, and has not got it until then.
    const auto asked = co_await client->noop();
    if (!asked)
        co_return failure(asked.error());
    client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const imap::FetchItems items = headerItems(client->capabilities().has("CONDSTORE"));
    std::vector<mail::MessageHeader> headers;
    const imap::FetchSink sink = [&headers](imap::FetchedMessage &&message) {
        if (auto header = headerFromFetch(message))
            headers.push_back(std::move(*header));
    };
    const imap::UidSet all = told.isValid() ? imap::UidSet(told) : imap::UidSet::from(from);
    const auto fetched = co_await client->fetch(all, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    m_progress.uid = {};
    client = lease.client();
    const auto selected = client == nullptr ? std::nullopt : client->selected();
    const auto isAfter = [from](const mail::MessageHeader &header) { return header.uid >= from; };
    const auto count = static_cast<std::uint64_t>(std::count_if(headers.begin(), headers.end(), isAfter));
    m_mayHaveLeft = !isSame || !selected || !selected->uidNext.isValid()
        || (selected->uidNext > from && count < selected->uidNext.value() - from.value());
    // "n:*" names the last message even when its UID is below n (RFC 9051 section 9, seq-range).
    if (!told.isValid())
        std::erase_if(headers, [&isAfter](const mail::MessageHeader &header) { return !isAfter(header); });
    std::size_t compared = 0;
    const bool anyCase = m_operation.idSuffices; // some services write the domain in another case
    for (const mail::MessageHeader &header : headers) {
        const QByteArray &id = m_operation.identity.messageId;
        if (id.compare(identityOf(header).messageId, anyCase ? Qt::CaseInsensitive : Qt::CaseSensitive) != 0)
            continue;
        bool isIt
            = header.size == m_operation.identity.size || ((told.isValid() || m_operation.idSuffices) && !id.isEmpty());
        // Without an id only its bytes tell it from others; a server may count them otherwise, but who would know?
        if (isIt && id.isEmpty() && compared < mostCompared) {
            ++compared;
            const auto same = co_await hasBytes(lease, header.uid);
            if (!same)
                co_return failure(same.error());
            isIt = *same;
        }
        if (!isIt)
            continue;
        found(lease, header);
        co_return Result<void>();
    }
    if (told.isValid() || !isSavedByService(lease))
        co_return Result<void>();
    const auto saved = co_await lookForSaved(lease, std::move(headers));
    co_return saved;
}

void AppendReplay::found(const Lease &lease, const mail::MessageHeader &header)
{
    m_progress.uid = header.uid;
    m_progress.validity = lease.uidValidity();
    m_arrived = {header};
}

/** A copy in Sent that the service may make by itself: it says so with its name, or is known by that of its server. */
bool AppendReplay::isSavedByService(const Lease &lease) const
{
    const imap::Client *client = lease.client();
    return m_operation.idSuffices && client != nullptr && (m_operation.mayBeSaved || client->quirks().savesSubmitted);
}

/** Sent was not synced before: what the service has saved just now is among the last messages. */
void AppendReplay::beginAtNewest(const Lease &lease)
{
    constexpr std::uint32_t newest = 50;
    const imap::Client *client = lease.client();
    const auto selected = client == nullptr ? std::nullopt : client->selected();
    if (!selected || !selected->uidNext.isValid())
        return;
    m_progress.isSent = true;
    m_progress.validity = lease.uidValidity();
    m_progress.next = Uid(selected->uidNext.value() > newest ? selected->uidNext.value() - newest : 1);
}

/**
 * The copy of a service that gives messages another Message-ID, as Exchange does: it was written in the same second by
 * the same person to the same people, and where the service tells the old Message-ID, that is ours.
 */
async::Task<Result<void>> AppendReplay::lookForSaved(const Lease &lease, std::vector<mail::MessageHeader> headers)
{
    const mail::MessageHeader ours = m_operation.header(Uid(), m_record.createdAt);
    const auto isAlike = [&ours](const mail::MessageHeader &header) {
        const auto addressOf
            = [](const mail::AddressList &list) { return list.empty() ? QString() : list.front().address.toLower(); };
        return header.date == ours.date && header.subject == ours.subject
            && addressOf(header.from) == addressOf(ours.from) && addressOf(header.to) == addressOf(ours.to)
            && header.to.size() == ours.to.size() && header.cc.size() == ours.cc.size();
    };
    std::erase_if(headers, [&isAlike](const mail::MessageHeader &header) { return !isAlike(header); });
    if (headers.size() > mostCompared)
        headers.resize(mostCompared);
    for (const mail::MessageHeader &header : headers) {
        const auto original = co_await originalId(lease, header.uid);
        if (!original)
            co_return failure(original.error());
        if (!original->isEmpty() && original->compare(m_operation.identity.messageId, Qt::CaseInsensitive) != 0)
            continue;
        found(lease, header);
        co_return Result<void>();
    }
    co_return Result<void>();
}

/** What a service says that the Message-ID was; empty: nothing. */
async::Task<Result<QByteArray>> AppendReplay::originalId(const Lease &lease, Uid uid)
{
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    // The whole header: HEADER.FIELDS is answered falsely by some services.
    const QByteArray section = QByteArrayLiteral("HEADER");
    const std::optional<imap::FetchPartial> all;
    const auto header = co_await client->fetchSection(uid, section, all, longestHeader);
    if (!header && header.error().kind != ErrorKind::ServerRefused)
        co_return failure(header.error());
    if (!header)
        co_return QByteArray();
    for (const char *name : {"X-Microsoft-Original-Message-ID", "X-Google-Original-Message-ID"}) {
        const QByteArray id = mime::cleanMessageId(mime::headerFieldValue(*header, name));
        if (!id.isEmpty())
            co_return id;
    }
    co_return QByteArray();
}

async::Task<Result<void>> AppendReplay::lookElsewhere()
{
    ElsewhereSearch search{m_record.account, m_mailbox, {m_operation.identity}, m_progress.others};
    const auto found = co_await findElsewhere(m_environment, m_sync, std::move(search));
    if (!found)
        co_return failure(found.error());
    if (const std::optional<MessageAt> &place = found->front()) {
        m_progress.mailbox = place->mailbox;
        m_progress.validity = place->validity;
        m_progress.uid = place->uid;
    }
    co_return Result<void>();
}

async::Task<Result<bool>> AppendReplay::hasBytes(const Lease &lease, Uid uid)
{
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const QByteArray whole;
    const auto bytes = co_await client->fetchSection(uid, whole);
    if (!bytes && bytes.error().kind != ErrorKind::ServerRefused)
        co_return failure(bytes.error());
    co_return bytes &&QCryptographicHash::hash(*bytes, QCryptographicHash::Sha256) == m_operation.digest;
}

} // namespace kittiwake::sync
