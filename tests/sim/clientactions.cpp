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

std::set<std::string> namesOf(const mail::Flags &flags)
{
    std::set<std::string> names;
    for (const QByteArray &name : flags.names())
        names.insert(name.toStdString());
    return names;
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

async::Task<void> ClientProcess::askMark(engine::FlagRequest request)
{
    auto answer = co_await m_actions->changeFlags(std::move(request));
    m_answer = std::move(answer);
}

async::Task<void> ClientProcess::askMove(engine::MoveRequest request)
{
    auto answer = co_await m_actions->move(std::move(request));
    m_answer = std::move(answer);
}

async::Task<void> ClientProcess::askFolder(engine::FolderRequest request)
{
    auto answer = co_await m_actions->changeFolder(std::move(request));
    m_answer = std::move(answer);
}

async::Task<void> ClientProcess::askUndo()
{
    auto answer = co_await m_actions->undo(false);
    m_answer = std::move(answer);
}

async::Task<void> ClientProcess::askRetry(OperationId operation)
{
    const auto done = co_await m_actions->retry(operation);
    Q_UNUSED(done) // what becomes of it is seen at the end
}

async::Task<void> ClientProcess::askDrop(OperationId operation)
{
    const auto done = co_await m_actions->drop(operation);
    Q_UNUSED(done)
}

std::vector<PendingRow> ClientProcess::pending()
{
    const Healthy healthy(m_world.disk);
    if (!m_peek)
        m_peek = std::make_unique<PendingPeek>(m_world.vfs);
    return m_peek->rows();
}

/** What the program answered: it is written down, or nothing has happened. */
void ClientProcess::settle(const PersonDeed &deed)
{
    const Result<engine::ActionReport> &done = m_answer;
    if (!done || m_world.disk.isFrozen()) {
        m_world.log->actionFailed(deed);
        return;
    }
    if (!done->operation.isValid()) {
        if (!deed.messages.empty() && !deed.isLoose)
            m_world.violation(
                QStringLiteral("the person changed messages, and the program said that there was nothing to do"));
        return;
    }
    const auto rows = pending();
    const bool isNoted = std::any_of(rows.begin(), rows.end(), [&](const PendingRow &row) {
        return row.id == done->operation.value() && row.isQueued();
    });
    if (!isNoted)
        m_world.violation(QStringLiteral("an action was acknowledged that is not in pending.db"));
    m_world.log->acknowledged(done->operation.value(), deed);
}

/** What was acknowledged shows. */
void ClientProcess::checkDone(const PersonDeed &deed, const std::vector<store::MessageRow> &messages)
{
    if (!m_answer || !m_answer->operation.isValid() || deed.isLoose || m_world.disk.isFrozen()
        || m_world.disk.fault() != MemoryDisk::Fault::None)
        return; // it is safe, and shows when the disk is well
    std::vector<MessageId> ids;
    for (const store::MessageRow &row : messages)
        ids.push_back(row.id);
    readRows(ids, [&](const store::MessageRow &row) {
        const auto mailbox = m_mailboxes.find(row.mailbox);
        const QString name = mailbox == m_mailboxes.end() ? QString() : mailbox->second.name;
        const bool isThere = m_view[row.mailbox].contains(row.id);
        const bool leaves = deed.kind == Deed::Kind::Move || deed.kind == Deed::Kind::Remove;
        if (leaves && isThere && name == deed.source.name)
            m_world.violation(QStringLiteral("what was taken away from “%1” is still shown there").arg(name));
        if (deed.kind == Deed::Kind::Move && deed.target && !deed.isLoose && (!isThere || name != deed.target->name))
            m_world.violation(QStringLiteral("what was moved to “%1” is not shown there").arg(deed.target->name));
        const auto one
            = std::find_if(deed.messages.begin(), deed.messages.end(), [&](const PersonDeed::One &candidate) {
                  return candidate.messageId == row.header.messageId;
              });
        if (one == deed.messages.end() || deed.kind == Deed::Kind::Remove)
            return;
        const std::set<std::string> flags = namesOf(row.header.flags);
        const bool isMade
            = std::all_of(one->added.begin(), one->added.end(), [&](const auto &flag) { return flags.contains(flag); })
            && std::none_of(one->removed.begin(), one->removed.end(),
                            [&](const auto &flag) { return flags.contains(flag); });
        if (!isMade)
            m_world.violation(QStringLiteral("a mark was acknowledged and does not show"));
    });
}

/** An account without a folder for that gets one, or one by its name: the journal knows which. */
PersonDeed ClientProcess::withMadeTarget(PersonDeed deed)
{
    deed.isLoose = true;
    if (!m_answer || !m_answer->operation.isValid())
        return deed;
    for (const PendingRow &row : pending()) {
        if (row.id != m_answer->operation.value())
            continue;
        const auto move = sync::MoveOperation::fromBytes(row.kind, row.payload);
        if (move && move->target)
            deed.target = PersonDeed::Folder{move->target->text, {}};
        else if (move)
            deed.kind = Deed::Kind::Remove;
    }
    return deed;
}

std::int64_t ClientProcess::youngestNoted()
{
    const auto rows = pending();
    return rows.empty() ? 0 : rows.back().id;
}

/** While names are about to change, the journal says what the server has them as: that is meant too. */
void ClientProcess::allowAsNoted(const PersonDeed &deed, std::int64_t after)
{
    for (const PendingRow &row : pending()) {
        if (row.id <= after)
            continue;
        PersonDeed noted = deed;
        if (const auto move = sync::MoveOperation::fromBytes(row.kind, row.payload)) {
            noted.source = {move->source.text, {}};
            if (move->target)
                noted.target = PersonDeed::Folder{move->target->text, {}};
        } else if (const auto folder = sync::FolderOperation::fromBytes(row.kind, row.payload)) {
            noted.source = {folder->mailbox.text, {}};
        } else {
            continue;
        }
        m_world.log->asked(noted);
    }
}

void ClientProcess::mark(std::uint64_t pick)
{
    SeededRandom random(pick);
    std::optional<Chosen> chosen;
    engine::FlagRequest request;
    {
        const Healthy healthy(m_world.disk);
        chosen = choose(random, false);
    }
    if (!chosen)
        return;
    const QByteArray flag = marks.at(random.below(marks.size()));
    (random.oneIn(2) ? request.change.add : request.change.remove).addByName(flag);
    for (const store::MessageRow &row : chosen->messages)
        request.messages.push_back(row.id);
    const PersonDeed deed = deedOf(*chosen, Deed::Kind::Mark, request.change);
    m_world.log->asked(deed);
    m_scope.start(askMark(std::move(request)));
    settle(deed);
    checkDone(deed, chosen->messages);
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
    deed.isLoose = std::any_of(rows.begin(), rows.end(), [](const PendingRow &row) {
        return !row.isDone() && row.kind.endsWith(QLatin1String("folder")); // names are about to change
    });
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

void ClientProcess::undo()
{
    const auto before = pending();
    m_world.log->undoAsked();
    const std::int64_t last = m_world.log->undoable();
    m_scope.start(askUndo());
    const auto after = pending();
    const bool isLost = m_world.disk.isFrozen();
    bool isAny = false;
    std::int64_t youngest = 0;
    for (const PendingRow &row : before) {
        if (!row.canBeUndone)
            continue;
        const auto now
            = std::find_if(after.begin(), after.end(), [&](const PendingRow &one) { return one.id == row.id; });
        if (!isLost && now != after.end() && now->canBeUndone)
            continue;
        // This is what it was about; an action may have several parts.
        isAny = true;
        youngest = row.id;
        const Ledger::Undo how = row.isParked()    ? Ledger::Undo::Vague
            : row.isQueued() && now != after.end() ? Ledger::Undo::UnderWay
                                                   : Ledger::Undo::Plain;
        if (m_answer && !isLost) {
            m_world.log->undone(row.id, how);
        } else if (!m_answer && m_answer.error().kind == ErrorKind::Input && !isLost) {
            m_world.log->passedOver(row.id);
            if (row.kind != QLatin1String("expunge"))
                m_world.log->becameVague(row.id);
        } else {
            m_world.log->undone(row.id, Ledger::Undo::Vague);
        }
    }
    if (isLost || m_world.disk.fault() != MemoryDisk::Fault::None)
        return;
    if (m_answer && !isAny)
        m_world.violation(QStringLiteral("undo took nothing back"));
    if (m_answer && youngest < last)
        m_world.violation(QStringLiteral("undo took back another action than the last one"));
}

void ClientProcess::retry(std::uint64_t pick)
{
    std::vector<PendingRow> open = pending();
    std::erase_if(open, [](const PendingRow &row) { return row.isDone(); });
    if (open.empty())
        return;
    const PendingRow &row = open[pick % open.size()];
    m_world.log->becameVague(row.id); // it may come after what was done later
    m_scope.start(askRetry(OperationId(row.id)));
}

void ClientProcess::drop(std::uint64_t pick)
{
    std::vector<PendingRow> open = pending();
    std::erase_if(open, [](const PendingRow &row) { return !row.isParked(); });
    if (open.empty())
        return;
    const PendingRow &row = open[pick % open.size()];
    m_world.log->becameVague(row.id);
    m_world.log->passedOver(row.id);
    m_scope.start(askDrop(OperationId(row.id)));
}

} // namespace kittiwake::sim
