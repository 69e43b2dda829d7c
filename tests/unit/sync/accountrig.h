// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/credentials/memorystore.h"
#include "core/sync/account/accountsync.h"
#include "tests/support/fakeclock.h"
#include "tests/unit/store/cachefixture.h"
#include "tests/unit/sync/accountserver.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::sync::test
{

using namespace std::chrono_literals;

class FakeSurroundings final : public net::Surroundings
{
public:
    using Surroundings::tell;
};

/** An account in virtual time, with everything that it needs. */
struct AccountRig {
    FakeClock clock;
    AccountServer server{clock};
    credentials::MemoryStore keychain;
    accounts::PasswordSource passwords{clock, keychain};
    SystemRandom random;
    FakeSurroundings surroundings;
    store::test::CacheFixture cache;
    accounts::Account account;
    std::optional<Environment> environment;
    std::vector<WatchEvent> events;
    std::vector<AccountStatus> statuses;
    std::unique_ptr<AccountSync> sync;
    async::TaskScope scope;

    void setUp()
    {
        server.mailboxes["INBOX"].uids = {1, 2, 3};
        VERIFY_OK(cache.setUp());
        account.id = store::test::CacheFixture::account;
        account.email = QStringLiteral("anna@example.org");
        account.credentialKey = QStringLiteral("key");
        account.imap.endpoint = {QStringLiteral("imap.example.org"), 993};
        environment.emplace(Environment{clock, server, *cache.store, passwords, random, "1", {}, &surroundings});
        scope.start(keepPassword(*this));
        settle();
        VERIFY_OK(kept.value());
        AccountHandlers handlers;
        handlers.event = [this](const WatchEvent &event) { events.push_back(event); };
        handlers.status = [this](const AccountStatus &status) { statuses.push_back(status); };
        sync = std::make_unique<AccountSync>(*environment, account, handlers);
    }

    std::optional<Result<void>> kept;
    static async::Task<void> keepPassword(AccountRig &rig)
    {
        rig.kept = co_await rig.passwords.store(rig.account, Secret(QByteArray("secret")));
    }

    void settle()
    {
        do
            clock.runReady();
        while (server.answer());
    }
    void pass(Clock::Duration time, Clock::Duration step = 1s)
    {
        const Clock::Duration end = clock.monotonic() + time;
        settle();
        while (clock.monotonic() < end) {
            clock.advance(std::min<Clock::Duration>(end - clock.monotonic(), step));
            settle();
        }
    }
    void start()
    {
        sync->start();
        pass(100ms, 20ms);
    }
    [[nodiscard]] int count(WatchEvent::Kind kind, const QString &mailbox = {}) const
    {
        int number = 0;
        for (const WatchEvent &event : events) {
            if (event.kind == kind && (mailbox.isEmpty() || event.mailbox == mailbox))
                number += kind == WatchEvent::Kind::Added ? static_cast<int>(event.uids.size()) : 1;
        }
        return number;
    }
    [[nodiscard]] MailboxId idOf(const char *name)
    {
        const auto found = cache.store->findMailbox(account.id, {QString::fromLatin1(name), {}});
        return found && *found ? **found : MailboxId();
    }
    /** The mailboxes that were opened, in that order. */
    [[nodiscard]] QByteArrayList selected() const
    {
        QByteArrayList names;
        for (const QByteArray &command : server.commands()) {
            if (command.startsWith("SELECT "))
                names.append(command.mid(7).split(' ').first().replace("\"", ""));
        }
        return names;
    }
};

inline constexpr const char *withNotify
    = "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE UNSELECT LIST-EXTENDED LIST-STATUS SPECIAL-USE CONDSTORE NOTIFY";

} // namespace kittiwake::sync::test
