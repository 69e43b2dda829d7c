// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fakestore.h"

#include <QMutexLocker>

#include <algorithm>
#include <array>

namespace kittiwake::ui::testing
{

namespace
{

constexpr std::uint32_t seen = 1;

bool earlier(const FakeStore::Entry &a, const FakeStore::Entry &b)
{
    return a.date != b.date ? a.date < b.date : a.uid < b.uid;
}

} // namespace

MailboxId FakeStore::addMailbox(AccountId account, const QString &name, mail::MailboxRole role)
{
    const QMutexLocker lock(&m_mutex);
    Box box;
    box.row.id = MailboxId(++m_lastMailbox);
    box.row.account = account;
    box.row.name.text = name;
    box.row.delimiter = QLatin1Char('/');
    box.row.role = role;
    box.row.uidNext = Uid(1);
    const MailboxId id = box.row.id;
    m_boxes.emplace(id, std::move(box));
    return id;
}

void FakeStore::renameMailbox(MailboxId mailbox, const QString &name)
{
    const QMutexLocker lock(&m_mutex);
    m_boxes.at(mailbox).row.name.text = name;
}

void FakeStore::removeMailbox(MailboxId mailbox)
{
    const QMutexLocker lock(&m_mutex);
    m_boxes.erase(mailbox);
}

void FakeStore::fill(MailboxId mailbox, int count, std::int64_t newest, int threadOf)
{
    const QMutexLocker lock(&m_mutex);
    Box &box = m_boxes.at(mailbox);
    box.entries.reserve(box.entries.size() + static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        Entry entry;
        entry.id = MessageId(++m_lastMessage);
        if (threadOf < 2 || i % threadOf == 0)
            ++m_lastThread;
        entry.thread = ThreadId(m_lastThread);
        entry.date = newest - std::int64_t(count - 1 - i) * 60;
        entry.uid = box.row.uidNext;
        entry.flags = i % 7 == 0 ? 0 : seen;
        box.row.uidNext = Uid(box.row.uidNext.value() + 1);
        box.row.unseen += entry.flags == 0 ? 1 : 0;
        m_homes.insert(entry.id, mailbox);
        box.entries.push_back(std::move(entry));
    }
    std::sort(box.entries.begin(), box.entries.end(), earlier);
    box.row.messages = box.row.cached = static_cast<std::int64_t>(box.entries.size());
}

MessageId FakeStore::add(MailboxId mailbox, const mail::MessageHeader &header, ThreadId thread)
{
    const QMutexLocker lock(&m_mutex);
    Box &box = m_boxes.at(mailbox);
    Entry entry;
    entry.id = MessageId(++m_lastMessage);
    entry.thread = thread.isValid() ? thread : ThreadId(++m_lastThread);
    entry.date = header.date;
    entry.uid = box.row.uidNext;
    entry.flags = header.flags.systemBits();
    entry.header = std::make_shared<mail::MessageHeader>(header);
    const MessageId id = entry.id;
    box.row.uidNext = Uid(box.row.uidNext.value() + 1);
    box.row.unseen += (entry.flags & seen) ? 0 : 1;
    box.entries.insert(std::upper_bound(box.entries.begin(), box.entries.end(), entry, earlier), std::move(entry));
    box.row.messages = box.row.cached = static_cast<std::int64_t>(box.entries.size());
    m_homes.insert(id, mailbox);
    return id;
}

void FakeStore::remove(MailboxId mailbox, const std::vector<MessageId> &messages)
{
    const QMutexLocker lock(&m_mutex);
    Box &box = m_boxes.at(mailbox);
    std::erase_if(box.entries, [&](const Entry &entry) {
        return std::find(messages.begin(), messages.end(), entry.id) != messages.end();
    });
    for (const MessageId id : messages)
        m_homes.remove(id);
    box.row.messages = box.row.cached = static_cast<std::int64_t>(box.entries.size());
}

FakeStore::Entry *FakeStore::find(MailboxId mailbox, MessageId message)
{
    auto &entries = m_boxes.at(mailbox).entries;
    const auto at
        = std::find_if(entries.begin(), entries.end(), [message](const Entry &entry) { return entry.id == message; });
    return at == entries.end() ? nullptr : &*at;
}

void FakeStore::setFlags(MailboxId mailbox, MessageId message, std::uint32_t flags)
{
    const QMutexLocker lock(&m_mutex);
    if (Entry *entry = find(mailbox, message))
        entry->flags = flags;
}

void FakeStore::setThread(MailboxId mailbox, MessageId message, ThreadId thread)
{
    const QMutexLocker lock(&m_mutex);
    if (Entry *entry = find(mailbox, message))
        entry->thread = thread;
}

void FakeStore::setUnseen(MailboxId mailbox, std::int64_t unseen)
{
    const QMutexLocker lock(&m_mutex);
    m_boxes.at(mailbox).row.unseen = unseen;
}

void FakeStore::setIsLabel(MailboxId mailbox, bool isLabel)
{
    const QMutexLocker lock(&m_mutex);
    m_boxes.at(mailbox).row.isLabel = isLabel;
}

std::vector<store::MailboxRow> FakeStore::mailboxes() const
{
    const QMutexLocker lock(&m_mutex);
    std::vector<store::MailboxRow> result;
    result.reserve(m_boxes.size());
    for (const auto &[id, box] : m_boxes)
        result.push_back(box.row);
    return result;
}

std::vector<store::OrderEntry> FakeStore::order(MailboxId mailbox, store::SortKey key, bool ascending,
                                                std::int64_t limit, std::int64_t offset)
{
    const QMutexLocker lock(&m_mutex);
    const auto found = m_boxes.find(mailbox);
    if (found == m_boxes.end())
        return {};
    std::vector<Entry> sorted;
    const std::vector<Entry> *entries = &found->second.entries;
    if (key != store::SortKey::Date) {
        sorted = *entries;
        std::sort(sorted.begin(), sorted.end(), [key](const Entry &a, const Entry &b) {
            const auto x = header(a);
            const auto y = header(b);
            if (key == store::SortKey::Size && x.size != y.size)
                return x.size < y.size;
            if (key == store::SortKey::Subject && x.subject != y.subject)
                return x.subject < y.subject;
            if (key == store::SortKey::From && x.from.front().name != y.from.front().name)
                return x.from.front().name < y.from.front().name;
            return a.uid < b.uid;
        });
        entries = &sorted;
    }
    std::vector<store::OrderEntry> result;
    const auto total = static_cast<std::int64_t>(entries->size());
    const std::int64_t end = limit < 0 ? total : std::min(total, offset + limit);
    for (std::int64_t i = offset; i < end; ++i) {
        const Entry &entry = (*entries)[static_cast<std::size_t>(ascending ? i : total - 1 - i)];
        result.push_back({entry.id, entry.thread});
    }
    m_counters.orderEntriesRead += static_cast<std::int64_t>(result.size());
    return result;
}

mail::MessageHeader FakeStore::header(const Entry &entry)
{
    static const std::array names
        = {QStringLiteral("Anna Berg"), QStringLiteral("Björn Hoffmann"), QStringLiteral("Claire Dubois"),
           QStringLiteral("山田太郎"),  QStringLiteral("Иван Петров"),    QStringLiteral("Fatima Zahra")};
    static const std::array subjects
        = {QStringLiteral("Minutes of Tuesday's meeting"), QStringLiteral("Rückfrage zum Angebot"),
           QStringLiteral("会議のお知らせ"), QStringLiteral("Your order has shipped"),
           QStringLiteral("Photographs from the coast")};
    mail::MessageHeader result;
    const auto seed = static_cast<std::size_t>(entry.id.value());
    if (entry.header) {
        result = *entry.header;
    } else {
        result.subject = subjects[seed % subjects.size()] + QStringLiteral(" %1").arg(seed);
        result.from = {{names[seed % names.size()], QStringLiteral("person%1@example.org").arg(seed % names.size())}};
        result.to = {{QStringLiteral("Me"), QStringLiteral("me@example.org")}};
        result.size = 1000 + seed * 37 % 90000;
        result.hasAttachment = seed % 9 == 0;
    }
    result.uid = entry.uid;
    result.date = entry.date;
    result.internalDate = entry.date;
    result.flags.setSystemBits(entry.flags);
    return result;
}

std::vector<store::MessageRow> FakeStore::rows(std::span<const MessageId> ids)
{
    const QMutexLocker lock(&m_mutex);
    std::vector<store::MessageRow> result;
    for (const MessageId id : ids) {
        const auto home = m_homes.constFind(id);
        if (home == m_homes.constEnd())
            continue;
        auto &entries = m_boxes.at(*home).entries;
        // Filled mailboxes are in the order of their ids, which makes this quick where it has to be.
        auto at = std::lower_bound(entries.begin(), entries.end(), id,
                                   [](const Entry &entry, MessageId wanted) { return entry.id < wanted; });
        if (at == entries.end() || at->id != id)
            at = std::find_if(entries.begin(), entries.end(), [id](const Entry &entry) { return entry.id == id; });
        if (at != entries.end())
            result.push_back({at->id, *home, at->thread, header(*at)});
    }
    m_counters.rowsRead += static_cast<std::int64_t>(result.size());
    m_counters.largestRowsCall = std::max(m_counters.largestRowsCall, static_cast<std::int64_t>(ids.size()));
    return result;
}

std::vector<MessageId> FakeStore::ids(MailboxId mailbox) const
{
    const QMutexLocker lock(&m_mutex);
    std::vector<MessageId> result;
    for (const Entry &entry : m_boxes.at(mailbox).entries)
        result.push_back(entry.id);
    return result;
}

FakeStore::Counters FakeStore::counters() const
{
    const QMutexLocker lock(&m_mutex);
    return m_counters;
}

void FakeStore::setFailing(bool failing)
{
    const QMutexLocker lock(&m_mutex);
    m_failing = failing;
}

bool FakeStore::isFailing() const
{
    const QMutexLocker lock(&m_mutex);
    return m_failing;
}

} // namespace kittiwake::ui::testing
