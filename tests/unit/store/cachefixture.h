// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/cachereader.h"
#include "core/store/cachestore.h"

#include <QTemporaryDir>
#include <QTest>

#include <initializer_list>
#include <memory>
#include <vector>

/** Fails the test with the sentence and the detail of the error. */
#define VERIFY_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto &verified = (result);                                                                               \
        QVERIFY2(verified.has_value(),                                                                                 \
                 verified.has_value() ? "" : qPrintable(::kittiwake::store::test::text(verified.error())));            \
    } while (false)

namespace kittiwake::store::test
{

[[nodiscard]] QString text(const Error &error);

/** A believable header; its date grows with the UID. */
[[nodiscard]] mail::MessageHeader header(std::uint32_t uid, const QString &subject = QStringLiteral("Hello"));
/** The same with a Message-ID and what it answers: message(3, "c", {"a", "b"}). */
[[nodiscard]] mail::MessageHeader message(std::uint32_t uid, const char *id,
                                          std::initializer_list<const char *> parents);
[[nodiscard]] MailboxListing listing(const QString &name, mail::MailboxRole role = mail::MailboxRole::None);
[[nodiscard]] mail::Flags flags(std::initializer_list<const char *> names);

/** A cache in a folder of its own with one account and an INBOX of UIDVALIDITY 7, and what its listener was told. */
class CacheFixture
{
public:
    [[nodiscard]] QString profile() const { return m_folder.path(); }
    /** Opens the cache, makes INBOX. Not in the constructor, so that a failure is a test's failure. */
    [[nodiscard]] Result<void> setUp();
    [[nodiscard]] Result<std::unique_ptr<CacheReader>> reader() const { return CacheReader::open(profile(), Secret()); }

    /** One transaction each. */
    [[nodiscard]] Result<InsertReport> insert(MailboxId mailbox, const std::vector<mail::MessageHeader> &headers);
    [[nodiscard]] Result<std::vector<Uid>> setFlags(const std::vector<FlagUpdate> &updates);
    [[nodiscard]] Result<std::vector<Uid>> remove(const std::vector<UidRange> &ranges);
    [[nodiscard]] Result<MailboxId> addMailbox(const QString &name);

    /** What the counters of all mailboxes say and what counting says: equal, or a text that tells the difference. */
    [[nodiscard]] QString counterMismatch() const;

    std::unique_ptr<CacheStore> store;
    std::vector<StoreChanges> changes;
    MailboxId inbox;
    static constexpr AccountId account{1};
    static constexpr UidValidity validity{7};

private:
    QTemporaryDir m_folder;
};

} // namespace kittiwake::store::test
