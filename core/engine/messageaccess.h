// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/awaiters.h"
#include "core/async/task.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/messagetypes.h"
#include "core/imap/codec/command.h"
#include "core/imap/codec/fetchdata.h"
#include "core/store/cachestore.h"
#include "core/sync/account/accountsync.h"

#include <deque>
#include <functional>
#include <optional>
#include <utility>

namespace kittiwake::engine
{

/**
 * Where a message is, and a connection with its mailbox open to ask about it. Borrows a line for one command at a time,
 * so that nobody waits long for it. Engine thread; outlived by what it is given.
 */
class MessageAccess
{
public:
    using AccountFinder = std::function<sync::AccountSync *(AccountId account)>;

    /** A message, where it is, and what must still hold when it is fetched. */
    struct Target {
        AccountId account;
        MailboxId mailbox;
        UidValidity uidValidity; ///< under which the UID was read
        Uid uid;
        MessageId message; ///< in the cache, under that UID; none: it is not there
        QString where;
    };
    /** What the server at hand can be asked for. */
    struct Abilities {
        bool binary = false; ///< BINARY (RFC 3516): it undoes transfer encodings itself
        bool partial = true; ///< pieces of a section
    };

    MessageAccess(Clock &clock, store::CacheStore &store, AccountFinder findAccount);

    [[nodiscard]] Clock &clock() const { return m_clock; }

    [[nodiscard]] Result<MessageRef> locate(MessageId message) const;
    /** Errors: Storage; Input where the message or its mailbox has gone. */
    [[nodiscard]] Result<Target> target(const MessageRef &message) const;

    /** Whether its account is connected: nobody should wait, or wake a line, for what is only probably wanted. */
    [[nodiscard]] bool isOnline(const Target &target) const;
    /** Errors: those of connecting; Input where the mailbox has gone. */
    async::Task<Result<Abilities>> abilities(Target target);
    /**
     * The connection ended while BINARY of this message was asked for: its abilities have none any more. Dovecot 2.3
     * hangs up on base64 that ends in the middle of a group (seen with 2.3.19, November 2026).
     */
    void distrustBinary(const Target &target);
    /** One message's answer; nothing where the server says nothing that can be understood. Errors as above and
     * ServerRefused. */
    async::Task<Result<std::optional<imap::FetchData>>> ask(Target target, imap::FetchItems items);
    /** The same; a message of which nothing is said counts as gone (Input). */
    async::Task<Result<imap::FetchData>> fetch(Target target, imap::FetchItems items);
    /** Of several messages of target's mailbox. Nothing is asked where the server has renumbered it meanwhile. */
    async::Task<Result<void>> askMany(Target target, imap::UidSet uids, imap::FetchItems items, imap::FetchSink sink);
    /** One section whole, up to limit octets. Errors also: ServerRefused for what is larger. */
    async::Task<Result<QByteArray>> fetchWhole(Target target, imap::Section section, std::uint64_t limit);

    [[nodiscard]] static Error goneError(const QString &where);
    [[nodiscard]] static imap::FetchItems::Body bodyItem(imap::Section section);

private:
    async::Task<Result<sync::Lease>> lease(Target target);
    [[nodiscard]] Result<Uid> uidUnder(const Target &target, UidValidity uidValidity) const;

    Clock &m_clock;
    store::CacheStore &m_store;
    AccountFinder m_findAccount;
    std::deque<std::pair<MailboxId, Uid>> m_withoutBinary; ///< the latest ones
};

/**
 * Runs an attempt again when the connection broke under it: it may simply have been an old one. After a moment, in
 * which the account notices: before, it would only hand on the error of the connection that has gone.
 */
template <typename T>
async::Task<Result<T>> twice(Clock &clock, std::function<async::Task<Result<T>>()> attempt)
{
    async::Task<Result<T>> first = attempt();
    Result<T> result = co_await first;
    if (result || result.error().kind != ErrorKind::Network)
        co_return result;
    co_await async::SleepFor(clock, std::chrono::milliseconds(100));
    async::Task<Result<T>> second = attempt();
    result = co_await second;
    co_return result;
}

} // namespace kittiwake::engine
