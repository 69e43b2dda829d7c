// SPDX-License-Identifier: GPL-3.0-or-later
// What the person did, and what has become of it.
#include "core/sync/operations/appendoperation.h"
#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/moveoperation.h"
#include "tests/sim/simulation.h"

#include <algorithm>

namespace kittiwake::sim
{

void Simulation::watchMail()
{
    for (const auto &[name, mailbox] : m_server.mail().mailboxes())
        m_ledger.observe({model::Change::Kind::Named, mailbox.get(), {}, {}, {}});
    m_ledger.setIsBeingCopied([this](const model::Content &content) { return isBeingCopied(content); });
    m_ledger.setIsLate([this] { return m_server.isLate(); });
    m_ledger.setIsAwaited([this](const model::Content &content) { return isAwaited(content); });
    // What the client puts there is the same message as the person has.
    m_server.mail().setIdentify([this](const model::Content &content) {
        auto known = m_writer.find(content.field("Message-ID"));
        // Copies of what was sent come without a date: then it is the server's to choose.
        const bool isSame = known && known->header == content.header && known->body == content.body
            && (known->internalDate == content.internalDate || m_letters.has(*known));
        return isSame ? known : nullptr;
    });
    m_server.mail().setObserver([this](const model::Change &change) {
        using Kind = model::Change::Kind;
        if (change.kind == Kind::Delivered || change.kind == Kind::Copied)
            m_archive.emplace(std::pair(change.mailbox->uidValidity, change.mailbox->messages.back().uid),
                              change.content);
        m_ledger.observe(change);
    });
}

std::uint64_t Simulation::serialOf(const PersonDeed::Folder &folder) const
{
    for (const auto &[wire, mailbox] : m_server.mail().mailboxes()) {
        if (decodeMailboxName(wire) != folder.name)
            continue;
        const bool isSame = !folder.uidValidity.isValid() || mailbox->uidValidity == folder.uidValidity.value();
        return isSame && mailbox->isSelectable ? mailbox->serial : 0;
    }
    return 0;
}

Deed Simulation::translate(const PersonDeed &deed) const
{
    Deed result;
    result.kind = deed.kind;
    result.add = deed.add;
    result.remove = deed.remove;
    result.isAnywhere = deed.isAnywhere;
    result.source = encodeMailboxName(deed.source.name);
    result.sourceBox = serialOf(deed.source);
    if (deed.target) {
        result.target = encodeMailboxName(deed.target->name);
        result.targetBox = serialOf(*deed.target);
    }
    for (const PersonDeed::One &one : deed.messages) {
        if (auto content = m_writer.find(one.messageId.toStdString()))
            result.messages.push_back({std::move(content), one.added, one.removed});
    }
    return result;
}

void Simulation::asked(const PersonDeed &deed)
{
    if (deed.deletesFolder)
        m_ledger.mayDelete(encodeMailboxName(deed.source.name));
    m_ledger.asked(translate(deed));
}

void Simulation::undoAsked()
{
    m_ledger.undoAsked();
}

void Simulation::acknowledged(std::int64_t operation, const PersonDeed &deed)
{
    note(QStringLiteral("the person's action is operation %1").arg(operation));
    Deed done = translate(deed);
    if (m_history.server.refusals > 0 || m_history.locks) {
        // A mark that the server does not take is no reason for a message to stay.
        if (done.kind == Deed::Kind::Move) {
            for (const Deed::One &one : done.messages)
                m_ledger.marksMayBeRefused(*one.content, one.added, one.removed);
        }
    }
    m_ledger.acknowledged(operation, std::move(done));
    if (deed.isLoose)
        m_ledger.becameVague(operation);
}

void Simulation::actionFailed(const PersonDeed &deed)
{
    m_ledger.failed(translate(deed));
}

void Simulation::undone(std::int64_t operation, Ledger::Undo how)
{
    note(QStringLiteral("the person undid operation %1").arg(operation));
    m_ledger.undone(operation, how);
    for (const PendingRow &row : m_client ? m_client->pending() : std::vector<PendingRow>()) {
        if (!row.isLetter() && m_ledger.deed(row.id) == nullptr && !m_undoing.contains(row.id))
            m_undoing.emplace(row.id, subjects({row}));
    }
}

void Simulation::becameVague(std::int64_t operation)
{
    m_ledger.becameVague(operation);
    if (!m_client || m_ledger.deed(operation) != nullptr)
        return;
    // What undoes something is an operation as well, of which the person was not told a number.
    std::vector<PendingRow> rows = m_client->pending();
    std::erase_if(rows, [operation](const PendingRow &row) { return row.id != operation; });
    for (const model::Content *content : subjects(rows))
        m_ledger.becameVague(*content);
}

void Simulation::retried(const PendingRow &row)
{
    becameVague(row.id); // it may come after what was done later
    // The folder that it names may be another one by now than the one that was meant first; the person reads its name.
    const auto move = sync::MoveOperation::fromBytes(row.kind, row.payload);
    if (!move || !move->target)
        return;
    for (const sync::MovedMessage &message : move->messages) {
        if (const auto content = m_writer.find(message.identity.messageId.toStdString()))
            m_ledger.mayGoTo(*content, encodeMailboxName(move->target->text));
    }
}

void Simulation::passedOver(std::int64_t operation)
{
    m_ledger.passedOver(operation);
}

std::int64_t Simulation::undoable() const
{
    return m_ledger.undoable();
}

QString Simulation::wrongToShow(const mail::MessageHeader &header, const QString &mailbox, UidValidity validity) const
{
    const auto content = m_writer.find(header.messageId.toStdString());
    const std::uint64_t box = serialOf({mailbox, validity});
    if (!content || box == 0)
        return {};
    std::set<std::string> flags;
    for (const QByteArray &flag : header.flags.names())
        flags.insert(flag.toStdString());
    return m_ledger.wrongToShow(*content, box, flags);
}

std::set<const model::Content *> Simulation::subjects(const std::vector<PendingRow> &rows) const
{
    std::set<const model::Content *> found;
    for (const PendingRow &row : rows) {
        if (row.isLetter())
            continue;
        if (const auto move = sync::MoveOperation::fromBytes(row.kind, row.payload)) {
            for (const sync::MovedMessage &message : move->messages) {
                if (const auto content = m_writer.find(message.identity.messageId.toStdString()))
                    found.insert(content.get());
            }
        }
        if (const auto append = sync::AppendOperation::fromBytes(row.kind, row.payload)) {
            if (const auto content = m_writer.find(append->identity.messageId.toStdString()))
                found.insert(content.get());
        }
        if (const auto flags = sync::FlagOperation::fromBytes(row.payload)) {
            for (const auto &[key, content] : m_archive) {
                const bool isMeant = key.first == flags->uidValidity.value()
                    && std::any_of(flags->groups.begin(), flags->groups.end(),
                                   [&](const sync::FlagGroup &group) { return group.uids.contains(Uid(key.second)); });
                if (isMeant)
                    found.insert(content.get());
            }
        }
        // Also what it was about when it was written down.
        if (const auto undoing = m_undoing.find(row.id); undoing != m_undoing.end())
            found.insert(undoing->second.begin(), undoing->second.end());
        if (const Deed *deed = m_ledger.deed(row.id)) {
            for (const Deed::One &one : deed->messages)
                found.insert(one.content.get());
        }
    }
    return found;
}

/** Not after the mailbox was numbered anew, until the program has found its messages again. */
bool Simulation::speaksOfNow(const PendingRow &row) const
{
    if (const auto move = sync::MoveOperation::fromBytes(row.kind, row.payload))
        return serialOf({move->source.text, move->uidValidity}) != 0;
    const auto flags = sync::FlagOperation::fromBytes(row.payload);
    return !flags || serialOf({flags->mailbox.text, flags->uidValidity}) != 0;
}

DeedLog::Standing Simulation::standing(const mail::MessageHeader &header)
{
    const auto content = m_writer.find(header.messageId.toStdString());
    if (!m_client || !content)
        return Standing::Parked;
    const std::vector<PendingRow> rows = m_client->pending();
    std::vector<PendingRow> parked;
    std::vector<PendingRow> running;
    for (const PendingRow &row : rows) {
        if (row.isParked())
            parked.push_back(row);
        else if (row.isQueued() && (row.hasProgress || !speaksOfNow(row)))
            running.push_back(row);
    }
    if (subjects(parked).contains(content.get()))
        return Standing::Parked;
    return subjects(running).contains(content.get()) ? Standing::UnderWay : Standing::Settled;
}

/** A copy of it has been asked for, and the program has not heard yet that it is there. */
bool Simulation::isBeingCopied(const model::Content &content)
{
    if (!m_client)
        return true; // nobody can ask it
    std::vector<PendingRow> rows = m_client->pending();
    std::erase_if(rows, [](const PendingRow &row) {
        return !row.isQueued() || !row.hasProgress || row.kind != QLatin1String("copy");
    });
    return subjects(rows).contains(&content);
}

/** Something that is noted down about it has still to be done, or the person has been told that it could not be. */
bool Simulation::isAwaited(const model::Content &content)
{
    if (!m_client)
        return true; // nobody can ask it
    std::vector<PendingRow> rows = m_client->pending();
    std::erase_if(rows, [](const PendingRow &row) { return row.isDone(); });
    return subjects(rows).contains(&content);
}

/** Whether something happened for which an action can be refused for good. */
bool Simulation::hasCauseToRefuse() const
{
    return m_othersMoved || m_diskFailed || m_history.server.refusals > 0 || m_history.server.overQuota > 0
        || m_history.server.shrinksExists;
}

void Simulation::notePending()
{
    if (!m_client || m_disk.isFrozen())
        return;
    std::map<std::int64_t, QString> rows;
    for (const PendingRow &row : m_client->pending()) {
        const QString state = row.isQueued() ? QStringLiteral("waits")
            : row.isParked()                 ? QStringLiteral("is parked")
            : row.isDone()                   ? QStringLiteral("is done")
                                             : QStringLiteral("is in state %1").arg(row.state);
        QString text = QStringLiteral("%1 %2%3").arg(row.kind, state,
                                                     row.canBeUndone ? QString() : QStringLiteral(", without undo"));
        if (!row.isLetter())
            text += QLatin1Char(' ') + QString::fromUtf8(row.payload.left(600)) + QLatin1Char(' ')
                + QString::fromUtf8(row.progress.left(600));
        rows.emplace(row.id, text + row.error);
    }
    for (const auto &[id, text] : rows) {
        if (const auto before = m_notedPending.find(id); before == m_notedPending.end() || before->second != text)
            note(QStringLiteral("pending %1: %2").arg(QString::number(id), text));
    }
    for (const auto &[id, text] : m_notedPending) {
        if (!rows.contains(id))
            note(QStringLiteral("pending %1 is gone").arg(id));
    }
    m_notedPending = std::move(rows);
}

/** What waits for its next attempt holds up nothing but what is about the same messages: these are held up. */
std::vector<PendingRow> Simulation::heldUp()
{
    std::vector<PendingRow> found;
    if (!m_client)
        return found;
    std::vector<PendingRow> rows = m_client->pending();
    std::erase_if(rows, [](const PendingRow &row) { return !row.isQueued() || row.isLetter(); });
    const bool hasFolders = std::any_of(
        rows.begin(), rows.end(), [](const PendingRow &row) { return row.kind.endsWith(QLatin1String("folder")); });
    if (hasFolders)
        return found;
    const std::int64_t now = m_clock.wall().toMSecsSinceEpoch();
    std::set<const model::Content *> held;
    bool waits = false;
    for (const PendingRow &row : rows) {
        const std::set<const model::Content *> about = subjects({row});
        const auto move = sync::MoveOperation::fromBytes(row.kind, row.payload);
        const bool isHeld = row.nextAttemptAt > now || (move && move->follows.isValid())
            || std::any_of(about.begin(), about.end(), [&](const auto *content) { return held.contains(content); });
        waits = waits || row.nextAttemptAt > now;
        if (isHeld)
            held.insert(about.begin(), about.end());
        else if (waits)
            found.push_back(row);
    }
    return found;
}

/** What was held up rightly, by what it is about, may have come free a moment ago: then the program is at work. */
void Simulation::checkHeldUp()
{
    using namespace std::chrono_literals;
    constexpr Clock::Duration look = 5s;
    constexpr int mostLooks = 12;
    const auto states = [this] {
        std::vector<std::pair<std::int64_t, QByteArray>> found;
        for (const PendingRow &row : m_client ? m_client->pending() : std::vector<PendingRow>())
            found.emplace_back(row.id, QByteArray::number(row.state) + row.progress);
        return found;
    };
    for (int i = 0; m_outcome.isGood() && !heldUp().empty(); ++i) {
        const auto before = states();
        runFor(look);
        if (i < mostLooks && states() != before)
            continue;
        for (const PendingRow &row : heldUp())
            violation(QStringLiteral("operation %1 (%2) is held up by another one").arg(row.id).arg(row.kind));
    }
}

/** Everything that was acknowledged is on the server, or refused with a reason. */
void Simulation::checkDeeds()
{
    if (!m_client)
        return;
    std::vector<PendingRow> rows = m_client->pending();
    std::erase_if(rows, [](const PendingRow &row) { return row.isLetter(); }); // checkLetters()
    for (const PendingRow &row : rows) {
        if (row.isParked() && row.error.isEmpty())
            violation(QStringLiteral("operation %1 (%2) is parked and does not say why").arg(row.id).arg(row.kind));
        if (row.isParked() && !hasCauseToRefuse())
            violation(QStringLiteral("operation %1 (%2) is parked, and nothing was wrong: %3")
                          .arg(QString::number(row.id), row.kind, row.error));
        if (!row.isParked() && !row.isDone())
            violation(
                QStringLiteral("operation %1 (%2) still waits: %3").arg(QString::number(row.id), row.kind, row.error));
    }
    std::vector<PendingRow> parked;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(parked),
                 [](const PendingRow &row) { return row.isParked(); });
    checkRefusals(parked);
    for (const QString &wrong : m_ledger.check(subjects(parked)))
        violation(wrong);
}

} // namespace kittiwake::sim
