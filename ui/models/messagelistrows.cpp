// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageListModel that reads headers by the page and says what the rows show.
#include "ui/models/messagelistmodel.h"

#include <QLocale>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr int pageRows = 100;
constexpr int maxPages = 6; // wanted at a time; older wishes are scrolled away by now
constexpr std::size_t maxMembers = 30; // of a folded conversation: what its row says is found from these
constexpr std::size_t maxRowsPerRead = 1000; // MailReader::rows()
constexpr int maxNames = 3;

QString namesOf(const mail::AddressList &people)
{
    QStringList names;
    for (const auto &person : people) {
        names.append(person.shortText());
        if (names.size() == maxNames)
            break;
    }
    return QLocale().createSeparatedList(names);
}

} // namespace

const store::MessageRow *MessageListModel::message(int row) const
{
    const MessageId id = listRow(row).id;
    if (m_cache.isWanting(id))
        want(row);
    return m_cache.find(id);
}

void MessageListModel::want(int row) const
{
    const int page = row / pageRows;
    m_wantedPages.removeOne(page);
    m_wantedPages.append(page);
    if (m_wantedPages.size() > maxPages)
        m_wantedPages.removeFirst();
    if (!m_reading && !m_readTimer.isActive())
        m_readTimer.start(0);
}

void MessageListModel::readPage()
{
    while (!m_reading && !m_wantedPages.isEmpty()) {
        const int first = m_wantedPages.takeLast() * pageRows;
        const int end = std::min(first + pageRows, rowCount());
        std::vector<MessageId> ids;
        for (int row = first; row < end && ids.size() < maxRowsPerRead - maxMembers; ++row) {
            const ListRow &shown = listRow(row);
            if (m_cache.isWanting(shown.id))
                ids.push_back(shown.id);
            if (shown.kind != ListRow::Kind::Folded)
                continue;
            const auto all = members(shown.thread);
            for (const MessageId id : all.first(std::min(maxMembers, all.size()))) {
                if (id != shown.id && m_cache.isWanting(id))
                    ids.push_back(id);
            }
        }
        if (ids.empty())
            continue;
        m_reading = true;
        m_queue.ask<std::vector<store::MessageRow>>(
            this, [ids](const MailReader &reader) { return reader.rows(ids); },
            [this, ids](Result<std::vector<store::MessageRow>> rows) mutable {
                takePage(std::move(rows), std::move(ids));
            });
    }
}

void MessageListModel::takePage(Result<std::vector<store::MessageRow>> rows, std::vector<MessageId> asked)
{
    m_reading = false;
    if (!rows) {
        m_error = rows.error();
        m_wantedPages.clear();
        setState(State::Failed);
        return;
    }
    for (const store::MessageRow &row : *rows)
        m_cache.insert(row);
    for (const MessageId id : asked) {
        if (m_cache.isWanting(id) && !m_cache.find(id))
            m_cache.setGone(id);
    }
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1)); // rows may have moved since; views look at what they show
    readPage();
}

RowSummary MessageListModel::summary(int row) const
{
    RowSummary result;
    const ListRow &shown = listRow(row);
    const auto add = [&result](const store::MessageRow &message) {
        const mail::Flags &flags = message.header.flags;
        result.unread |= !flags.has(mail::SystemFlag::Seen);
        result.flagged |= flags.has(mail::SystemFlag::Flagged);
        result.answered |= flags.has(mail::SystemFlag::Answered);
        result.forwarded |= flags.hasKeyword(QByteArrayLiteral("$Forwarded"));
        result.attachment |= message.header.hasAttachment;
    };
    const store::MessageRow *own = message(row);
    if (shown.kind != ListRow::Kind::Folded) {
        if (own) {
            add(*own);
            result.people = namesOf(m_ownMail ? own->header.to : own->header.from);
        }
        return result;
    }
    QStringList names;
    const auto all = members(shown.thread);
    for (const MessageId id : all.first(std::min(maxMembers, all.size()))) {
        if (m_cache.isWanting(id))
            want(row);
        const store::MessageRow *message = m_cache.find(id);
        if (!message)
            continue;
        add(*message);
        const auto &people = m_ownMail ? message->header.to : message->header.from;
        if (!people.empty() && names.size() < maxNames && !names.contains(people.front().shortText()))
            names.append(people.front().shortText());
    }
    // The newest message's own marks are what its answer state means.
    if (own) {
        result.answered = own->header.flags.has(mail::SystemFlag::Answered);
        result.forwarded = own->header.flags.hasKeyword(QByteArrayLiteral("$Forwarded"));
    }
    result.people = QLocale().createSeparatedList(names);
    return result;
}

QVariant MessageListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    if (role == IdRole)
        return QVariant::fromValue(listRow(index.row()).id.value());
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    const store::MessageRow *own = message(index.row());
    if (!own)
        return tr("Loading…");
    const QString subject = own->header.subject.isEmpty() ? tr("(no subject)") : own->header.subject;
    if (role == Qt::DisplayRole)
        return subject;
    const RowSummary said = summary(index.row());
    const QString date = QLocale().toString(QDateTime::fromSecsSinceEpoch(own->header.date), QLocale::ShortFormat);
    if (said.unread)
        return tr("Unread. From %1: %2. %3", "list row, for screen readers").arg(said.people, subject, date);
    return tr("From %1: %2. %3", "list row, for screen readers").arg(said.people, subject, date);
}

struct MessageListModel::UnreadSearch {
    quint64 serial = 0;
    int row = 0; // the next one to look at
    int left = 0; // rows still to be looked at
    bool forward = true;
};

void MessageListModel::findUnread(int row, bool forward)
{
    auto search = std::make_shared<UnreadSearch>();
    search->serial = ++m_searchSerial;
    search->forward = forward;
    search->left = row >= 0 ? rowCount() - 1 : rowCount();
    search->row = row + (forward ? 1 : -1);
    if (row < 0)
        search->row = forward ? 0 : rowCount() - 1;
    continueSearch(search);
}

/** Looks through the next few hundred messages; the cache answers in milliseconds, so nothing waits for long. */
void MessageListModel::continueSearch(std::shared_ptr<UnreadSearch> search)
{
    std::vector<MessageId> ids;
    while (search->left > 0 && ids.size() < maxRowsPerRead / 2) {
        search->row = (search->row + rowCount()) % rowCount();
        const ListRow &shown = listRow(search->row);
        if (shown.kind == ListRow::Kind::Folded) {
            const auto all = members(shown.thread);
            const auto some = all.first(std::min(all.size(), maxRowsPerRead / 2));
            ids.insert(ids.end(), some.begin(), some.end());
        } else {
            ids.push_back(shown.id);
        }
        search->row += search->forward ? 1 : -1;
        --search->left;
    }
    if (ids.empty()) {
        Q_EMIT unreadFound(MessageId());
        return;
    }
    m_queue.ask<MessageId>(
        this,
        [ids = std::move(ids)](const MailReader &reader) -> Result<MessageId> {
            const auto rows = reader.rows(ids);
            if (!rows)
                return failure(rows.error());
            for (const store::MessageRow &row : *rows) {
                if (!row.header.flags.has(mail::SystemFlag::Seen))
                    return row.id;
            }
            return MessageId();
        },
        [this, search](Result<MessageId> found) {
            if (search->serial != m_searchSerial)
                return;
            if (found && !found->isValid() && rowCount() > 0)
                continueSearch(search);
            else
                Q_EMIT unreadFound(found ? *found : MessageId());
        });
}

} // namespace kittiwake::ui
