// SPDX-License-Identifier: GPL-3.0-or-later
// What the program answers to the person, and whether it has written it down.
#include "core/sync/operations/appendoperation.h"
#include "core/sync/operations/folderoperation.h"
#include "core/sync/operations/moveoperation.h"
#include "tests/sim/clientprocess.h"
#include "tests/sim/healthy.h"

#include <algorithm>

namespace kittiwake::sim
{

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

async::Task<void> ClientProcess::askAppend(engine::AppendRequest request)
{
    auto answer = co_await m_actions->append(std::move(request));
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
    ids.reserve(messages.size());
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

/** What was put into a folder shows there at once. */
void ClientProcess::checkPut(const PersonDeed &deed, MailboxId target)
{
    if (!m_answer || !m_answer->operation.isValid() || m_world.disk.isFrozen()
        || m_world.disk.fault() != MemoryDisk::Fault::None)
        return;
    const std::set<MessageId> &view = m_view[target];
    bool isThere = false;
    readRows({view.begin(), view.end()}, [&](const store::MessageRow &row) {
        isThere = isThere || row.header.messageId == deed.messages.front().messageId;
    });
    if (!isThere)
        m_world.violation(QStringLiteral("what was put into “%1” is not shown there").arg(deed.target->name));
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
        } else if (const auto append = sync::AppendOperation::fromBytes(row.kind, row.payload)) {
            noted.target = PersonDeed::Folder{append->mailbox.text, {}};
        } else if (const auto folder = sync::FolderOperation::fromBytes(row.kind, row.payload)) {
            noted.source = {folder->mailbox.text, {}};
        } else {
            continue;
        }
        m_world.log->asked(noted);
    }
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
            if (row.kind != QLatin1String("expunge") && row.kind != QLatin1String("append"))
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
    std::erase_if(open, [](const PendingRow &row) { return row.isDone() || row.isLetter(); });
    if (open.empty())
        return;
    const PendingRow &row = open[pick % open.size()];
    m_world.log->retried(row);
    m_scope.start(askRetry(OperationId(row.id)));
}

void ClientProcess::drop(std::uint64_t pick)
{
    std::vector<PendingRow> open = pending();
    std::erase_if(open, [](const PendingRow &row) { return !row.isParked() || row.isLetter(); });
    if (open.empty())
        return;
    const PendingRow &row = open[pick % open.size()];
    if (m_world.letters != nullptr) {
        if (const auto append = sync::AppendOperation::fromBytes(row.kind, row.payload))
            m_world.letters->copyGivenUp(append->identity.messageId.toStdString());
    }
    m_world.log->becameVague(row.id);
    m_world.log->passedOver(row.id);
    m_scope.start(askDrop(OperationId(row.id)));
}

} // namespace kittiwake::sim
