// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/ledger.h"

#include <algorithm>
#include <utility>

namespace kittiwake::sim
{

namespace
{

const std::string deleted = "\\Deleted";

std::set<std::string> without(const std::set<std::string> &set, const std::set<std::string> &others)
{
    std::set<std::string> rest;
    std::set_difference(set.begin(), set.end(), others.begin(), others.end(), std::inserter(rest, rest.end()));
    return rest;
}

QString listed(const std::set<std::string> &names)
{
    QString text;
    for (const std::string &name : names)
        text += (text.isEmpty() ? QString() : QStringLiteral(" ")) + QString::fromStdString(name);
    return text;
}

} // namespace

QString Ledger::nameOf(const model::Content &content)
{
    return QString::fromStdString(content.field("Message-ID"));
}

void Ledger::observe(const model::Change &change)
{
    using Kind = model::Change::Kind;
    if (m_actor == Actor::Client)
        ++m_changesByClient;
    if (change.kind == Kind::Named) {
        m_namesChanged = m_namesChanged || m_names.contains(change.mailbox->serial);
        m_names[change.mailbox->serial].insert(change.mailbox->name);
        return;
    }
    if (change.kind == Kind::Gone) {
        m_namesChanged = true;
        for (const model::Message &message : change.mailbox->messages) {
            const Subject &subject = m_subjects[message.content.get()];
            // Of a folder that the person deletes, also what was never seen goes, where the program has never looked.
            if (m_actor == Actor::Client && !hasName(change.mailbox->serial, m_deletable)
                && !(subject.mayLeave && hasName(change.mailbox->serial, subject.places)))
                m_violation(QStringLiteral("the client has deleted “%1” with %2, which the person had not seen there")
                                .arg(QString::fromStdString(change.mailbox->name), nameOf(*message.content)));
        }
        gone(*change.mailbox);
        return;
    }
    if (change.kind == Kind::Renumbered) {
        m_renumbered.insert(change.mailbox->serial);
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
        wrong(QStringLiteral("has put there"));
        break;
    case Kind::Flags: {
        const bool mayMark = subject.mayLeave && hasName(box, subject.places);
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
        if (!subject.mayLeave || !hasName(box, subject.places))
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
    int &marked = subject.marked[box];
    const auto forget = [&] {
        if (marked > 0 && change.before.contains(deleted))
            --marked;
        else
            --subject.live;
    };
    switch (change.kind) {
    case Kind::Delivered:
    case Kind::Copied:
        ++subject.live;
        break;
    case Kind::Expunged:
        forget();
        break;
    case Kind::Flags:
        // Somebody else may have marked it before; it is the client's wish too now.
        if (m_actor == Actor::Client && change.after.contains(deleted) && change.named.contains(deleted)
            && (!change.before.contains(deleted) || marked == 0)) {
            ++marked;
            --subject.live;
            subject.everMarked.insert(box);
        } else if (marked > 0 && change.before.contains(deleted) && !change.after.contains(deleted)) {
            --marked;
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
        break;
    case Kind::Expunged:
        subject.isTouched = true;
        // A copy of which the original was about to go is one and the same.
        subject.most = std::max(subject.most - 1, subject.live);
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
        int &marked = subject.marked[mailbox.serial];
        if (marked > 0 && message.flags.contains(deleted))
            --marked;
        else
            --subject.live;
        subject.most = std::max(subject.most - 1, subject.live);
        --subject.least;
    }
}

bool Ledger::hasName(std::uint64_t box, const std::set<std::string> &names) const
{
    const auto known = m_names.find(box);
    return known != m_names.end() && std::any_of(known->second.begin(), known->second.end(), [&](const auto &name) {
               return names.contains(name);
           });
}

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
        Place *place = deed.sourceBox == 0 ? nullptr : only(subject, deed.sourceBox);
        const bool needsTarget = deed.kind == Deed::Kind::Move || deed.kind == Deed::Kind::Copy;
        if (deed.kind == Deed::Kind::Copy)
            ++subject.most;
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
        Place *place = only(subject, isMove ? deed.targetBox : deed.sourceBox);
        if (place == nullptr) {
            subject.isVague = true;
            continue;
        }
        if (deed.kind == Deed::Kind::Copy) {
            subject.expected.erase(subject.expected.begin() + (place - subject.expected.data()));
            continue;
        }
        for (const std::string &flag : one.added)
            place->flags.erase(flag);
        place->flags.insert(one.removed.begin(), one.removed.end());
        place->box = deed.sourceBox;
    }
}

void Ledger::undoAsked()
{
    const auto last = std::find_if(m_entries.rbegin(), m_entries.rend(), [](const auto &entry) {
        return !entry.second.isUndone && entry.second.canBeUndone;
    });
    if (last != m_entries.rend())
        allow(last->second.deed, true);
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
    }
}

void Ledger::passedOver(std::int64_t operation)
{
    if (const auto found = m_entries.find(operation); found != m_entries.end())
        found->second.canBeUndone = false;
}

std::int64_t Ledger::undoable() const
{
    const auto youngest = std::find_if(m_entries.rbegin(), m_entries.rend(), [this](const auto &entry) {
        // Of what others have taken away or numbered anew nothing may be left to undo.
        const auto &messages = entry.second.deed.messages;
        const bool isThere = std::any_of(messages.begin(), messages.end(), [this](const Deed::One &one) {
            return !m_subjects.at(one.content.get()).isTouched;
        });
        return !entry.second.isUndone && entry.second.canBeUndone && isThere && m_renumbered.empty() && !m_namesChanged;
    });
    return youngest == m_entries.rend() ? 0 : youngest->first;
}

const Deed *Ledger::deed(std::int64_t operation) const
{
    const auto found = m_entries.find(operation);
    return found == m_entries.end() ? nullptr : &found->second.deed;
}

bool Ledger::mayLeave(const model::Content &content) const
{
    const auto found = m_subjects.find(&content);
    return found != m_subjects.end() && found->second.mayLeave;
}

bool Ledger::isMarked(const model::Content &content, std::uint64_t box) const
{
    const auto found = m_subjects.find(&content);
    return found != m_subjects.end() && found->second.everMarked.contains(box);
}

int Ledger::countMarked(const Subject &subject, std::uint64_t box)
{
    const auto marked = subject.marked.find(box);
    return marked == subject.marked.end() ? 0 : marked->second;
}

QString Ledger::wrongToShow(const model::Content &content, std::uint64_t box, const std::set<std::string> &flags) const
{
    const auto found = m_subjects.find(&content);
    if (found == m_subjects.end() || found->second.isTouched || found->second.isVague || found->second.mayFlicker)
        return {};
    const Subject &subject = found->second;
    const Place *place = nullptr;
    for (const Place &one : subject.expected) {
        if (one.box == box)
            place = &one;
    }
    // Where nothing can be expunged alone, what was moved may come to light again: docs/testing.md.
    if (place == nullptr && isMarked(content, box))
        return {};
    if (place == nullptr)
        return QStringLiteral("%1 is shown where the person has taken it away").arg(nameOf(content));
    if (subject.expected.size() > 1
        || without(flags, subject.touchedFlags) == without(place->flags, subject.touchedFlags))
        return {};
    return QStringLiteral("%1 is shown with {%2}, and the person made it {%3}")
        .arg(nameOf(content), listed(flags), listed(place->flags));
}

QStringList Ledger::check(const std::set<const model::Content *> &parked) const
{
    std::map<const model::Content *, std::vector<Place>> there;
    for (const auto &[name, mailbox] : m_mail.mailboxes()) {
        std::map<const model::Content *, int> hidden;
        for (const model::Message &message : mailbox->messages) {
            const auto known = m_subjects.find(message.content.get());
            const int marked = known == m_subjects.end() ? 0 : countMarked(known->second, mailbox->serial);
            // As many as the client has marked, and no more: another copy may have come with the mark of somebody else.
            if (message.flags.contains(deleted) && hidden[message.content.get()] < marked)
                ++hidden[message.content.get()];
            else
                there[message.content.get()].push_back({mailbox->serial, message.flags});
        }
    }
    QStringList found;
    for (const auto &[content, subject] : m_subjects)
        checkSubject(subject, parked.contains(content), there[content], found);
    while (found.size() > 5)
        found.removeLast();
    return found;
}

void Ledger::checkSubject(const Subject &subject, bool isParked, const std::vector<Place> &there,
                          QStringList &found) const
{
    const auto live = static_cast<std::int64_t>(there.size());
    const auto wrong = [&](const QString &what) { found.append(nameOf(*subject.content) + QLatin1Char(' ') + what); };
    const std::int64_t most = subject.most + subject.slack + (isParked ? 1 : 0);
    if (live > most)
        wrong(
            QStringLiteral("is there %1 times, and may be %2 times").arg(QString::number(live), QString::number(most)));
    if (live < subject.least && !(isParked && live > 0))
        wrong(QStringLiteral("is there %1 times, and nobody deleted it (%2)")
                  .arg(QString::number(live), QString::number(subject.least)));
    if (isParked || subject.isVague || subject.isTouched)
        return;
    ++m_exactlyChecked;
    std::vector<Place> missing = subject.expected;
    for (const Place &place : there) {
        const auto same = std::find_if(missing.begin(), missing.end(), [&](const Place &one) {
            return one.box == place.box
                && without(one.flags, subject.touchedFlags) == without(place.flags, subject.touchedFlags);
        });
        if (same != missing.end()) {
            missing.erase(same);
            continue;
        }
        const auto here
            = std::find_if(missing.begin(), missing.end(), [&](const Place &one) { return one.box == place.box; });
        if (here == missing.end())
            return wrong(
                QStringLiteral("is in “%1”, and the person did not put it there").arg(listed(m_names.at(place.box))));
        wrong(QStringLiteral("has {%1}, and the person made it {%2}").arg(listed(place.flags), listed(here->flags)));
        missing.erase(here);
    }
    for (const Place &place : missing)
        wrong(QStringLiteral("is not in “%1”, where the person put it").arg(listed(m_names.at(place.box))));
}

} // namespace kittiwake::sim
