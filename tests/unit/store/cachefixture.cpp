// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/store/cachefixture.h"

#include "core/store/database.h"
#include "core/store/profilefiles.h"

namespace kittiwake::store::test
{

QString text(const Error &error)
{
    return errorKindName(error.kind) + QLatin1String(": ") + error.userText + QLatin1String(" [") + error.detail
        + QLatin1Char(']');
}

mail::MessageHeader header(std::uint32_t uid, const QString &subject)
{
    mail::MessageHeader result;
    result.uid = Uid(uid);
    result.internalDate = 1'700'000'000 + std::int64_t(uid) * 60;
    result.date = result.internalDate - 5;
    result.size = 1000 + uid;
    result.subject = subject;
    result.from = {{QStringLiteral("Anna"), QStringLiteral("anna@example.org")}};
    result.to = {{QStringLiteral("Ben"), QStringLiteral("ben@example.org")}};
    return result;
}

mail::MessageHeader message(std::uint32_t uid, const char *id, std::initializer_list<const char *> parents)
{
    const auto bracketed = [](const char *name) -> QByteArray { return '<' + QByteArray(name) + "@example.org>"; };
    mail::MessageHeader result = header(uid);
    result.messageId = bracketed(id);
    for (const char *parent : parents)
        result.references.append(bracketed(parent));
    return result;
}

MailboxListing listing(const QString &name, mail::MailboxRole role)
{
    MailboxListing result;
    result.name.text = name;
    result.delimiter = QChar(u'/');
    result.role = role;
    return result;
}

mail::Flags flags(std::initializer_list<const char *> names)
{
    mail::Flags result;
    for (const char *name : names)
        result.addByName(QByteArray(name));
    return result;
}

Result<void> CacheFixture::setUp()
{
    auto opened = CacheStore::open(profile(), Secret());
    if (!opened)
        return failure(opened.error());
    store = std::move(*opened);
    store->setListener([this](const StoreChanges &change) { changes.push_back(change); });
    const auto made = addMailbox(QStringLiteral("INBOX"));
    if (!made)
        return failure(made.error());
    inbox = *made;
    changes.clear();
    return {};
}

Result<MailboxId> CacheFixture::addMailbox(const QString &name)
{
    MailboxId id;
    const auto done = store->write([&](CacheTransaction &transaction) -> Result<void> {
        const auto made = transaction.putMailbox(account, listing(name));
        if (!made)
            return failure(made.error());
        id = *made;
        return transaction.resetMailbox(id, validity);
    });
    if (!done)
        return failure(done.error());
    return id;
}

Result<InsertReport> CacheFixture::insert(MailboxId mailbox, const std::vector<mail::MessageHeader> &headers)
{
    auto transaction = store->begin();
    if (!transaction)
        return failure(transaction.error());
    auto report = transaction->insertHeaders(mailbox, validity, headers);
    const auto committed = transaction->commit();
    if (!committed)
        return failure(committed.error());
    return report;
}

Result<std::vector<Uid>> CacheFixture::setFlags(const std::vector<FlagUpdate> &updates)
{
    auto transaction = store->begin();
    if (!transaction)
        return failure(transaction.error());
    auto changed = transaction->setFlags(inbox, validity, updates);
    const auto committed = transaction->commit();
    if (!committed)
        return failure(committed.error());
    return changed;
}

Result<std::vector<Uid>> CacheFixture::remove(const std::vector<UidRange> &ranges)
{
    auto transaction = store->begin();
    if (!transaction)
        return failure(transaction.error());
    auto removed = transaction->remove(inbox, validity, ranges);
    const auto committed = transaction->commit();
    if (!committed)
        return failure(committed.error());
    return removed;
}

QString CacheFixture::counterMismatch() const
{
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadOnly;
    const auto database = Database::open(cachePath(profile()), Secret(), options);
    if (!database)
        return text(database.error());
    const auto wrong = (*database)->integer(
        "SELECT count(*) FROM mailbox WHERE cached <> (SELECT count(*) FROM message WHERE mailbox = mailbox.id) "
        "OR cached_unseen <> (SELECT count(*) FROM message WHERE mailbox = mailbox.id AND (flags & 1) = 0)");
    if (!wrong)
        return text(wrong.error());
    return *wrong == 0 ? QString() : QStringLiteral("%1 mailboxes with wrong counters").arg(*wrong);
}

} // namespace kittiwake::store::test
