// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/actions.h"

#include "core/engine/mailing.h"
#include "core/sync/mailboxsync/comparison.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace kittiwake::engine
{

namespace
{

/** "*" and "n:*" with the largest UID that the cache has; an open set would speak of messages nobody has seen. */
Result<imap::UidSet> closed(const store::CacheStore &store, MailboxId mailbox, const QByteArray &text)
{
    auto uids = imap::UidSet::parse(text);
    if (!uids)
        return failure(ErrorKind::Input, QString::fromLatin1(text),
                       QCoreApplication::translate("core", "Messages are named by their UIDs, as in 1,5:9,*."));
    const std::uint32_t open = uids->numbers().openFrom();
    if (open == 0)
        return *uids;
    const auto bounds = store.uidBounds(mailbox);
    if (!bounds)
        return failure(bounds.error());
    imap::UidSet result = imap::UidSet(imap::SequenceSet::fromRanges(uids->ranges()));
    if (*bounds) // "n:*" always includes the last one, also where n is larger (RFC 9051 section 9, seq-range).
        result.addRange(std::min(Uid(open), (*bounds)->last), (*bounds)->last);
    return result;
}

} // namespace

Actions::Actions(const sync::Environment &environment, store::PendingStore &pending,
                 sync::Journal::AccountFinder finder, std::function<void(const PendingSummary &)> changed,
                 Replay replay)
    : m_environment(environment), m_pending(pending), m_replay(replay),
      m_journal(environment, pending, std::move(finder), [this, changed = std::move(changed)] {
          const sync::PendingSummary summary = m_journal.summary();
          changed({summary.waiting, summary.failed});
      })
{
    m_journal.setPaused(replay == Replay::No);
}

Result<Actions::Chosen> Actions::chosen(const std::vector<MessageId> &messages, MailboxId mailbox,
                                        const QByteArray &text) const
{
    if (messages.empty()) {
        auto uids = closed(m_environment.store, mailbox, text);
        // A range speaks of what is shown there; who names a message by its UID means that one, also where it is shown
        // in another mailbox already.
        if (uids && (text.contains(':') || text.contains('*')))
            uids = shownOf(mailbox, *uids);
        if (!uids)
            return failure(std::move(uids.error()));
        return Chosen{{mailbox, std::move(*uids)}};
    }
    std::map<MailboxId, std::vector<Uid>> found;
    for (const MessageId message : messages) {
        const auto location = m_environment.store.locate(message);
        if (!location)
            return failure(location.error());
        if (*location)
            found[(*location)->mailbox].push_back((*location)->uid);
    }
    Chosen result;
    result.reserve(found.size());
    for (const auto &[owner, uids] : found)
        result.emplace_back(owner, imap::UidSet::fromUids(uids));
    return result;
}

Result<imap::UidSet> Actions::shownOf(MailboxId mailbox, const imap::UidSet &uids) const
{
    const auto shown = m_environment.store.shownFlags(mailbox, sync::rangesOf(uids));
    if (!shown)
        return failure(shown.error());
    std::vector<Uid> here;
    for (const store::ShownFlags &message : *shown) {
        if (!message.isElsewhere)
            here.push_back(message.uid);
    }
    return imap::UidSet::fromUids(here);
}

async::Task<Result<ActionReport>> Actions::changeFlags(FlagRequest request)
{
    const auto messages = chosen(request.messages, request.mailbox, request.uids);
    if (!messages)
        co_return failure(messages.error());
    std::vector<store::PendingOperation> parts;
    for (const auto &[mailbox, uids] : *messages) {
        auto part = m_journal.flagsPart(mailbox, uids, request.change);
        if (!part)
            co_return failure(part.error());
        if (*part)
            parts.push_back(std::move(**part));
    }
    const auto noted = m_journal.note(std::move(parts));
    if (!noted)
        co_return failure(noted.error());
    Result<ActionReport> done = co_await report(*noted, request.wait);
    co_return done;
}

/**
 * What an action comes to depends on the folder in which the person sees the message, which is another one than the
 * server's until that has been told: "delete" in the Trash is for good, and nowhere else.
 */
Result<Actions::Chosen> Actions::byPlace(MailboxId mailbox, const imap::UidSet &uids) const
{
    const auto shown = m_environment.store.shownMessages(mailbox, sync::rangesOf(uids));
    if (!shown)
        return failure(shown.error());
    std::map<MailboxId, std::vector<Uid>> found;
    for (const store::ShownMessage &message : *shown)
        found[message.shownIn].push_back(message.uid);
    Chosen result;
    result.reserve(std::max<std::size_t>(1, found.size()));
    for (const auto &[place, members] : found)
        result.emplace_back(place, imap::UidSet::fromUids(members));
    if (result.empty()) // nothing is there: still an answer to whether it could be done
        result.emplace_back(mailbox, uids);
    return result;
}

async::Task<Result<ActionReport>> Actions::move(MoveRequest request)
{
    const auto messages = chosen(request.messages, request.mailbox, request.uids);
    if (!messages)
        co_return failure(messages.error());
    std::vector<store::PendingOperation> parts;
    std::vector<AccountId> prepared;
    for (const auto &[mailbox, uids] : *messages) {
        const auto places = byPlace(mailbox, uids);
        if (!places)
            co_return failure(places.error());
        for (const auto &[place, members] : *places) {
            auto course = courseOf(request, place);
            if (!course)
                co_return failure(course.error());
            auto part = course->isMarkOnly
                ? m_journal.flagsPart(mailbox, members, course->change)
                : m_journal.movePart(mailbox, members, course->kind, course->target, course->targetId, course->change);
            if (!part)
                co_return failure(part.error());
            if (!*part)
                continue;
            const AccountId account = (*part)->account;
            const bool isNew = course->folder && std::find(prepared.begin(), prepared.end(), account) == prepared.end();
            if (isNew) {
                prepared.push_back(account);
                parts.push_back(std::move(*course->folder));
            }
            parts.push_back(std::move(**part));
        }
    }
    const auto noted = m_journal.note(std::move(parts));
    if (!noted)
        co_return failure(noted.error());
    Result<ActionReport> done = co_await report(*noted, request.wait);
    co_return done;
}

async::Task<Result<ActionReport>> Actions::undo(bool wait)
{
    const auto noted = m_journal.undo();
    if (!noted)
        co_return failure(noted.error());
    Result<ActionReport> done = co_await report(*noted, wait);
    co_return done;
}

async::Task<Result<ActionReport>> Actions::retry(OperationId operation)
{
    const auto again = m_journal.retry(operation);
    if (!again)
        co_return failure(again.error());
    Result<ActionReport> done = co_await report(operation, true);
    co_return done;
}

async::Task<Result<void>> Actions::drop(OperationId operation)
{
    co_return m_journal.drop(operation);
}

async::Task<Result<std::vector<PendingAction>>> Actions::pending()
{
    const auto all = m_pending.list();
    if (!all)
        co_return failure(all.error());
    co_return list(*all);
}

async::Task<void> Actions::drain(AccountId account)
{
    const auto all = m_pending.briefs(account);
    if (!all || m_replay == Replay::No)
        co_return;
    OperationId last;
    for (const store::PendingBrief &operation : *all) {
        if (operation.state == store::OperationState::Queued)
            last = operation.id;
    }
    if (!last.isValid())
        co_return;
    m_journal.start();
    const store::OperationState state = co_await m_journal.attempted(last);
    Q_UNUSED(state) // What was refused is in the journal, and what could not be asked is asked again.
}

async::Task<Result<ActionReport>> Actions::report(OperationId operation, bool wait)
{
    if (!operation.isValid())
        co_return ActionReport{{}, QStringLiteral("none"), {}};
    if (wait && m_replay == Replay::Yes) {
        const store::OperationState state = co_await m_journal.attempted(operation);
        Q_UNUSED(state)
    }
    const auto found = m_pending.find(operation);
    if (!found)
        co_return failure(found.error());
    // Without an undo it is forgotten once it is done.
    if (!*found)
        co_return ActionReport{operation, store::operationStateName(store::OperationState::Done), {}};
    ActionReport result{operation, store::operationStateName((*found)->state), (*found)->error};
    if (sync::AppendOperation::isKind((*found)->kind))
        result.uid = sync::AppendProgress::fromBytes((*found)->progress).uid.value();
    co_return result;
}

std::vector<PendingAction> Actions::list(const std::vector<store::PendingOperation> &operations)
{
    std::vector<PendingAction> result;
    for (const store::PendingOperation &operation : operations) {
        if (operation.state == store::OperationState::Done)
            continue;
        PendingAction action;
        action.id = operation.id;
        action.account = operation.account;
        action.kind = operation.kind;
        action.state = store::operationStateName(operation.state);
        action.attempts = operation.attempts;
        action.error = operation.error;
        action.createdAt = operation.createdAt;
        const bool isFlags = operation.kind == QLatin1String(sync::FlagOperation::kind);
        const auto flags = isFlags ? sync::FlagOperation::fromBytes(operation.payload) : std::nullopt;
        if (flags) {
            action.mailbox = flags->mailbox.text;
            for (const sync::FlagGroup &group : flags->groups)
                action.messages += static_cast<std::int64_t>(group.uids.count());
        } else if (const auto move = sync::MoveOperation::fromBytes(operation.kind, operation.payload)) {
            action.mailbox = move->source.text;
            if (move->target)
                action.target = move->target->text;
            action.canBeRetargeted = move->target && operation.state == store::OperationState::Failed;
            action.messages = static_cast<std::int64_t>(move->messages.size());
        } else if (const auto append = sync::AppendOperation::fromBytes(operation.kind, operation.payload)) {
            action.mailbox = append->mailbox.text;
            action.messages = 1;
            action.canBeRetargeted = operation.state == store::OperationState::Failed;
        } else if (sync::MarkOperation::isKind(operation.kind)) {
            action.messages = 1;
        } else if (const auto folder = sync::FolderOperation::fromBytes(operation.kind, operation.payload)) {
            action.mailbox = folder->mailbox.text;
            action.target = folder->to.text;
        } else {
            Mailing::describe(operation, action);
        }
        result.push_back(std::move(action));
    }
    return result;
}

} // namespace kittiwake::engine
