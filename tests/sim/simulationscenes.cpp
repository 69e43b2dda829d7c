// SPDX-License-Identifier: GPL-3.0-or-later
// What happens in scenes (scenes.h) alone.
#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/moveoperation.h"
#include "tests/sim/simulation.h"

#include <algorithm>

namespace kittiwake::sim
{

/** One for which something waits, rather another one than INBOX; null: there is none. */
std::shared_ptr<model::Mailbox> Simulation::pickAwaited(SeededRandom &random)
{
    std::vector<std::shared_ptr<model::Mailbox>> awaited;
    const auto take = [&](const mail::MailboxName &name) {
        const auto mailbox = m_server.mail().find(encodeMailboxName(name.text));
        if (mailbox && mailbox->isSelectable)
            awaited.push_back(mailbox);
    };
    const std::vector<PendingRow> rows = m_client ? m_client->pending() : std::vector<PendingRow>();
    for (const PendingRow &row : rows) {
        if (!row.isQueued())
            continue;
        if (const auto move = sync::MoveOperation::fromBytes(row.kind, row.payload)) {
            take(move->source);
            if (move->target)
                take(*move->target);
        } else if (const auto flags = sync::FlagOperation::fromBytes(row.payload)) {
            take(flags->mailbox);
        }
    }
    const auto isInbox = [](const auto &mailbox) { return mailbox->name == "INBOX"; };
    if (!std::all_of(awaited.begin(), awaited.end(), isInbox))
        std::erase_if(awaited, isInbox);
    return awaited.empty() ? nullptr : awaited[random.below(awaited.size())];
}

void Simulation::applyToScene(const Event &event)
{
    SeededRandom random(event.pick);
    model::MailModel &mail = m_server.mail();
    switch (event.kind) {
    case EventKind::LockMailbox:
        if (!unlock() && m_world.lastMarked) {
            if (const auto mailbox = mail.find(encodeMailboxName(m_world.lastMarked->folder)))
                mailbox->isLocked = true;
        }
        return;
    case EventKind::RenameAwaited:
        if (const auto mailbox = pickAwaited(random)) {
            m_othersMoved = true;
            const std::string from = mailbox->name;
            mail.rename(from, pickName(random));
        }
        break;
    case EventKind::RenumberAwaited:
        if (const auto mailbox = pickAwaited(random)) {
            m_othersMoved = true;
            mail.renumber(*mailbox);
            remember(*mailbox);
        }
        break;
    case EventKind::ChangeOpened:
        if (const auto mailbox = mail.find(encodeMailboxName(m_world.lastOpened)); mailbox && mailbox->isSelectable) {
            if (mailbox->messages.empty() || random.oneIn(3)) {
                deliver(*mailbox, random.next());
            } else {
                model::Message &message = mailbox->messages[random.below(mailbox->messages.size())];
                auto changed = message.flags;
                if (!changed.erase("\\Flagged"))
                    changed.insert("\\Flagged");
                mail.setFlags(*mailbox, message, std::move(changed));
            }
        }
        break;
    default:
        return;
    }
    noteNames();
    m_server.changed();
}

/** Returns whether any was locked. */
bool Simulation::unlock()
{
    bool wasLocked = false;
    for (const auto &[name, mailbox] : m_server.mail().mailboxes())
        wasLocked = std::exchange(mailbox->isLocked, false) || wasLocked;
    return wasLocked;
}

} // namespace kittiwake::sim
