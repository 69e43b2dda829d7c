// SPDX-License-Identifier: GPL-3.0-or-later
// What may wait for the person, and what may not.
#include "tests/sim/ledger.h"

#include <algorithm>

namespace kittiwake::sim
{

void Ledger::noteName(const model::Mailbox &mailbox)
{
    const bool isNew = !m_names.contains(mailbox.serial);
    if (m_actor != Actor::Client) {
        if (!isNew && m_isOnline)
            m_renamedMeanwhile.insert(mailbox.serial);
        m_named.erase(mailbox.serial);
        m_deleted.erase(mailbox.name);
    } else if (isNew) {
        m_made.insert(mailbox.serial);
    } else {
        m_named.insert(mailbox.serial);
    }
}

bool Ledger::wasMadeByClient(const std::string &name) const
{
    const auto mailbox = m_mail.find(name);
    return mailbox && mailbox->isSelectable && m_made.contains(mailbox->serial);
}

bool Ledger::wasNamedByClient(const std::string &name, const std::string &before) const
{
    const auto mailbox = m_mail.find(name);
    return mailbox && m_named.contains(mailbox->serial) && hasName(mailbox->serial, {before});
}

bool Ledger::wasDeletedByClient(const std::string &name) const
{
    return m_deleted.contains(name) && !m_mail.find(name);
}

bool Ledger::canBeFound(std::uint64_t box) const
{
    const auto &all = m_mail.mailboxes();
    const bool isThere = std::any_of(all.begin(), all.end(), [box](const auto &one) {
        return one.second->serial == box && one.second->isSelectable;
    });
    const auto names = m_names.find(box);
    // What the client asked for at that moment, the server has refused.
    if (!isThere || names == m_names.end() || m_renamedMeanwhile.contains(box))
        return false;
    // Other UIDs under another name: who can tell that from another mailbox?
    if (names->second.size() > 1 && m_renumbered.contains(box))
        return false;
    return std::none_of(m_names.begin(), m_names.end(),
                        [&](const auto &other) { return other.first != box && hasName(other.first, names->second); });
}

bool Ledger::couldBeDone(std::int64_t operation) const
{
    const auto found = m_entries.find(operation);
    if (found == m_entries.end() || found->second.isUndone || found->second.deed.messages.empty())
        return false;
    const Deed &deed = found->second.deed;
    const bool needsTarget = deed.kind == Deed::Kind::Move || deed.kind == Deed::Kind::Copy;
    if (deed.isAnywhere || !canBeFound(deed.sourceBox))
        return false;
    // A target that has another name by then is refused by the server before the program has listed the folders.
    if (needsTarget && (!canBeFound(deed.targetBox) || m_names.at(deed.targetBox).size() > 1))
        return false;
    return std::all_of(deed.messages.begin(), deed.messages.end(), [&](const Deed::One &one) {
        const Subject &subject = m_subjects.at(one.content.get());
        if (subject.isTouched || subject.isVague || subject.mayFlicker || subject.live != 1)
            return false;
        for (const auto &[name, mailbox] : m_mail.mailboxes()) {
            const auto &messages = mailbox->messages;
            const bool isHere = std::any_of(messages.begin(), messages.end(), [&](const model::Message &message) {
                return message.content == one.content;
            });
            if (isHere != (mailbox->serial == deed.sourceBox))
                return false;
        }
        return true;
    });
}

} // namespace kittiwake::sim
