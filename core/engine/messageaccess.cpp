// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/messageaccess.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::engine
{

MessageAccess::MessageAccess(Clock &clock, store::CacheStore &store, AccountFinder findAccount)
    : m_clock(clock), m_store(store), m_findAccount(std::move(findAccount))
{
}

Error MessageAccess::goneError(const QString &where)
{
    return {ErrorKind::Input,
            where,
            QCoreApplication::translate("core", "This message is not on the server any more: it was moved or deleted."),
            {}};
}

imap::FetchItems::Body MessageAccess::bodyItem(imap::Section section)
{
    return {std::move(section), true, false, std::nullopt};
}

Result<MessageRef> MessageAccess::locate(MessageId message) const
{
    const auto location = m_store.locate(message);
    if (!location)
        return failure(location.error());
    if (!*location)
        return failure(goneError({}));
    return MessageRef{(*location)->mailbox, (*location)->uid};
}

Result<MessageAccess::Target> MessageAccess::target(const MessageRef &message) const
{
    const auto row = m_store.mailbox(message.mailbox);
    if (!row)
        return failure(row.error());
    if (!*row)
        return failure(goneError({}));
    const auto cached = m_store.findUid(message.mailbox, message.uid);
    if (!cached)
        return failure(cached.error());
    return Target{(*row)->account,  message.mailbox, (*row)->uidValidity, message.uid, cached->value_or(MessageId()),
                  (*row)->name.text};
}

/** The UID that the message has now: opening its mailbox may have shown that the server has renumbered it. */
Result<Uid> MessageAccess::uidUnder(const Target &target, UidValidity uidValidity) const
{
    if (!target.uidValidity.isValid() || target.uidValidity == uidValidity)
        return target.uid;
    // The same UID under another UIDVALIDITY is another message.
    const auto state = m_store.state(target.mailbox);
    const auto location = m_store.locate(target.message);
    if (!state)
        return failure(state.error());
    if (!location)
        return failure(location.error());
    if (!*state || (*state)->uidValidity != uidValidity || !*location || (*location)->mailbox != target.mailbox)
        return failure(goneError(target.where));
    return (*location)->uid;
}

bool MessageAccess::isOnline(const Target &target) const
{
    using State = sync::AccountStatus::State;
    const sync::AccountSync *account = m_findAccount(target.account);
    return account != nullptr
        && (account->status().state == State::Syncing || account->status().state == State::UpToDate);
}

async::Task<Result<sync::Lease>> MessageAccess::lease(Target target)
{
    // Accounts come and go while people wait for a message: looked up anew each time.
    sync::AccountSync *account = m_findAccount(target.account);
    if (account == nullptr)
        co_return failure(goneError(target.where));
    Result<sync::Lease> lease = co_await account->borrow(target.mailbox);
    if (!lease)
        co_return lease;
    if (lease->client() == nullptr)
        co_return failure(ErrorKind::Network, target.where,
                          QCoreApplication::translate("core", "The connection was lost; try again."));
    co_return lease;
}

async::Task<Result<MessageAccess::Abilities>> MessageAccess::abilities(Target target)
{
    const Result<sync::Lease> lease = co_await this->lease(target);
    if (!lease)
        co_return failure(lease.error());
    const imap::Client *client = lease->client();
    // IMAP4rev2 contains BINARY (RFC 9051 section 6.4.5); where a quirk takes BINARY away, it means both.
    const bool isDistrusted
        = std::find(m_withoutBinary.begin(), m_withoutBinary.end(), std::pair(target.mailbox, target.uid))
        != m_withoutBinary.end();
    const Abilities abilities{client->capabilities().has("BINARY") && !isDistrusted, client->quirks().partialFetch};
    co_return abilities;
}

void MessageAccess::distrustBinary(const Target &target)
{
    constexpr std::size_t remembered = 200;
    m_withoutBinary.emplace_back(target.mailbox, target.uid);
    if (m_withoutBinary.size() > remembered)
        m_withoutBinary.pop_front();
}

async::Task<Result<std::optional<imap::FetchData>>> MessageAccess::ask(Target target, imap::FetchItems items)
{
    Result<sync::Lease> lease = co_await this->lease(target);
    if (!lease)
        co_return failure(lease.error());
    std::optional<imap::FetchData> answer;
    const imap::FetchSink sink = [&answer](imap::FetchedMessage &&message) { answer = std::move(message); };
    const auto uid = uidUnder(target, lease->uidValidity());
    if (!uid)
        co_return failure(uid.error());
    const imap::UidSet uids(*uid);
    const auto fetched = co_await lease->client()->fetch(uids, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    co_return std::move(answer);
}

async::Task<Result<imap::FetchData>> MessageAccess::fetch(Target target, imap::FetchItems items)
{
    Result<std::optional<imap::FetchData>> answer = co_await ask(target, std::move(items));
    if (!answer)
        co_return failure(answer.error());
    if (!*answer)
        co_return failure(goneError(target.where));
    co_return std::move(**answer);
}

async::Task<Result<void>> MessageAccess::askMany(Target target, imap::UidSet uids, imap::FetchItems items,
                                                 imap::FetchSink sink)
{
    Result<sync::Lease> lease = co_await this->lease(target);
    if (!lease)
        co_return failure(lease.error());
    if (target.uidValidity != lease->uidValidity())
        co_return failure(goneError(target.where));
    const auto fetched = co_await lease->client()->fetch(std::move(uids), std::move(items), std::move(sink));
    if (!fetched)
        co_return failure(fetched.error());
    co_return Result<void>();
}

async::Task<Result<QByteArray>> MessageAccess::fetchWhole(Target target, imap::Section section, std::uint64_t limit)
{
    Result<sync::Lease> lease = co_await this->lease(target);
    if (!lease)
        co_return failure(lease.error());
    const auto uid = uidUnder(target, lease->uidValidity());
    if (!uid)
        co_return failure(uid.error());
    const QByteArray name = section.toBytes();
    Result<QByteArray> bytes = co_await lease->client()->fetchSection(*uid, name, std::nullopt, limit);
    co_return bytes;
}

} // namespace kittiwake::engine
