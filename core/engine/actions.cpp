// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/actions.h"

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
    OperationId last;
    for (const auto &[mailbox, uids] : *messages) {
        const auto noted = m_journal.changeFlags(mailbox, uids, request.change);
        if (!noted)
            co_return failure(noted.error());
        if (noted->isValid())
            last = *noted;
    }
    Result<ActionReport> done = co_await report(last, request.wait);
    co_return done;
}

/** What a request comes to for the messages of one mailbox. */
struct Actions::Course {
    mail::MoveKind kind = mail::MoveKind::Move;
    MailboxId target; ///< none: for good, or (isMarkOnly) nowhere
    mail::FlagChange change;
    bool isMarkOnly = false; ///< they stay, and only change goes to the server
};

Result<Actions::Course> Actions::courseOf(const MoveRequest &request, MailboxId mailbox) const
{
    using mail::MailboxRole;
    using mail::MoveKind;
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row)
        return failure(row.error());
    if (!*row)
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    const auto tree = m_environment.store.mailboxes((*row)->account);
    if (!tree)
        return failure(tree.error());
    const auto withRole = [&tree](MailboxRole role) {
        const auto found = std::find_if(tree->begin(), tree->end(), [role](const store::MailboxRow &one) {
            return one.role == role && one.selectable;
        });
        return found == tree->end() ? MailboxId() : found->id;
    };
    Course course{request.kind, request.target, {}, false};
    QString missing;
    switch (request.kind) {
    case MoveKind::Move:
    case MoveKind::Copy:
        missing = QCoreApplication::translate("core", "There is no such folder.");
        break;
    case MoveKind::Expunge:
        course.target = {};
        return course;
    case MoveKind::Delete:
        course.target = withRole(MailboxRole::Trash);
        if ((*row)->role == MailboxRole::Trash)
            return Course{MoveKind::Expunge, {}, {}, false};
        missing = QCoreApplication::translate("core",
                                              "This account has no folder for deleted messages. Make one called Trash, "
                                              "or delete them for good.");
        break;
    case MoveKind::Archive:
        // Gmail keeps everything in All Mail: what leaves the Inbox is archived.
        course.target = withRole(MailboxRole::Archive);
        if (!course.target.isValid())
            course.target = withRole(MailboxRole::All);
        missing
            = QCoreApplication::translate("core", "This account has no archive. Make a folder called Archive first.");
        break;
    case MoveKind::Junk:
    case MoveKind::NotJunk: {
        const bool isJunk = request.kind == MoveKind::Junk;
        // The registered keywords (RFC 9051 section 2.3.2), from which servers and other clients learn.
        (isJunk ? course.change.add : course.change.remove).addByName(QByteArrayLiteral("$Junk"));
        (isJunk ? course.change.remove : course.change.add).addByName(QByteArrayLiteral("$NotJunk"));
        course.target = withRole(isJunk ? MailboxRole::Junk : MailboxRole::Inbox);
        course.isMarkOnly = isJunk == ((*row)->role == MailboxRole::Junk);
        missing
            = QCoreApplication::translate("core", "This account has no folder for junk. Make one called Junk first.");
        break;
    }
    }
    if (!course.target.isValid() && !course.isMarkOnly)
        return failure(ErrorKind::Input, (*row)->name.text, missing);
    return course;
}

async::Task<Result<ActionReport>> Actions::move(MoveRequest request)
{
    const auto messages = chosen(request.messages, request.mailbox, request.uids);
    if (!messages)
        co_return failure(messages.error());
    OperationId last;
    for (const auto &[mailbox, uids] : *messages) {
        const auto course = courseOf(request, mailbox);
        if (!course)
            co_return failure(course.error());
        const auto noted = course->isMarkOnly
            ? m_journal.changeFlags(mailbox, uids, course->change)
            : m_journal.move(mailbox, uids, course->kind, course->target, course->change);
        if (!noted)
            co_return failure(noted.error());
        if (noted->isValid())
            last = *noted;
    }
    Result<ActionReport> done = co_await report(last, request.wait);
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
    const auto all = m_pending.list(account);
    if (!all || m_replay == Replay::No)
        co_return;
    OperationId last;
    for (const store::PendingOperation &operation : *all) {
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
    co_return ActionReport{operation, store::operationStateName((*found)->state), (*found)->error};
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
        if (const auto flags = sync::FlagOperation::fromBytes(operation.payload)) {
            action.mailbox = flags->mailbox.text;
            for (const sync::FlagGroup &group : flags->groups)
                action.messages += static_cast<std::int64_t>(group.uids.count());
        } else if (const auto move = sync::MoveOperation::fromBytes(operation.kind, operation.payload)) {
            action.mailbox = move->source.text;
            if (move->target)
                action.target = move->target->text;
            action.messages = static_cast<std::int64_t>(move->messages.size());
        }
        result.push_back(std::move(action));
    }
    return result;
}

} // namespace kittiwake::engine
