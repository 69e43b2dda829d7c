// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QHash>
#include <QMutex>

#include <map>
#include <memory>
#include <vector>

namespace kittiwake::ui::testing
{

/**
 * A header cache in memory, read by several threads at a time as the real one is. Messages are made from a seed when
 * they are asked for, so that a million of them cost a few megabytes; some have a header of their own.
 */
class FakeStore
{
public:
    struct Entry {
        MessageId id;
        ThreadId thread;
        std::int64_t date = 0;
        Uid uid;
        std::uint32_t flags = 0; ///< mail::Flags::systemBits()
        std::shared_ptr<const mail::MessageHeader> header; ///< null: made from id
    };
    struct Counters {
        std::int64_t rowsRead = 0;
        std::int64_t orderEntriesRead = 0;
        std::int64_t largestRowsCall = 0;
    };

    MailboxId addMailbox(AccountId account, const QString &name, mail::MailboxRole role = mail::MailboxRole::None);
    void renameMailbox(MailboxId mailbox, const QString &name);
    void removeMailbox(MailboxId mailbox);
    /** count messages, a minute apart before newest; every threadOf-th starts a conversation of that many. */
    void fill(MailboxId mailbox, int count, std::int64_t newest, int threadOf = 1);
    MessageId add(MailboxId mailbox, const mail::MessageHeader &header, ThreadId thread = {});
    void remove(MailboxId mailbox, const std::vector<MessageId> &messages);
    void setFlags(MailboxId mailbox, MessageId message, std::uint32_t flags);
    void setThread(MailboxId mailbox, MessageId message, ThreadId thread);
    void setUnseen(MailboxId mailbox, std::int64_t unseen);
    void setIsLabel(MailboxId mailbox, bool isLabel);

    [[nodiscard]] std::vector<store::MailboxRow> mailboxes() const;
    [[nodiscard]] std::vector<store::OrderEntry> order(MailboxId mailbox, store::SortKey key, bool ascending,
                                                       std::int64_t limit, std::int64_t offset);
    [[nodiscard]] std::vector<store::MessageRow> rows(std::span<const MessageId> ids);
    [[nodiscard]] std::vector<MessageId> ids(MailboxId mailbox) const;
    [[nodiscard]] Counters counters() const;
    [[nodiscard]] ThreadId newThread() { return ThreadId(++m_lastThread); }
    void setFailing(bool failing); ///< every question ends in a Storage error
    [[nodiscard]] bool isFailing() const;

private:
    struct Box {
        store::MailboxRow row;
        std::vector<Entry> entries; ///< by date, then UID: the oldest first
    };
    [[nodiscard]] static mail::MessageHeader header(const Entry &entry);
    Entry *find(MailboxId mailbox, MessageId message);

    mutable QMutex m_mutex;
    std::map<MailboxId, Box> m_boxes;
    QHash<MessageId, MailboxId> m_homes;
    std::int64_t m_lastMailbox = 0;
    std::int64_t m_lastMessage = 0;
    std::atomic<std::int64_t> m_lastThread = 0;
    Counters m_counters;
    bool m_failing = false;
};

} // namespace kittiwake::ui::testing
