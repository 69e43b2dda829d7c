// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/ledger.h"
#include "tests/sim/sets.h"

#include <algorithm>
#include <utility>

namespace kittiwake::sim
{

namespace
{

const std::string deleted = "\\Deleted";

} // namespace

void Ledger::observe(const model::Change &change)
{
    using Kind = model::Change::Kind;
    if (m_actor == Actor::Client)
        ++m_changesByClient;
    if (change.kind == Kind::Named) {
        noteName(*change.mailbox);
        m_namesChanged = m_namesChanged || m_names.contains(change.mailbox->serial);
        m_names[change.mailbox->serial].insert(change.mailbox->name);
        return;
    }
    if (change.kind == Kind::Gone) {
        m_namesChanged = true;
        if (m_actor == Actor::Client)
            m_deleted.insert(change.mailbox->name);
        for (const model::Message &message : change.mailbox->messages) {
            const Subject &subject = m_subjects[message.content.get()];
            // No command deletes a mailbox only if nothing has come since it was looked at.
            const bool cameSince = change.mailbox->deletedKnowing != 0 && message.uid >= change.mailbox->deletedKnowing;
            // Of a folder that the person deletes, also what was never seen goes, where the program has never looked.
            if (m_actor == Actor::Client && !cameSince && !hasName(change.mailbox->serial, m_deletable)
                && !(subject.mayLeave && hasName(change.mailbox->serial, subject.places)))
                m_violation(QStringLiteral("the client has deleted “%1” with %2, which the person had not seen there")
                                .arg(QString::fromStdString(change.mailbox->name), nameOf(*message.content)));
        }
        gone(*change.mailbox);
        return;
    }
    if (change.kind == Kind::Renumbered) {
        m_renumbered.insert(change.mailbox->serial);
        comeToLight(*change.mailbox);
        return;
    }
    Subject &subject = m_subjects[change.content.get()];
    subject.content = change.content;
    if (m_actor == Actor::Client)
        byClient(change, subject);
    count(change, subject);
    if (m_actor == Actor::Other)
        byOther(change, subject);
}

/** Whatever the client does to a message, the person must have asked for. */
void Ledger::byClient(const model::Change &change, Subject &subject)
{
    using Kind = model::Change::Kind;
    const QString where = QString::fromStdString(change.mailbox->name);
    const std::uint64_t box = change.mailbox->serial;
    const auto wrong = [&](const QString &what) {
        m_violation(QStringLiteral("the client %1 %2 (“%3”), and nobody asked for that")
                        .arg(what, nameOf(*change.content), where));
    };
    switch (change.kind) {
    case Kind::Delivered:
        if (!subject.mayBePut || !(subject.mayGoAnywhere || hasName(box, subject.targets)))
            wrong(QStringLiteral("has put there"));
        break;
    case Kind::Flags: {
        const bool mayMark = subject.mayLeave && (subject.mayGoAnywhere || hasName(box, subject.places));
        auto added = without(without(change.after, change.before), subject.mayAdd);
        auto removed = without(without(change.before, change.after), subject.mayRemove);
        if (mayMark) {
            added.erase(deleted);
            removed.erase(deleted);
        }
        if (!added.empty() || !removed.empty())
            wrong(QStringLiteral("has set {%1} and taken {%2} of").arg(listed(added), listed(removed)));
        break;
    }
    case Kind::Copied:
        if (!subject.mayGoAnywhere && !hasName(box, subject.targets))
            wrong(QStringLiteral("has copied or moved"));
        break;
    case Kind::Expunged:
        if (!subject.mayLeave || !(subject.mayGoAnywhere || hasName(box, subject.places)))
            wrong(QStringLiteral("has expunged"));
        break;
    case Kind::Named:
    case Kind::Gone:
    case Kind::Renumbered:
        break;
    }
}

void Ledger::count(const model::Change &change, Subject &subject)
{
    using Kind = model::Change::Kind;
    const std::uint64_t box = change.mailbox->serial;
    std::set<std::uint32_t> &marked = subject.marked[box];
    const auto forget = [&] {
        if (marked.erase(change.uid) == 0)
            --subject.live;
    };
    switch (change.kind) {
    case Kind::Delivered:
    case Kind::Copied:
        ++subject.live;
        if (m_actor == Actor::Client && m_isLate()) { // it has looked, and done it again: nobody can know better
            ++subject.most;
            subject.isVague = true;
        }
        break;
    case Kind::Expunged:
        forget();
        break;
    case Kind::Flags:
        // Somebody else may have marked it before; it is the client's wish too now.
        if (m_actor == Actor::Client && change.after.contains(deleted) && change.named.contains(deleted)) {
            subject.live -= marked.insert(change.uid).second ? 1 : 0;
            subject.everMarked.insert(box);
        } else if (!change.after.contains(deleted) && marked.erase(change.uid) > 0) {
            ++subject.live;
            if (m_actor == Actor::Other) { // brought to light again: nobody can tell it from a copy
                ++subject.most;
                subject.isTouched = true;
            }
        }
        break;
    case Kind::Named:
    case Kind::Gone:
    case Kind::Renumbered:
        break;
    }
}

void Ledger::byOther(const model::Change &change, Subject &subject)
{
    using Kind = model::Change::Kind;
    switch (change.kind) {
    case Kind::Delivered:
        subject.expected.push_back({change.mailbox->serial, change.after});
        ++subject.most;
        ++subject.least;
        break;
    case Kind::Flags: {
        const auto added = without(change.after, change.before);
        const auto removed = without(change.before, change.after);
        subject.touchedFlags.insert(added.begin(), added.end());
        subject.touchedFlags.insert(removed.begin(), removed.end());
        break;
    }
    case Kind::Copied:
        subject.isTouched = true;
        ++subject.most;
        ++subject.least;
        // What waits for it, or takes it back, goes after it.
        if (subject.mayLeave && m_isAwaited(*change.content))
            subject.places.insert(change.mailbox->name);
        break;
    case Kind::Expunged:
        subject.isTouched = true;
        // A copy of which the original was about to go is one and the same. What was put or copied there by the client
        // and deleted by somebody before the answer came may be put there again: nobody can tell it from one that
        // never arrived.
        subject.most = std::max(subject.most - (mayComeAgain(subject) ? 0 : 1), subject.live);
        --subject.least;
        break;
    case Kind::Named:
    case Kind::Gone:
    case Kind::Renumbered:
        break;
    }
}

void Ledger::gone(const model::Mailbox &mailbox)
{
    for (auto &[content, subject] : m_subjects) {
        const bool isExpected = std::any_of(subject.expected.begin(), subject.expected.end(),
                                            [&](const Place &place) { return place.box == mailbox.serial; });
        subject.isTouched = subject.isTouched || isExpected;
    }
    for (const model::Message &message : mailbox.messages) {
        Subject &subject = m_subjects[message.content.get()];
        subject.isTouched = true;
        if (subject.marked[mailbox.serial].erase(message.uid) == 0)
            --subject.live;
        subject.most = std::max(subject.most - (mayComeAgain(subject) ? 0 : 1), subject.live);
        --subject.least;
    }
}

void Ledger::comeToLight(const model::Mailbox &mailbox)
{
    for (const model::Message &message : mailbox.messages) {
        Subject &subject = m_subjects[message.content.get()];
        const auto marked = static_cast<std::int64_t>(std::exchange(subject.marked[mailbox.serial], {}).size());
        if (marked == 0)
            continue;
        subject.live += marked;
        subject.most += marked;
        subject.isTouched = true;
    }
}

bool Ledger::mayComeAgain(const Subject &subject) const
{
    return subject.put > 0 || (subject.isCopied && m_isBeingCopied(*subject.content));
}

bool Ledger::isAmbiguous(const Subject &subject) const
{
    return std::any_of(subject.targets.begin(), subject.targets.end(), [this](const std::string &name) {
        const auto owners = std::count_if(m_names.begin(), m_names.end(),
                                          [&name](const auto &box) { return box.second.contains(name); });
        const bool isFormer = std::any_of(m_names.begin(), m_names.end(), [&name](const auto &box) {
            return box.second.size() > 1 && box.second.contains(name);
        });
        return owners > 1 && isFormer;
    });
}

bool Ledger::hasName(std::uint64_t box, const std::set<std::string> &names) const
{
    const auto known = m_names.find(box);
    return known != m_names.end() && std::any_of(known->second.begin(), known->second.end(), [&](const auto &name) {
               return names.contains(name);
           });
}

} // namespace kittiwake::sim
