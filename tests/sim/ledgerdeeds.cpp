// SPDX-License-Identifier: GPL-3.0-or-later
// What the person did, and what is to come of it.
#include "tests/sim/ledger.h"

#include <algorithm>

namespace kittiwake::sim
{

void Ledger::allow(const Deed &deed, bool andBack)
{
    for (const Deed::One &one : deed.messages) {
        Subject &subject = m_subjects[one.content.get()];
        subject.mayAdd.insert(deed.add.begin(), deed.add.end());
        subject.mayRemove.insert(deed.remove.begin(), deed.remove.end());
        if (andBack) {
            subject.mayAdd.insert(one.removed.begin(), one.removed.end());
            subject.mayRemove.insert(one.added.begin(), one.added.end());
        }
        if (deed.kind == Deed::Kind::Mark)
            continue;
        subject.mayGoAnywhere = subject.mayGoAnywhere || deed.isAnywhere;
        if (deed.kind == Deed::Kind::Append) {
            subject.content = one.content;
            subject.mayBePut = true;
            subject.places.insert(deed.target);
            subject.targets.insert(deed.target);
            subject.mayLeave = subject.mayLeave || andBack;
        }
        // Another client has moved it on: it is looked for in all folders, and brought back from where it is.
        if (andBack && subject.isTouched && (deed.kind == Deed::Kind::Move || deed.kind == Deed::Kind::Append))
            subject.mayGoAnywhere = true;
        if (deed.kind == Deed::Kind::Append)
            continue;
        subject.places.insert(deed.source);
        subject.mayGoAnywhere = subject.mayGoAnywhere || (deed.kind == Deed::Kind::Move && deed.target.empty());
        if (!deed.target.empty()) {
            subject.places.insert(deed.target);
            subject.targets.insert(deed.target);
        }
        subject.mayLeave = subject.mayLeave || deed.kind != Deed::Kind::Copy || andBack;
        if (andBack && deed.kind == Deed::Kind::Move)
            subject.targets.insert(deed.source);
    }
}

Ledger::Place *Ledger::only(Subject &subject, std::uint64_t box)
{
    Place *found = nullptr;
    for (Place &place : subject.expected) {
        if (place.box != box)
            continue;
        if (found != nullptr)
            return nullptr;
        found = &place;
    }
    return found;
}

void Ledger::expect(const Deed &deed)
{
    for (const Deed::One &one : deed.messages) {
        Subject &subject = m_subjects[one.content.get()];
        if (deed.kind == Deed::Kind::Append) {
            ++subject.most;
            ++subject.least;
            ++subject.put;
            subject.isVague = subject.isVague || deed.targetBox == 0;
            subject.expected.push_back({deed.targetBox, deed.add});
            continue;
        }
        Place *place = deed.sourceBox == 0 ? nullptr : only(subject, deed.sourceBox);
        const bool needsTarget = deed.kind == Deed::Kind::Move || deed.kind == Deed::Kind::Copy;
        if (deed.kind == Deed::Kind::Copy) {
            ++subject.most;
            subject.isCopied = true;
        }
        if (deed.kind == Deed::Kind::Remove)
            --subject.least;
        if (place == nullptr || (needsTarget && deed.targetBox == 0)) {
            subject.isVague = true;
            continue;
        }
        auto flags = place->flags;
        flags.insert(one.added.begin(), one.added.end());
        for (const std::string &flag : one.removed)
            flags.erase(flag);
        switch (deed.kind) {
        case Deed::Kind::Mark:
            place->flags = flags;
            break;
        case Deed::Kind::Move:
            *place = {deed.targetBox, flags};
            break;
        case Deed::Kind::Copy:
            subject.expected.push_back({deed.targetBox, place->flags});
            break;
        case Deed::Kind::Remove:
            subject.expected.erase(subject.expected.begin() + (place - subject.expected.data()));
            break;
        case Deed::Kind::Append:
            break;
        }
    }
}

void Ledger::expectBack(const Deed &deed)
{
    for (const Deed::One &one : deed.messages) {
        Subject &subject = m_subjects[one.content.get()];
        const bool isMove = deed.kind == Deed::Kind::Move || deed.kind == Deed::Kind::Copy;
        if (deed.kind == Deed::Kind::Remove) { // it had not been done yet
            ++subject.least;
            subject.isVague = true;
            continue;
        }
        if (deed.kind == Deed::Kind::Append) { // not done yet, or taken out again
            --subject.least;
            --subject.put;
        }
        Place *place = only(subject, isMove || deed.kind == Deed::Kind::Append ? deed.targetBox : deed.sourceBox);
        if (place == nullptr) {
            subject.isVague = true;
            continue;
        }
        if (deed.kind == Deed::Kind::Copy || deed.kind == Deed::Kind::Append) {
            subject.expected.erase(subject.expected.begin() + (place - subject.expected.data()));
            continue;
        }
        for (const std::string &flag : one.added)
            place->flags.erase(flag);
        place->flags.insert(one.removed.begin(), one.removed.end());
        place->box = deed.sourceBox;
        // The folder has gone meanwhile, and the program may have made another one of its name.
        const auto &all = m_mail.mailboxes();
        if (std::none_of(all.begin(), all.end(), [&](const auto &one) { return one.second->serial == deed.sourceBox; }))
            subject.isVague = true;
    }
}

void Ledger::undoAsked()
{
    // Of what others have numbered anew or taken away nothing may be left to undo, and then it is the one before.
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry) {
        if (entry->second.isUndone || !entry->second.canBeUndone)
            continue;
        allow(entry->second.deed, true);
        if (canCertainlyBeUndone(entry->second))
            return;
    }
}

void Ledger::acknowledged(std::int64_t operation, Deed deed)
{
    allow(deed, false);
    expect(deed);
    m_entries.insert_or_assign(operation, Entry{std::move(deed)});
}

void Ledger::marksMayBeRefused(const model::Content &content, const std::set<std::string> &added,
                               const std::set<std::string> &removed)
{
    Subject &subject = m_subjects[&content];
    subject.touchedFlags.insert(added.begin(), added.end());
    subject.touchedFlags.insert(removed.begin(), removed.end());
}

void Ledger::mayGoTo(const model::Content &content, const std::string &target)
{
    Subject &subject = m_subjects[&content];
    subject.places.insert(target);
    subject.targets.insert(target);
}

void Ledger::failed(const Deed &deed)
{
    allow(deed, true);
    for (const Deed::One &one : deed.messages) {
        Subject &subject = m_subjects[one.content.get()];
        subject.isVague = true;
        ++subject.slack;
        if (deed.kind == Deed::Kind::Remove)
            --subject.least;
    }
}

void Ledger::mayBeCopied(const std::shared_ptr<const model::Content> &content)
{
    Subject &subject = m_subjects[content.get()];
    subject.content = content;
    subject.mayBePut = true;
    subject.mayGoAnywhere = true;
    subject.isVague = true;
    subject.mayAdd.insert("\\Seen");
}

void Ledger::wasCopied(const model::Content &content, bool isCertain)
{
    Subject &subject = m_subjects[&content];
    ++subject.most;
    if (isCertain) {
        ++subject.least;
        ++subject.put;
    }
}

void Ledger::undone(std::int64_t operation, Undo how)
{
    const auto found = m_entries.find(operation);
    if (found == m_entries.end())
        return;
    found->second.isUndone = true;
    allow(found->second.deed, true);
    if (how == Undo::Vague)
        return becameVague(operation);
    expectBack(found->second.deed);
    if (how == Undo::UnderWay) {
        for (const Deed::One &one : found->second.deed.messages)
            m_subjects[one.content.get()].mayFlicker = true;
    }
}

void Ledger::becameVague(std::int64_t operation)
{
    const auto found = m_entries.find(operation);
    if (found == m_entries.end())
        return;
    for (const Deed::One &one : found->second.deed.messages) {
        Subject &subject = m_subjects[one.content.get()];
        subject.isVague = true;
        ++subject.slack;
        if (found->second.deed.kind == Deed::Kind::Append && subject.put > 0) {
            --subject.least;
            --subject.put;
        }
    }
}

void Ledger::becameVague(const model::Content &content)
{
    Subject &subject = m_subjects[&content];
    subject.isVague = true;
    ++subject.slack;
}

void Ledger::passedOver(std::int64_t operation)
{
    if (const auto found = m_entries.find(operation); found != m_entries.end())
        found->second.canBeUndone = false;
}

bool Ledger::canCertainlyBeUndone(const Entry &entry) const
{
    const auto &messages = entry.deed.messages;
    const bool isThere = std::any_of(messages.begin(), messages.end(), [this](const Deed::One &one) {
        return !m_subjects.at(one.content.get()).isTouched;
    });
    return isThere && m_renumbered.empty() && !m_namesChanged;
}

std::int64_t Ledger::undoable() const
{
    const auto youngest = std::find_if(m_entries.rbegin(), m_entries.rend(), [this](const auto &entry) {
        return !entry.second.isUndone && entry.second.canBeUndone && canCertainlyBeUndone(entry.second);
    });
    return youngest == m_entries.rend() ? 0 : youngest->first;
}

const Deed *Ledger::deed(std::int64_t operation) const
{
    const auto found = m_entries.find(operation);
    return found == m_entries.end() ? nullptr : &found->second.deed;
}

} // namespace kittiwake::sim
