// SPDX-License-Identifier: GPL-3.0-or-later
// What a person sees who hears of changes alone, and whether it is what there is.
#include "tests/sim/clientprocess.h"
#include "tests/sim/healthy.h"

#include <algorithm>

namespace kittiwake::sim
{

void ClientProcess::loadMailboxes()
{
    const auto rows = m_reader->mailboxes(accountId);
    if (!rows) {
        m_world.violation(QStringLiteral("reading the mailboxes failed: ") + rows.error().detail);
        return;
    }
    for (const store::MailboxRow &row : *rows)
        m_mailboxes[row.id] = {row.name.text, row.uidValidity};
}

void ClientProcess::loadMailbox(MailboxId id)
{
    // Its name changes with the tree only.
    const auto state = m_store->state(id);
    if (!state)
        m_world.violation(QStringLiteral("reading a mailbox failed: ") + state.error().detail);
    else if (const auto known = m_mailboxes.find(id); *state && known != m_mailboxes.end())
        known->second.uidValidity = (*state)->uidValidity;
}

std::optional<std::set<MessageId>> ClientProcess::messagesOf(MailboxId mailbox)
{
    const auto order = m_reader->order(mailbox, store::SortKey::Date);
    if (!order) {
        m_world.violation(QStringLiteral("reading the messages failed: ") + order.error().detail);
        return std::nullopt;
    }
    std::set<MessageId> ids;
    for (const store::OrderEntry &entry : *order)
        ids.insert(entry.id);
    return ids;
}

bool ClientProcess::readRows(const std::vector<MessageId> &ids,
                             const std::function<void(const store::MessageRow &row)> &take)
{
    constexpr std::size_t atOnce = 1000;
    for (std::size_t at = 0; at < ids.size(); at += atOnce) {
        const auto rows = m_reader->rows(std::span(ids).subspan(at, std::min(atOnce, ids.size() - at)));
        if (!rows) {
            m_world.violation(QStringLiteral("reading rows failed: ") + rows.error().detail);
            return false;
        }
        for (const store::MessageRow &row : *rows)
            take(row);
    }
    return true;
}

void ClientProcess::loadMessages(MailboxId mailbox)
{
    const auto ids = messagesOf(mailbox);
    if (!ids)
        return;
    m_view[mailbox] = *ids;
    readRows({ids->begin(), ids->end()}, [this](const store::MessageRow &row) {
        m_messages[row.id] = {row.mailbox, row.header.uid, row.header.flags.names()};
    });
}

void ClientProcess::onChanges(const store::StoreChanges &changes)
{
    const Healthy healthy(m_world.disk);
    noteChanges(changes);
    m_mailboxesBefore = m_mailboxes;
    if (changes.mailboxTree) {
        loadMailboxes();
    } else {
        for (const MailboxId id : changes.mailboxRows)
            loadMailbox(id);
    }
    for (const store::MailboxChanges &mailbox : changes.messages) {
        // A folder that is to be deleted is not shown; should it be kept, it is read as a whole.
        if (!m_mailboxes.contains(mailbox.mailbox))
            continue;
        // What cannot be expunged, and is hidden, may be marked by others: nobody sees that.
        const auto &shown = m_view[mailbox.mailbox];
        const auto changed = std::count_if(mailbox.changed.begin(), mailbox.changed.end(),
                                           [&](MessageId id) { return shown.contains(id); });
        m_announcedMessages += mailbox.added.size() + static_cast<std::uint64_t>(changed) + mailbox.removed.size()
            + (mailbox.reset && !m_view[mailbox.mailbox].empty() ? 1 : 0);
        onMailboxChanges(mailbox);
    }
    if (changes.mailboxTree) {
        for (const auto &[mailbox, seen] : m_mailboxes) { // a folder that was to go, and has been kept
            if (!m_mailboxesBefore.contains(mailbox) || !m_view.contains(mailbox))
                loadMessages(mailbox);
        }
    }
}

/** For who reads a trace. */
void ClientProcess::noteChanges(const store::StoreChanges &changes) const
{
    if (!m_world.note)
        return;
    if (changes.mailboxTree)
        m_world.note(QStringLiteral("announced: the mailboxes"));
    const auto listed = [](const char *sign, const std::vector<MessageId> &ids) {
        QString text;
        for (const MessageId id : ids)
            text += QLatin1Char(' ') + QLatin1String(sign) + QString::number(id.value());
        return text;
    };
    for (const store::MailboxChanges &mailbox : changes.messages) {
        const auto known = m_mailboxes.find(mailbox.mailbox);
        m_world.note(QStringLiteral("announced: “%1”%2%3%4%5")
                         .arg(known == m_mailboxes.end() ? QString() : known->second.name,
                              mailbox.reset ? QStringLiteral(" all of it") : QString(), listed("+", mailbox.added),
                              listed("-", mailbox.removed), listed("~", mailbox.changed)));
    }
}

/** Everything may have changed; but what the server has under the same UIDs must not be missing. */
void ClientProcess::reload(MailboxId mailbox)
{
    std::vector<Uid> uids;
    for (const MessageId id : m_view[mailbox]) {
        const auto seen = m_messages.find(id);
        if (seen != m_messages.end() && seen->second.mailbox == mailbox && seen->second.uid.isValid())
            uids.push_back(seen->second.uid);
    }
    loadMessages(mailbox);
    std::set<Uid> now;
    for (const MessageId id : m_view[mailbox])
        now.insert(m_messages[id].uid);
    const auto known = m_mailboxesBefore.find(mailbox);
    if (known == m_mailboxesBefore.end() || m_world.mayForgetAll(known->second.name, known->second.uidValidity))
        return;
    const bool isLost = std::any_of(uids.begin(), uids.end(), [&](Uid uid) {
        return !now.contains(uid) && m_world.stillThere(known->second.name, known->second.uidValidity, uid);
    });
    if (isLost)
        m_world.violation(
            QStringLiteral("much of “%1” was forgotten, although the server has it").arg(known->second.name));
}

void ClientProcess::onMailboxChanges(const store::MailboxChanges &changes)
{
    auto &view = m_view[changes.mailbox];
    if (changes.reset) {
        reload(changes.mailbox);
        return;
    }
    std::vector<MessageId> present = changes.added;
    present.insert(present.end(), changes.changed.begin(), changes.changed.end());
    std::size_t found = 0;
    const auto take = [&](const store::MessageRow &row) {
        ++found;
        if (row.mailbox == changes.mailbox) {
            m_messages[row.id] = {row.mailbox, row.header.uid, row.header.flags.names()};
            lookAt(row);
        }
    };
    if (!readRows(present, take))
        return;
    if (found != present.size())
        m_world.violation(QStringLiteral("messages were announced that a reader does not see"));
    for (const MessageId id : changes.added) {
        if (!view.insert(id).second)
            m_world.violation(QStringLiteral("a message was announced as added twice"));
    }
    if (changes.removed.empty())
        return;
    bool isNamedHere = false;
    const auto look
        = [&](const store::MessageRow &row) { isNamedHere = isNamedHere || row.mailbox == changes.mailbox; };
    if (!readRows(changes.removed, look))
        return;
    // What is hidden has a row all the same: the order of the mailbox says what is shown.
    const auto shown = isNamedHere ? messagesOf(changes.mailbox) : std::set<MessageId>();
    if (!shown)
        return;
    for (const MessageId id : changes.removed) {
        if (shown->contains(id))
            m_world.violation(QStringLiteral("messages were announced as removed that a reader still sees"));
        if (view.erase(id) == 0)
            continue; // taken away by the person before, and now by the server
        const auto seen = m_messages.find(id);
        const auto mailbox = m_mailboxes.find(changes.mailbox);
        if (seen == m_messages.end() || mailbox == m_mailboxes.end()) {
            m_world.violation(QStringLiteral("a message was announced as removed that was never there"));
            continue;
        }
        // Shown by another mailbox for now, it has no UID.
        if (seen->second.mailbox == changes.mailbox && seen->second.uid.isValid()
            && m_world.stillThere(mailbox->second.name, mailbox->second.uidValidity, seen->second.uid))
            m_world.violation(QStringLiteral("message %1 of “%2” was forgotten, although the server has it")
                                  .arg(QString::number(seen->second.uid.value()), mailbox->second.name));
        if (seen->second.mailbox == changes.mailbox)
            m_messages.erase(seen);
    }
}

/** What the person has done is shown, from the answer on and for good. */
void ClientProcess::lookAt(const store::MessageRow &row)
{
    const auto mailbox = m_mailboxes.find(row.mailbox);
    if (mailbox == m_mailboxes.end() || m_world.log == nullptr)
        return;
    if (!m_world.log->wrongToShow(row.header, mailbox->second.name, mailbox->second.uidValidity).isEmpty())
        m_doubtful.insert(row.id);
}

void ClientProcess::checkShown()
{
    if (m_doubtful.empty())
        return;
    if (m_world.clock.monotonic() < m_doubtAgainAt)
        return;
    m_doubtAgainAt = Clock::Duration(0);
    const Healthy healthy(m_world.disk);
    const std::set<MessageId> doubtful = std::exchange(m_doubtful, {});
    readRows({doubtful.begin(), doubtful.end()}, [this](const store::MessageRow &row) {
        const auto mailbox = m_mailboxes.find(row.mailbox);
        const auto view = m_view.find(row.mailbox);
        if (mailbox == m_mailboxes.end() || view == m_view.end() || !view->second.contains(row.id))
            return;
        const QString wrong = m_world.log->wrongToShow(row.header, mailbox->second.name, mailbox->second.uidValidity);
        if (wrong.isEmpty())
            return;
        switch (m_world.log->standing(row.header)) {
        case DeedLog::Standing::Settled:
            m_world.violation(wrong);
            break;
        case DeedLog::Standing::UnderWay: // a copy may be there before the original has gone
            m_doubtful.insert(row.id);
            m_doubtAgainAt = m_world.clock.monotonic() + std::chrono::seconds(1);
            break;
        case DeedLog::Standing::Parked: // shown as the server has it
            break;
        }
    });
}

void ClientProcess::compareViewWithCache()
{
    const auto rows = m_reader->mailboxes(accountId);
    if (!rows) {
        m_world.violation(QStringLiteral("reading the mailboxes failed: ") + rows.error().detail);
        return;
    }
    for (const store::MailboxRow &row : *rows) {
        const auto ids = messagesOf(row.id);
        if (!ids)
            return;
        const auto differs = [&](const QString &what) {
            m_world.violation(
                QStringLiteral("what was announced of “%1” is not what the cache has: %2").arg(row.name.text, what));
        };
        const std::set<MessageId> &view = m_view[row.id];
        if (*ids != view) {
            const auto common
                = std::count_if(ids->begin(), ids->end(), [&](MessageId id) { return view.contains(id); });
            differs(QStringLiteral("%1 messages instead of %2, %3 of them the same")
                        .arg(QString::number(view.size()), QString::number(ids->size()), QString::number(common)));
            continue;
        }
        bool isSame = true;
        readRows({ids->begin(), ids->end()}, [&](const store::MessageRow &message) {
            const SeenMessage now{message.mailbox, message.header.uid, message.header.flags.names()};
            const auto seen = m_messages.find(message.id);
            if (isSame && (seen == m_messages.end() || !(seen->second == now))) {
                isSame = false;
                differs(QStringLiteral("UID %1, flags %2")
                            .arg(QString::number(message.header.uid.value()),
                                 QString::fromLatin1(message.header.flags.names().join(' '))));
            }
        });
    }
}

} // namespace kittiwake::sim
