// SPDX-License-Identifier: GPL-3.0-or-later
// What the person does, and whether the program keeps its word about it at once.
#include "core/sync/operations/folderoperation.h"
#include "core/sync/operations/moveoperation.h"
#include "tests/sim/clientprocess.h"
#include "tests/sim/healthy.h"

#include <algorithm>
#include <array>

namespace kittiwake::sim
{

namespace
{

using mail::MailboxRole;
using mail::MoveKind;

constexpr std::array marks{"\\Seen", "\\Seen", "\\Flagged", "\\Answered", "$Forwarded", "Later"};

bool areNamesChanging(const std::vector<PendingRow> &rows)
{
    return std::any_of(rows.begin(), rows.end(), [](const PendingRow &row) {
        return !row.isDone() && row.kind.endsWith(QLatin1String("folder"));
    });
}

const store::MailboxRow *withRole(const std::vector<store::MailboxRow> &folders, MailboxRole role)
{
    const auto found = std::find_if(folders.begin(), folders.end(), [role](const store::MailboxRow &row) {
        return row.role == role && row.selectable;
    });
    return found == folders.end() ? nullptr : &*found;
}

/** What a kind of move means for messages of a folder: docs of engine::MoveRequest. */
struct Meaning {
    Deed::Kind kind = Deed::Kind::Move;
    const store::MailboxRow *target = nullptr; ///< null for Mark and Remove; else it cannot be done
    mail::FlagChange change;
};

Meaning meaningOf(MoveKind kind, const store::MailboxRow &from, const std::vector<store::MailboxRow> &folders,
                  const store::MailboxRow *chosen)
{
    Meaning meaning;
    switch (kind) {
    case MoveKind::Move:
    case MoveKind::Copy:
        meaning.kind = kind == MoveKind::Move ? Deed::Kind::Move : Deed::Kind::Copy;
        meaning.target = chosen;
        break;
    case MoveKind::Expunge:
        meaning.kind = Deed::Kind::Remove;
        break;
    case MoveKind::Delete:
        if (from.role == MailboxRole::Trash)
            meaning.kind = Deed::Kind::Remove;
        else
            meaning.target = withRole(folders, MailboxRole::Trash);
        break;
    case MoveKind::Archive:
        meaning.target = withRole(folders, MailboxRole::Archive);
        break;
    case MoveKind::Junk:
    case MoveKind::NotJunk: {
        const bool isJunk = kind == MoveKind::Junk;
        (isJunk ? meaning.change.add : meaning.change.remove).addByName(QByteArrayLiteral("$Junk"));
        (isJunk ? meaning.change.remove : meaning.change.add).addByName(QByteArrayLiteral("$NotJunk"));
        if (isJunk == (from.role == MailboxRole::Junk))
            meaning.kind = Deed::Kind::Mark;
        else
            meaning.target = withRole(folders, isJunk ? MailboxRole::Junk : MailboxRole::Inbox);
        break;
    }
    }
    return meaning;
}

} // namespace

std::vector<store::MailboxRow> ClientProcess::folders()
{
    auto rows = m_reader->mailboxes(accountId);
    if (!rows) {
        m_world.violation(QStringLiteral("reading the mailboxes failed: ") + rows.error().detail);
        return {};
    }
    return std::move(*rows);
}

/** Some messages of one folder, all from one place in the cache, so that it is one operation. */
std::optional<ClientProcess::Chosen> ClientProcess::choose(SeededRandom &random, bool all)
{
    std::vector<MailboxId> filled;
    for (const auto &[mailbox, messages] : m_view) {
        if (!messages.empty() && m_mailboxes.contains(mailbox))
            filled.push_back(mailbox);
    }
    if (filled.empty())
        return std::nullopt;
    const MailboxId mailbox = filled[random.below(filled.size())];
    const std::set<MessageId> &view = m_view[mailbox];
    const std::uint64_t wanted = all ? view.size()
        : random.oneIn(3)            ? random.between(1, std::min<std::size_t>(20, view.size()))
                                     : 1;
    const std::uint64_t first = random.below(view.size() - wanted + 1);
    std::vector<MessageId> ids;
    std::optional<MailboxId> place;
    std::uint64_t at = 0;
    for (const MessageId id : view) {
        if (at++ < first || ids.size() >= wanted)
            continue;
        const auto location = m_store->locate(id);
        if (!location || !*location || (place && *place != (*location)->mailbox))
            continue;
        if (all && (*location)->mailbox != mailbox)
            continue; // "mark all read" speaks of what is in the folder
        place = (*location)->mailbox;
        ids.push_back(id);
    }
    const auto row = m_reader->mailbox(mailbox);
    if (!row || !*row || ids.empty())
        return std::nullopt;
    Chosen chosen{**row, {}};
    if (!readRows(ids, [&](const store::MessageRow &message) { chosen.messages.push_back(message); }))
        return std::nullopt;
    return chosen;
}

PersonDeed ClientProcess::deedOf(const Chosen &chosen, Deed::Kind kind, const mail::FlagChange &change)
{
    PersonDeed deed;
    deed.kind = kind;
    deed.add = namesOf(change.add);
    deed.remove = namesOf(change.remove);
    deed.source = {chosen.mailbox.name.text, chosen.mailbox.uidValidity};
    for (const store::MessageRow &row : chosen.messages) {
        PersonDeed::One one{row.header.messageId, {}, {}};
        const std::set<std::string> has = namesOf(row.header.flags);
        for (const std::string &flag : namesOf(change.add)) {
            if (!has.contains(flag))
                one.added.insert(flag);
        }
        for (const std::string &flag : namesOf(change.remove)) {
            if (has.contains(flag))
                one.removed.insert(flag);
        }
        if (kind != Deed::Kind::Mark || !one.added.empty() || !one.removed.empty())
            deed.messages.push_back(std::move(one));
    }
    return deed;
}

void ClientProcess::mark(std::uint64_t pick)
{
    SeededRandom random(pick);
    std::optional<Chosen> chosen;
    {
        const Healthy healthy(m_world.disk);
        chosen = choose(random, false);
    }
    if (!chosen)
        return;
    mail::FlagChange change;
    const QByteArray flag = marks.at(random.below(marks.size()));
    (random.oneIn(2) ? change.add : change.remove).addByName(flag);
    markAs(*chosen, change);
}

/** A message is put into some folder, as from a file. */
void ClientProcess::append(std::uint64_t pick, const model::Content &content)
{
    SeededRandom random(pick);
    std::vector<store::MailboxRow> all;
    {
        const Healthy healthy(m_world.disk);
        all = folders();
    }
    std::erase_if(all, [](const store::MailboxRow &row) { return !row.selectable; });
    if (all.empty())
        return;
    const store::MailboxRow &target = all[random.below(all.size())];
    engine::AppendRequest request;
    request.mailbox = target.id;
    request.message = QByteArray::fromStdString(content.header + content.body);
    request.date = content.internalDate;
    if (random.oneIn(2))
        request.flags.addByName(marks.at(random.below(marks.size())));
    PersonDeed deed;
    deed.kind = Deed::Kind::Append;
    deed.add = namesOf(request.flags);
    deed.source = {target.name.text, target.uidValidity};
    deed.target = deed.source;
    deed.isAnywhere = target.isProvisional;
    deed.messages.push_back({QByteArray::fromStdString(content.field("Message-ID")), {}, {}});
    const auto rows = pending();
    deed.isLoose = deed.isAnywhere || areNamesChanging(rows);
    m_world.log->asked(deed);
    m_scope.start(askAppend(std::move(request)));
    if (deed.isLoose)
        allowAsNoted(deed, rows.empty() ? 0 : rows.back().id);
    settle(deed);
    checkPut(deed, target.id);
}

void ClientProcess::markAllRead(std::uint64_t pick)
{
    SeededRandom random(pick);
    std::optional<Chosen> chosen;
    {
        const Healthy healthy(m_world.disk);
        chosen = choose(random, true);
    }
    if (!chosen)
        return;
    engine::FlagRequest request;
    request.mailbox = chosen->mailbox.id;
    request.uids = "1:*";
    request.change.add.set(mail::SystemFlag::Seen);
    const PersonDeed deed = deedOf(*chosen, Deed::Kind::Mark, request.change);
    m_world.log->asked(deed);
    m_scope.start(askMark(std::move(request)));
    settle(deed);
    checkDone(deed, chosen->messages);
}

void ClientProcess::move(std::uint64_t pick, MoveKind kind)
{
    SeededRandom random(pick);
    std::optional<Chosen> chosen;
    std::vector<store::MailboxRow> all;
    {
        const Healthy healthy(m_world.disk);
        chosen = choose(random, false);
        all = folders();
    }
    if (!chosen || all.empty())
        return;
    const store::MailboxRow &candidate = all[random.below(all.size())];
    // A copy to where it is already would be one and the same message twice.
    if ((kind == MoveKind::Move || kind == MoveKind::Copy)
        && (!candidate.selectable || candidate.id == chosen->mailbox.id))
        return;
    const Meaning meaning = meaningOf(kind, chosen->mailbox, all, &candidate);
    const bool needsTarget = meaning.kind == Deed::Kind::Move || meaning.kind == Deed::Kind::Copy;
    PersonDeed deed = deedOf(*chosen, meaning.kind, meaning.change);
    if (meaning.target != nullptr) {
        deed.target = PersonDeed::Folder{meaning.target->name.text, meaning.target->uidValidity};
        if (meaning.target->id == chosen->mailbox.id)
            deed.messages.clear(); // there already
    }
    engine::MoveRequest request;
    request.kind = kind;
    if (kind == MoveKind::Move || kind == MoveKind::Copy)
        request.target = candidate.id;
    for (const store::MessageRow &row : chosen->messages)
        request.messages.push_back(row.id);
    const auto rows = pending();
    deed.isAnywhere = chosen->mailbox.isProvisional || (meaning.target != nullptr && meaning.target->isProvisional);
    deed.isLoose = deed.isAnywhere || areNamesChanging(rows);
    m_world.log->asked(deed);
    const std::int64_t before = rows.empty() ? 0 : rows.back().id;
    m_scope.start(askMove(std::move(request)));
    if (deed.isLoose)
        allowAsNoted(deed, before);
    if (needsTarget && !deed.target)
        deed = withMadeTarget(deed);
    settle(deed);
    if (!deed.messages.empty())
        checkDone(deed, chosen->messages);
}

void ClientProcess::changeFolder(std::uint64_t pick, engine::FolderRequest::Kind kind, const QString &name)
{
    using Kind = engine::FolderRequest::Kind;
    SeededRandom random(pick);
    Chosen chosen;
    {
        const Healthy healthy(m_world.disk);
        std::vector<store::MailboxRow> all = folders();
        if (kind == Kind::Empty) {
            std::erase_if(all, [](const store::MailboxRow &row) {
                return row.role != MailboxRole::Trash && row.role != MailboxRole::Junk;
            });
        }
        if (all.empty())
            return;
        chosen.mailbox = all[random.below(all.size())];
        const std::set<MessageId> &view = m_view[chosen.mailbox.id];
        if (kind == Kind::Delete || kind == Kind::Empty)
            readRows({view.begin(), view.end()},
                     [&](const store::MessageRow &message) { chosen.messages.push_back(message); });
    }
    engine::FolderRequest request;
    request.kind = kind;
    request.account = accountId;
    request.mailbox = chosen.mailbox.id;
    request.name = name;
    PersonDeed deed = deedOf(chosen, Deed::Kind::Remove, {});
    deed.deletesFolder = kind == Kind::Delete;
    deed.isLoose = true; // what else waits for its messages comes first
    m_world.log->asked(deed);
    const std::int64_t before = youngestNoted();
    m_scope.start(askFolder(std::move(request)));
    allowAsNoted(deed, before);
    settle(deed);
}

} // namespace kittiwake::sim
