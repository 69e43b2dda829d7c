// SPDX-License-Identifier: GPL-3.0-or-later
// The receiving half of Session: status responses, tagged and untagged, and continuations.
#include "core/imap/session/imaperrors.h"
#include "core/imap/session/responserules.h"
#include "core/imap/session/session.h"

#include <algorithm>
#include <utility>

namespace kittiwake::imap
{

void Session::status(StatusResponse &&status)
{
    if (status.isTagged())
        tagged(std::move(status));
    else
        untaggedStatus(status);
}

void Session::untaggedStatus(const StatusResponse &status)
{
    if (status.kind == StatusKind::Bye) {
        // RFC 9051 section 6.1.3: BYE, then the tagged OK of LOGOUT.
        if (oldest(CommandKind::Logout) == nullptr)
            end(byeError(m_options.where, status));
        return;
    }
    if (const auto *capability = status.codeAs<CapabilityCode>())
        setCapabilities(capability->names);
    if (!m_encrypted)
        return;
    if (status.hasCode(SimpleCode::Alert))
        push(AlertReceived{status.displayText()});
    if (status.hasCode(SimpleCode::NotificationOverflow) && takesReports()) {
        m_notifying = false;
        push(ReportReceived{ReportsLost{true}});
        return;
    }
    // imap-notify.c of Dovecot 2.3 (2026-08): an error while it looks at a mailbox that it watches.
    if (m_notifying && status.kind == StatusKind::No && status.text.startsWith("NOTIFY error"))
        push(ReportReceived{ReportsLost{false}});
    if (const auto *copied = status.codeAs<CopyUidCode>()) {
        Entry *entry = oldest(CommandKind::Move);
        if (entry == nullptr)
            entry = oldest(CommandKind::Copy);
        if (entry != nullptr && !entry->abandoned)
            push(CopyUidReceived{entry->id, *copied});
        return;
    }
    if (m_mailbox.phase() != MailboxState::Phase::None && status.kind != StatusKind::PreAuth) {
        m_mailbox.code(status.code);
        pushUpdates();
        // What SELECT was told so far was about the mailbox before (RFC 7162 section 3.2.11).
        if (status.hasCode(SimpleCode::Closed))
            answer(selecting(), StatusResponse(status));
    }
}

void Session::tagged(StatusResponse &&status)
{
    const auto found
        = std::find_if(m_flight.begin(), m_flight.end(), [&](const Entry &entry) { return entry.tag == status.tag; });
    // CVE-2026-42246: an answer to what was not asked yet is not an answer.
    if (found == m_flight.end() || !found->flushed) {
        end(outOfStepError(m_options.where, QByteArrayLiteral("an answer to a command that was not sent")));
        return;
    }
    if (!found->isComplete() && status.kind == StatusKind::Ok) {
        end(outOfStepError(m_options.where, QByteArrayLiteral("OK to half a command")));
        return;
    }
    if (status.hasCode(SimpleCode::Alert) && m_encrypted)
        push(AlertReceived{status.displayText()});
    if (status.kind == StatusKind::Ok
        && (found->kind == CommandKind::StartTls || found->kind == CommandKind::Compress)) {
        m_upgrade = found->kind == CommandKind::StartTls ? UpgradeWanted::Kind::Tls : UpgradeWanted::Kind::Deflate;
        return;
    }
    Entry entry = std::move(*found);
    m_flight.erase(found);
    settle(entry, std::move(status));
    sendReady();
}

void Session::settle(Entry &entry, StatusResponse &&status)
{
    if (!mayAnswerWith(entry.kind, status.code))
        status.code = {};
    const bool signIn = entry.kind == CommandKind::Authenticate;
    if (signIn && status.kind == StatusKind::Ok
        && (entry.saslError || (entry.sasl && sasl::provesServer(entry.sasl->mechanism()) && !entry.sasl->isDone()))) {
        end(unprovenServerError(m_options.where));
        return;
    }
    applyResult(entry, status);
    if (!entry.abandoned)
        push(CommandFinished{entry.id, entry.kind, std::move(status), std::move(entry.saslError)});
    if (entry.kind == CommandKind::Logout)
        end(closedError(m_options.where, false), true);
}

void Session::applyResult(const Entry &entry, const StatusResponse &status)
{
    const bool ok = status.kind == StatusKind::Ok;
    switch (entry.kind) {
    case CommandKind::Authenticate:
    case CommandKind::Login:
        if (!ok)
            break;
        m_state = SessionState::Authenticated;
        if (const auto *capability = status.codeAs<CapabilityCode>())
            setCapabilities(capability->names);
        break;
    case CommandKind::Select:
    case CommandKind::Examine:
        if (ok) {
            m_mailbox.finishSelect(status);
            m_state = SessionState::Selected;
        } else {
            m_mailbox.close();
        }
        break;
    case CommandKind::Idle:
        m_idleEndedByUs = entry.doneSent;
        break;
    case CommandKind::Notify:
        // Refused, the server goes on as before (RFC 5465 section 3.1).
        if (ok)
            m_notifying = entry.hints.notifies;
        break;
    case CommandKind::Unselect:
    case CommandKind::Close:
        if (ok) {
            m_mailbox.close();
            m_state = SessionState::Authenticated;
        }
        break;
    default:
        if (std::holds_alternative<HighestModSeqCode>(status.code))
            m_mailbox.code(status.code);
        break;
    }
}

void Session::continuation(const ContinuationRequest &request)
{
    for (Entry &entry : m_flight) {
        if (!entry.flushed)
            continue;
        if (!entry.isComplete()) {
            entry.serverWaits = true;
            writePieces(entry);
            sendReady();
            return;
        }
        if (entry.kind == CommandKind::Authenticate && entry.sasl) {
            answerChallenge(entry, request);
            return;
        }
        if (entry.kind == CommandKind::Idle && !entry.idleConfirmed) {
            entry.serverWaits = true;
            entry.idleConfirmed = true;
            if (entry.doneWanted)
                sendDone(entry);
            else if (m_queue.empty() && !entry.abandoned)
                push(IdleStarted{entry.id});
            sendReady();
            return;
        }
    }
    malformed(QByteArrayLiteral("a continuation that nothing waits for"), false);
}

void Session::answerChallenge(Entry &entry, const ContinuationRequest &request)
{
    entry.serverWaits = true;
    m_outputAsks = true;
    // What stands in the prompt for a client-first mechanism's first response, and in the prompts of LOGIN, has no
    // meaning; some servers put a sentence there that is no base64.
    const bool prompt = !sasl::provesServer(entry.sasl->mechanism()) || !entry.sasl->isStarted();
    const std::optional<QByteArray> challenge = prompt ? QByteArray() : request.decoded();
    Result<QByteArray> response = QByteArray();
    if (entry.saslError || !challenge)
        response = failure(outOfStepError(m_options.where, QByteArrayLiteral("a challenge that is no base64")));
    else
        response = entry.sasl->step(*challenge);
    if (!response) {
        if (!entry.saslError)
            entry.saslError = response.error();
        m_output.append(Command::authenticateCancelLine());
        traceSent(QByteArrayLiteral("*"));
        return;
    }
    m_output.append(Command::authenticateLine(Secret(std::move(*response))));
    traceSent(QByteArrayLiteral("(SASL response)"));
}

} // namespace kittiwake::imap
