// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/operations/replayerrors.h"
#include "core/sync/outbox/outboxrunner.h"

#include <QCoreApplication>

#include <algorithm>

/** What becomes of a message after an attempt. */
namespace kittiwake::sync
{

namespace
{

using store::OperationState;
using store::PendingOperation;
using State = OutgoingRecipient::State;

/** Between attempts that a server asks for: half a minute, a minute, … an hour. Greylisting wants about five minutes.
 */
std::chrono::milliseconds pauseOf(int attempts)
{
    return std::min<std::chrono::milliseconds>(std::chrono::seconds(30) * (1 << std::clamp(attempts - 1, 0, 10)),
                                               std::chrono::hours(1));
}

/** Only the person can change what stands in the way; trying again by itself might even lock the account. */
bool needsPerson(const Error &error)
{
    return error.kind == ErrorKind::Auth || error.kind == ErrorKind::Tls;
}

} // namespace

/**
 * A pause ends by the computer's clock, which may be put back in the middle of it: then it would last for days. What is
 * further away than it was meant to be begins anew. A time that the person has chosen stays what it is.
 */
void Outbox::mendPauses(AccountId account)
{
    const auto briefs = m_pending.briefs(account);
    if (!briefs)
        return;
    for (const store::PendingBrief &brief : *briefs) {
        if (!isMessage(brief.kind) || brief.state != OperationState::Queued || brief.nextAttemptAt <= now())
            continue;
        const auto found = m_pending.find(brief.id);
        if (!found || !*found)
            continue;
        PendingOperation operation = **found;
        const std::int64_t wish = operation.nextAttemptAt - operation.createdAt;
        if (operation.attempts == 0 && wish > std::chrono::milliseconds(longestUndo).count())
            continue;
        const std::int64_t meant = operation.attempts == 0 ? wish : pauseOf(operation.attempts).count();
        if (operation.nextAttemptAt - now() <= meant)
            continue;
        operation.nextAttemptAt = now() + meant;
        if (auto noted = m_pending.update(operation); !noted)
            qCWarning(logSync) << noted.error();
    }
}

void Outbox::write(const PendingOperation &operation)
{
    if (auto noted = m_pending.update(operation); !noted)
        qCWarning(logSync) << noted.error(); // It says "being handed over" then: askAboutLost().
    tell(operation.id, operation.state);
    m_hooks.changed();
}

void Outbox::park(PendingOperation operation, const QString &sentence)
{
    operation.state = OperationState::Failed;
    operation.error = sentence;
    write(operation);
}

void Outbox::askPerson(PendingOperation operation, Outgoing outgoing, const QString &where)
{
    outgoing.change(State::Waiting, State::Unknown);
    operation.payload = outgoing.toBytes();
    operation.state = OperationState::Unknown;
    operation.error = where.isEmpty()
        ? QCoreApplication::translate("core",
                                      "Kittiwake ended while this message was handed over, so it may have been sent or "
                                      "not. Ask a recipient, then send it again or give it up.")
        : QCoreApplication::translate("core",
                                      "The whole message went to %1, but its answer was lost, so it may have been sent "
                                      "or not. Ask a recipient, then send it again or give it up.")
              .arg(where);
    write(operation);
}

/** No attempt was made, or none that the server could have taken for a message. */
void Outbox::postpone(PendingOperation operation, const Error &error, Runner &state)
{
    if (error.kind == ErrorKind::Cancelled)
        return;
    operation.state = OperationState::Queued; // also where its end was noted down but never went out
    ++operation.attempts;
    operation.error = error.userText;
    if (!isTemporary(error) && error.kind != ErrorKind::Storage) {
        park(std::move(operation), error.userText);
        return;
    }
    state.isPostponed = true;
    state.needsPerson = needsPerson(error);
    write(operation);
}

void Outbox::settle(PendingOperation operation, Outgoing outgoing, const smtp::Outcome &outcome)
{
    const auto account = m_hooks.findAccount(operation.account);
    const QString where = account && account->smtp ? account->smtp->endpoint.text() : QString();
    if (outcome.state == smtp::Outcome::State::Unknown) {
        askPerson(std::move(operation), std::move(outgoing), where);
        return;
    }
    if (!outcome.refusal) {
        settleRecipients(std::move(operation), std::move(outgoing), outcome);
        return;
    }
    if (operation.state == OperationState::Queued)
        ++operation.attempts; // refused before its end
    operation.error = outcome.refusal->userText;
    const bool isPatient = now() - operation.createdAt < std::chrono::milliseconds(patience).count();
    if (outcome.refusal->isTemporary && isPatient) {
        operation.state = OperationState::Queued;
        operation.nextAttemptAt = now() + pauseOf(operation.attempts).count();
    } else {
        operation.state = OperationState::Failed;
    }
    write(operation);
}

void Outbox::settleRecipients(PendingOperation operation, Outgoing outgoing, const smtp::Outcome &outcome)
{
    const bool isSent = outcome.state == smtp::Outcome::State::Sent;
    const bool isPatient = now() - operation.createdAt < std::chrono::milliseconds(patience).count();
    QStringList reasons;
    for (const smtp::RecipientResult &result : outcome.recipients) {
        const auto recipient
            = std::find_if(outgoing.recipients.begin(), outgoing.recipients.end(), [&](const OutgoingRecipient &one) {
                  return one.state == State::Waiting && one.address == result.recipient.text();
              });
        if (recipient == outgoing.recipients.end())
            continue;
        if (!result.refusal) {
            if (isSent)
                recipient->state = State::Accepted;
            continue;
        }
        recipient->error = result.refusal->userText;
        if (!result.refusal->isTemporary || !isPatient)
            recipient->state = State::Refused;
        if (!reasons.contains(recipient->error))
            reasons.append(recipient->error);
    }
    // Those that an earlier attempt has lost are told of as well.
    for (const OutgoingRecipient &recipient : outgoing.recipients) {
        if (recipient.state == State::Refused && !reasons.contains(recipient.error))
            reasons.append(recipient.error);
    }
    if (operation.state == OperationState::Queued)
        ++operation.attempts; // no recipient was left, so it never came to its end
    operation.error = reasons.mid(0, 5).join(u' ');
    if (isSent && !reasons.isEmpty())
        operation.error = QCoreApplication::translate("core", "The others have the message. %1").arg(operation.error);
    if (outgoing.hasAny(State::Waiting)) {
        operation.state = OperationState::Queued;
        operation.nextAttemptAt = now() + pauseOf(operation.attempts).count();
    } else {
        operation.state = outgoing.hasAny(State::Refused) ? OperationState::Failed : OperationState::Done;
    }
    std::vector<PendingOperation> parts;
    const bool isAccepted = isSent && !outgoing.isCopied;
    if (isAccepted) {
        parts = m_hooks.consequences(operation, outgoing);
        outgoing.isCopied = true;
    }
    operation.payload = outgoing.toBytes();
    writeSent(operation, outgoing, parts, isAccepted);
}

void Outbox::writeSent(const PendingOperation &operation, const Outgoing &outgoing,
                       const std::vector<PendingOperation> &parts, bool isAccepted)
{
    const auto noted = m_pending.inTransaction([&]() -> Result<void> {
        const auto concluded = m_pending.conclude(operation, parts);
        if (!concluded)
            return failure(concluded.error());
        return isAccepted && m_hooks.accepted ? m_hooks.accepted(outgoing) : Result<void>();
    });
    if (!noted)
        qCWarning(logSync) << noted.error(); // It still says "being handed over": askAboutLost().
    if (noted && (isAccepted || !parts.empty())) {
        m_hooks.followed(operation.account);
        for (const PendingOperation &part : parts) {
            if (part.account != operation.account)
                m_hooks.followed(part.account);
        }
    }
    tell(operation.id, operation.state);
    m_hooks.changed();
}

} // namespace kittiwake::sync
