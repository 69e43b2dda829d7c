// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/mailing.h"

#include "core/base/log.h"
#include "core/smtp/refusal.h"
#include "core/sync/outbox/sentcopy.h"
#include "core/sync/outbox/submission.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::engine
{

namespace
{

/** The names of kittiwakectl's JSON. */
QString stateName(store::OperationState state)
{
    switch (state) {
    case store::OperationState::Running:
        return QStringLiteral("sending");
    case store::OperationState::Done:
        return QStringLiteral("sent");
    default:
        return store::operationStateName(state);
    }
}

} // namespace

Mailing::Mailing(const sync::Environment &environment, store::PendingStore &pending, sync::Journal &journal,
                 AccountFinder finder, ProgressHandler progress, LimitHandler limit, bool paused)
    : m_environment(environment), m_pending(pending), m_journal(journal), m_findAccount(std::move(finder)),
      m_isPaused(paused),
      m_outbox(environment, pending,
               {m_findAccount,
                [this](const store::PendingOperation &operation, const sync::Outgoing &outgoing) {
                    return consequences(operation, outgoing);
                },
                [this](const sync::Outgoing &outgoing) {
                    return m_drafts.accepted ? m_drafts.accepted(outgoing) : Result<void>();
                },
                [this](AccountId account) { m_journal.adopt(account); },
                [this] {
                    m_journal.retell();
                    if (m_drafts.changed)
                        m_drafts.changed();
                },
                [progress = std::move(progress)](OperationId operation, std::uint64_t sent, std::uint64_t total) {
                    if (progress)
                        progress({operation, sent, total});
                },
                std::move(limit)})
{
    m_outbox.setPaused(paused);
}

bool Mailing::has(OperationId operation) const
{
    const auto found = m_pending.find(operation);
    return found && *found && sync::Outbox::isMessage((*found)->kind);
}

std::vector<store::PendingOperation> Mailing::consequences(const store::PendingOperation &operation,
                                                           const sync::Outgoing &outgoing)
{
    std::vector<store::PendingOperation> parts;
    const AccountId account = operation.account;
    const auto known = m_findAccount(account);
    if (known && outgoing.wantsCopy)
        parts = sync::sentCopyParts(m_environment, m_pending, operation, outgoing.hiddenFields,
                                    sync::savesSentItself(*known));
    mark(account, outgoing.answers, QByteArrayLiteral("\\Answered"), parts);
    mark(account, outgoing.forwards, QByteArrayLiteral("$Forwarded"), parts);
    markOrigins(outgoing, parts);
    if (m_drafts.removal && outgoing.draft.isValid()) {
        for (store::PendingOperation &gone : m_drafts.removal(outgoing))
            parts.push_back(std::move(gone));
    }
    return parts;
}

void Mailing::mark(AccountId account, const QByteArrayList &ids, const QByteArray &flag,
                   std::vector<store::PendingOperation> &parts) const
{
    mail::FlagChange change;
    change.add.addByName(flag);
    for (const QByteArray &id : ids) {
        auto marks = m_journal.markParts(account, id, change);
        if (!marks) {
            qCWarning(logEngine) << marks.error();
            continue;
        }
        for (store::PendingOperation &part : *marks)
            parts.push_back(std::move(part));
    }
}

void Mailing::markOrigins(const sync::Outgoing &outgoing, std::vector<store::PendingOperation> &parts) const
{
    for (const sync::DraftOrigin &origin : outgoing.origins) {
        const bool isForwarded = origin.how == sync::DraftOrigin::How::Forwards;
        if (!origin.messageId.isEmpty() && m_findAccount(origin.account)) // the account may have been removed
            mark(origin.account, {origin.messageId},
                 isForwarded ? QByteArrayLiteral("$Forwarded") : QByteArrayLiteral("\\Answered"), parts);
    }
}

Result<smtp::PreparedMessage> Mailing::prepare(AccountId id, QByteArray message, const QString &from,
                                               const std::optional<smtp::Resending> &resending)
{
    const auto account = m_findAccount(id);
    if (!account)
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such account."));
    if (!account->smtp)
        return failure(ErrorKind::Input, account->email,
                       QCoreApplication::translate("core",
                                                   "The account %1 has no server for outgoing mail; add one in its "
                                                   "settings.")
                           .arg(account->email));
    const smtp::PrepareOptions options{from, m_environment.clock.wall().toLocalTime(), resending};
    return smtp::prepareMessage(std::move(message), options, m_environment.random);
}

async::Task<Result<void>> Mailing::checkSize(AccountId account, std::uint64_t octets)
{
    const auto known = m_findAccount(account);
    if (!known || !known->smtp || known->submissionLimit == 0 || octets <= known->submissionLimit)
        co_return Result<void>();
    std::uint64_t limit = known->submissionLimit;
    if (!m_isPaused) {
        const auto told = co_await m_outbox.askLimit(*known);
        limit = told.value_or(limit);
    }
    if (limit == 0 || octets <= limit)
        co_return Result<void>();
    const smtp::Refusal refusal = smtp::tooLargeRefusal(known->smtp->endpoint.text(), octets, limit);
    co_return failure(ErrorKind::Input, known->smtp->endpoint.text(), refusal.userText);
}

async::Task<Result<SendReport>> Mailing::send(SendRequest request)
{
    auto prepared = prepare(request.account, std::move(request.message), request.from);
    if (!prepared)
        co_return failure(prepared.error());
    const auto fits = co_await checkSize(request.account, static_cast<std::uint64_t>(prepared->bytes.size()));
    if (!fits)
        co_return failure(fits.error());
    sync::Outgoing outgoing = sync::Outgoing::of(*prepared);
    outgoing.wantsCopy = request.wantsCopy;
    outgoing.wantsDeliveryReport = request.wantsDeliveryReport;
    const auto id = m_outbox.add(request.account, outgoing, prepared->bytes, request.notBefore);
    if (!id)
        co_return failure(id.error());
    prepared->bytes = QByteArray();
    const QString messageId = QString::fromLatin1(outgoing.messageId);
    Result<SendReport> done = co_await report(*id, messageId, request.wait);
    co_return done;
}

async::Task<Result<SendReport>> Mailing::report(OperationId operation, QString messageId, bool wait)
{
    const auto record = m_pending.find(operation);
    const AccountId account = record && *record ? (*record)->account : AccountId();
    if (wait && !m_isPaused) {
        const store::OperationState state = co_await m_outbox.attempted(operation);
        Q_UNUSED(state)
        // The copy in Sent and the marks, once; what the removal of the draft has found goes by a second operation.
        OperationId before = operation;
        for (int round = 0; round < 2; ++round) {
            const auto briefs = m_pending.briefs(account);
            OperationId last;
            for (const store::PendingBrief &brief : briefs.value_or(std::vector<store::PendingBrief>())) {
                if (!sync::Outbox::isMessage(brief.kind) && brief.id > before
                    && brief.state == store::OperationState::Queued)
                    last = std::max(last, brief.id);
            }
            if (!last.isValid())
                break;
            const store::OperationState replayed = co_await m_journal.attempted(last);
            Q_UNUSED(replayed)
            before = last;
        }
    }
    const auto found = m_pending.find(operation);
    if (!found)
        co_return failure(found.error());
    if (!*found)
        co_return SendReport{operation, stateName(store::OperationState::Done), messageId, {}};
    co_return SendReport{operation, stateName((*found)->state), messageId, (*found)->error};
}

async::Task<Result<ActionReport>> Mailing::retry(OperationId operation)
{
    const auto again = m_outbox.retry(operation);
    if (!again)
        co_return failure(again.error());
    const auto done = co_await report(operation, {}, true);
    if (!done)
        co_return failure(done.error());
    co_return ActionReport{done->operation, done->state, done->error};
}

async::Task<Result<void>> Mailing::drop(OperationId operation)
{
    co_return m_outbox.drop(operation);
}

async::Task<void> Mailing::drain(AccountId account)
{
    const auto briefs = m_pending.briefs(account);
    if (!briefs || m_isPaused)
        co_return;
    const std::int64_t now = m_environment.clock.wall().toMSecsSinceEpoch();
    OperationId last;
    for (const store::PendingBrief &brief : *briefs) {
        if (sync::Outbox::isMessage(brief.kind) && brief.state == store::OperationState::Queued
            && brief.nextAttemptAt <= now)
            last = brief.id;
    }
    if (!last.isValid())
        co_return;
    m_outbox.start();
    const store::OperationState state = co_await m_outbox.attempted(last);
    Q_UNUSED(state) // What was refused is in the outbox, and what could not be asked is asked again.
}

void Mailing::describe(const store::PendingOperation &operation, PendingAction &action)
{
    if (!sync::Outbox::isMessage(operation.kind))
        return;
    action.state = stateName(operation.state);
    const auto outgoing = sync::Outgoing::fromBytes(operation.payload);
    if (!outgoing)
        return;
    action.messages = 1;
    action.subject = outgoing->subject;
    action.notBefore = operation.state == store::OperationState::Queued ? operation.nextAttemptAt : 0;
    QStringList addresses;
    for (const sync::OutgoingRecipient &recipient : outgoing->recipients) {
        using State = sync::OutgoingRecipient::State;
        const QString state = recipient.state == State::Accepted ? QStringLiteral("accepted")
            : recipient.state == State::Refused                  ? QStringLiteral("refused")
            : recipient.state == State::Unknown                  ? QStringLiteral("unknown")
                                                                 : QStringLiteral("waiting");
        action.recipients.push_back({recipient.address, state, recipient.error});
        addresses.append(recipient.address);
    }
    action.target = addresses.join(QStringLiteral(", "));
}

} // namespace kittiwake::engine
