// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/outbox/outbox.h"

#include "core/base/log.h"
#include "core/sync/outbox/contentsource.h"
#include "core/sync/outbox/outboxrunner.h"
#include "core/sync/outbox/submission.h"

#include <QCoreApplication>

namespace kittiwake::sync
{

namespace
{

using store::OperationState;
using store::PendingOperation;

constexpr std::chrono::seconds patientGreeting{300}; // RFC 5321 section 4.5.3.2.1
constexpr std::chrono::seconds hurriedGreeting{30}; // a person waits

Failure beingSent(const PendingOperation &operation)
{
    return failure(ErrorKind::Input, QString::number(operation.id.value()),
                   QCoreApplication::translate("core",
                                               "The message is being handed over to the server at this moment; look "
                                               "again in a few seconds."));
}

} // namespace

Outbox::Outbox(const Environment &environment, store::PendingStore &pending, OutboxHooks hooks)
    : m_environment(environment), m_pending(pending), m_hooks(std::move(hooks))
{
}

Outbox::~Outbox() = default;

std::int64_t Outbox::now() const
{
    return m_environment.clock.wall().toMSecsSinceEpoch();
}

Result<void> Outbox::restore()
{
    return askAboutLost({});
}

/**
 * While nothing is being handed over nothing can be "being handed over": the program ended in the middle of it, or the
 * disk did not take what had become of it. account: none for all.
 */
Result<void> Outbox::askAboutLost(AccountId account)
{
    const auto briefs = m_pending.briefs(account);
    if (!briefs)
        return failure(briefs.error());
    for (const store::PendingBrief &brief : *briefs) {
        if (!isMessage(brief.kind) || brief.state != OperationState::Running)
            continue;
        const auto found = m_pending.find(brief.id);
        if (!found)
            return failure(found.error());
        const auto outgoing = *found ? Outgoing::fromBytes((*found)->payload) : std::nullopt;
        if (outgoing)
            askPerson(**found, *outgoing, {});
    }
    return {};
}

void Outbox::start()
{
    const auto briefs = m_pending.briefs();
    if (!briefs) {
        qCWarning(logSync) << briefs.error();
        return;
    }
    for (const store::PendingBrief &brief : *briefs) {
        const bool isOpen = brief.state == OperationState::Queued || brief.state == OperationState::Running;
        if (isMessage(brief.kind) && isOpen)
            runner(brief.account).signal.set();
    }
}

Result<OperationId> Outbox::add(AccountId account, const Outgoing &outgoing, const QByteArray &message,
                                std::int64_t notBefore)
{
    PendingOperation operation;
    operation.account = account;
    operation.kind = QString::fromLatin1(Outgoing::kind);
    operation.payload = outgoing.toBytes();
    operation.createdAt = now();
    operation.nextAttemptAt = notBefore;
    auto id = m_pending.add(operation, message);
    if (!id)
        return id;
    m_hooks.changed();
    Runner &state = runner(account);
    state.needsPerson = false; // the person is here
    state.signal.set();
    return id;
}

Result<void> Outbox::retry(OperationId operation)
{
    const auto found = m_pending.find(operation);
    if (!found)
        return failure(found.error());
    auto outgoing = *found ? Outgoing::fromBytes((*found)->payload) : std::nullopt;
    if (!outgoing)
        return failure(ErrorKind::Input, QString::number(operation.value()),
                       QCoreApplication::translate("core", "There is no such message in the outbox."));
    PendingOperation again = **found;
    if (again.state == OperationState::Running)
        return beingSent(again);
    outgoing->change(OutgoingRecipient::State::Unknown, OutgoingRecipient::State::Waiting);
    outgoing->change(OutgoingRecipient::State::Refused, OutgoingRecipient::State::Waiting);
    again.payload = outgoing->toBytes();
    again.state = OperationState::Queued;
    again.nextAttemptAt = 0;
    auto noted = m_pending.update(again);
    if (!noted)
        return noted;
    m_hooks.changed();
    tryNow(again.account);
    return {};
}

Result<void> Outbox::drop(OperationId operation)
{
    const auto found = m_pending.find(operation);
    if (!found)
        return failure(found.error());
    // Connected, but not at the end of the message: noteEnd() finds it gone, and the server gets nothing.
    if (*found && (*found)->state == OperationState::Running)
        return beingSent(**found);
    auto removed = m_pending.remove(operation);
    if (removed)
        m_hooks.changed();
    return removed;
}

void Outbox::tryNow(AccountId account)
{
    Runner &state = runner(account);
    state.needsPerson = false;
    state.isPostponed = false;
    state.backoff.reset();
    state.signal.set();
}

void Outbox::forget(AccountId account)
{
    m_runners.erase(account);
}

async::Task<OperationState> Outbox::attempted(OperationId operation)
{
    const async::Completion<OperationState> done(m_environment.clock);
    m_waiting.emplace(operation, done);
    const OperationState state = co_await done;
    co_return state;
}

void Outbox::tell(OperationId operation, OperationState state)
{
    const auto [first, last] = m_waiting.equal_range(operation);
    for (auto entry = first; entry != last; ++entry)
        entry->second.complete(state);
    m_waiting.erase(first, last);
}

void Outbox::tellWaiting(AccountId account)
{
    std::vector<OperationId> waiting;
    waiting.reserve(m_waiting.size());
    for (const auto &[operation, done] : m_waiting)
        waiting.push_back(operation);
    for (const OperationId operation : waiting) {
        const auto found = m_pending.find(operation);
        if (!found)
            continue;
        if (!*found)
            tell(operation, OperationState::Done);
        else if ((*found)->account == account)
            tell(operation, (*found)->state);
    }
}

Outbox::Runner &Outbox::runner(AccountId account)
{
    auto &entry = m_runners[account];
    if (!entry) {
        entry = std::make_unique<Runner>(m_environment.clock, m_environment.random);
        entry->scope.start(run(account));
    }
    return *entry;
}

Result<std::optional<PendingOperation>> Outbox::next(AccountId account) const
{
    const auto briefs = m_pending.briefs(account);
    if (!briefs)
        return failure(briefs.error());
    for (const store::PendingBrief &brief : *briefs) {
        if (isMessage(brief.kind) && brief.state == OperationState::Queued && brief.nextAttemptAt <= now())
            return m_pending.find(brief.id);
    }
    return std::optional<PendingOperation>();
}

std::optional<Clock::Duration> Outbox::untilNext(AccountId account) const
{
    const auto briefs = m_pending.briefs(account);
    if (!briefs)
        return std::nullopt;
    std::optional<Clock::Duration> soonest;
    constexpr Clock::Duration longest = std::chrono::minutes(1);
    for (const store::PendingBrief &brief : *briefs) {
        const bool isLost = brief.state == OperationState::Running; // with a disk that was full: see askAboutLost()
        const bool waits = brief.state == OperationState::Queued && brief.nextAttemptAt > now();
        if (!isMessage(brief.kind) || (!isLost && !waits))
            continue;
        // The time of day may jump, and a computer may sleep: look again once a minute.
        const Clock::Duration pause
            = isLost ? longest : std::min(Clock::Duration(brief.nextAttemptAt - now()), longest);
        soonest = soonest ? std::min(*soonest, pause) : pause;
    }
    return soonest;
}

async::Task<void> Outbox::run(AccountId account)
{
    Runner &state = *m_runners.at(account);
    co_await state.signal.wait();
    while (true) {
        Result<std::optional<PendingOperation>> found = std::optional<PendingOperation>();
        if (!m_isPaused && !state.needsPerson) {
            if (const auto asked = askAboutLost(account); !asked)
                qCWarning(logSync) << asked.error();
            mendPauses(account);
            found = next(account);
        }
        if (!found)
            qCWarning(logSync) << found.error();
        if (!found || !*found) {
            tellWaiting(account);
            const std::optional<Clock::Duration> pause = untilNext(account);
            if (pause && !m_isPaused && !state.needsPerson) {
                const bool woken = co_await state.signal.waitFor(*pause);
                Q_UNUSED(woken)
            } else {
                co_await state.signal.wait();
            }
            continue;
        }
        state.sending = (*found)->id;
        co_await send(std::move(**found), &state);
        const OperationId tried = std::exchange(state.sending, {});
        // Nothing has changed, not even in pending.db, for want of room perhaps: no reason to try again at once.
        const auto left = next(account);
        if (!left || (*left && (*left)->id == tried))
            state.isPostponed = true;
        if (!state.isPostponed)
            continue;
        tellWaiting(account);
        if (state.needsPerson) {
            co_await state.signal.wait();
        } else {
            const bool woken = co_await state.signal.waitFor(state.backoff.next());
            Q_UNUSED(woken)
        }
        state.needsPerson = false;
        state.isPostponed = false;
    }
}

async::Task<Result<void>> Outbox::connect(smtp::Client *client, accounts::Account account,
                                          std::chrono::seconds greetingLimit)
{
    const auto password = co_await m_environment.passwords.password(account);
    if (!password)
        co_return failure(password.error());
    client->setTraceHandler(submissionTrace(m_environment.trace));
    smtp::ConnectOptions options = submissionOptions(account, *password);
    options.greetingLimit = greetingLimit;
    const auto connected = co_await client->connect(options);
    if (connected && m_hooks.limitTold)
        m_hooks.limitTold(account.id, client->extensions().largestMessage.value_or(0));
    co_return connected;
}

async::Task<Result<std::uint64_t>> Outbox::askLimit(accounts::Account account)
{
    smtp::Client client(m_environment.clock, m_environment.streams);
    const auto connected = co_await connect(&client, std::move(account), hurriedGreeting);
    if (!connected)
        co_return failure(connected.error());
    const std::uint64_t limit = client.extensions().largestMessage.value_or(0);
    co_await client.quit();
    co_return limit;
}

/** Durable before the end of the message goes out; the person may have given it up meanwhile. */
Result<void> Outbox::noteEnd(OperationId operation)
{
    const auto found = m_pending.find(operation);
    if (!found)
        return failure(found.error());
    if (!*found || (*found)->state != OperationState::Queued)
        return failure(ErrorKind::Cancelled, QString::number(operation.value()),
                       QCoreApplication::translate("core", "The message was taken back before it was sent."));
    PendingOperation running = **found;
    running.state = OperationState::Running;
    ++running.attempts;
    auto noted = m_pending.update(running);
    if (noted)
        m_hooks.changed();
    return noted;
}

async::Task<void> Outbox::send(PendingOperation operation, Runner *state)
{
    const OperationId id = operation.id;
    const auto outgoing = Outgoing::fromBytes(operation.payload);
    const auto account = m_hooks.findAccount(operation.account);
    if (!outgoing || !account || !account->smtp) {
        park(operation,
             outgoing ? QCoreApplication::translate("core",
                                                    "This account has no server for outgoing mail; add one in its "
                                                    "settings, then send again.")
                      : QCoreApplication::translate("core",
                                                    "The message was written down by a newer version of Kittiwake; "
                                                    "send it with that one."));
        co_return;
    }
    smtp::Client client(m_environment.clock, m_environment.streams);
    const auto connected = co_await connect(&client, *account, patientGreeting);
    // It may have been taken back meanwhile, or be wanted at another time.
    const auto still = m_pending.find(id);
    if (!still || !*still || (*still)->state != OperationState::Queued) {
        co_await client.quit();
        co_return;
    }
    operation = **still;
    if (!connected) {
        postpone(operation, connected.error(), *state);
        co_return;
    }
    const auto size = m_pending.contentSize(id);
    if (!size || !*size) {
        park(operation,
             size ? QCoreApplication::translate("core", "The text of this message is lost.") : size.error().userText);
        co_await client.quit();
        co_return;
    }
    ContentSource source(m_pending, id, **size);
    const auto envelope = outgoing->envelope(source.size());
    if (!envelope || envelope->recipients.empty()) {
        park(operation,
             envelope ? QCoreApplication::translate("core", "The message has no recipient left.")
                      : envelope.error().userText);
        co_await client.quit();
        co_return;
    }
    smtp::SubmitHooks hooks;
    hooks.beforeEnd = [this, id] { return noteEnd(id); };
    hooks.progress = [this, id](std::uint64_t sent, std::uint64_t total) {
        if (m_hooks.progress)
            m_hooks.progress(id, sent, total);
    };
    const auto outcome = co_await client.submit(*envelope, &source, hooks);
    const auto after = m_pending.find(id);
    if (after && *after) {
        if (outcome)
            settle(**after, *outgoing, *outcome);
        else
            postpone(**after, outcome.error(), *state);
    }
    if (outcome && outcome->state != smtp::Outcome::State::Unknown)
        state->backoff.reset();
    co_await client.quit();
}

} // namespace kittiwake::sync
