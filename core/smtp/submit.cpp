// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/async/awaiters.h"
#include "core/net/sendqueue.h"
#include "core/smtp/client.h"
#include "core/smtp/smtperrors.h"

#include <QCoreApplication>

#include <utility>

/** How a message is handed over. */
namespace kittiwake::smtp
{

namespace
{

constexpr qsizetype pieceSize = 64 * 1024;
constexpr qsizetype chunkSize = 1024 * 1024; // answered one by one: a round trip each
constexpr std::uint64_t mostUnsent = 512 * 1024;
constexpr std::chrono::seconds lastWordsLimit{5};

} // namespace

Outcome Client::concluded(Outcome outcome, const Reply &reply, const QString &where)
{
    if (reply.isPositive()) {
        outcome.state = Outcome::State::Sent;
        outcome.receipt = reply.displayText();
    } else {
        outcome.state = Outcome::State::Refused;
        outcome.refusal = refusalOf(reply, RefusalStage::Message, where, {});
    }
    return outcome;
}

Outcome Client::unknown(Outcome outcome, Error cut)
{
    outcome.state = Outcome::State::Unknown;
    outcome.cut = std::move(cut);
    return outcome;
}

async::Task<Result<void>> Client::drained(std::uint64_t most)
{
    auto *queue = dynamic_cast<net::SendQueue *>(m_stream.get());
    if (queue == nullptr)
        co_return Result<void>();
    const auto done = co_await async::withTimeout(m_clock, pieceLimit, queue->drained(most));
    if (!done)
        co_return failure(timeoutError(m_where, static_cast<int>(pieceLimit.count())));
    co_return *done;
}

async::Task<Result<Outcome>> Client::submit(Envelope envelope, MessageSource *source, SubmitHooks hooks)
{
    if (!m_stream)
        co_return failure(closedError(m_where, QStringLiteral("not connected")));
    if (envelope.recipients.empty())
        co_return failure(ErrorKind::Input, m_where,
                          QCoreApplication::translate("core", "The message has no recipient; name at least one."));
    auto outcome = co_await deliver(std::move(envelope), source, std::move(hooks));
    // Half a message on the wire: the server forgets it when the connection ends.
    if (!outcome || outcome->state == Outcome::State::Unknown)
        m_stream.reset();
    co_return outcome;
}

async::Task<Result<Outcome>> Client::deliver(Envelope envelope, MessageSource *source, SubmitHooks hooks)
{
    Outcome outcome;
    for (const Path &recipient : envelope.recipients)
        outcome.recipients.push_back({recipient, std::nullopt});
    outcome.refusal = m_session->whyNot(envelope);
    if (outcome.refusal)
        co_return outcome;
    m_session->begin(envelope);
    flush();
    const Limit limit
        = commandLimit + recipientLimit * static_cast<int>(std::min<std::size_t>(outcome.recipients.size(), 10'000));
    auto told = co_await event(limit);
    if (!told)
        co_return failure(told.error());
    auto *answered = std::get_if<EnvelopeAnswered>(&*told);
    if (answered == nullptr)
        co_return failure(outOfStepError(m_where, QStringLiteral("no answer to the envelope")));
    outcome.recipients = std::move(answered->recipients);
    outcome.refusal = std::move(answered->refusal);
    if (!answered->canGoOn) {
        auto done = co_await resetAfter(std::move(outcome));
        co_return done;
    }
    if (extensions().chunking) {
        auto done = co_await sendChunks(std::move(outcome), source, std::move(hooks));
        co_return done;
    }
    auto done = co_await sendData(std::move(outcome), source, std::move(hooks));
    co_return done;
}

/** The next message begins anew; where that fails it is found out then. */
async::Task<Result<Outcome>> Client::resetAfter(Outcome outcome)
{
    m_session->reset();
    const auto told = co_await answer(Step::Reset, commandLimit);
    if (!told)
        m_stream.reset();
    co_return outcome;
}

async::Task<Result<Outcome>> Client::sendData(Outcome outcome, MessageSource *source, SubmitHooks hooks)
{
    m_session->data();
    const auto begun = co_await answer(Step::Data, dataLimit);
    if (!begun)
        co_return failure(begun.error());
    if (begun->reply.code != 354) {
        if (begun->reply.isPositive() || begun->reply.isIntermediate())
            co_return failure(outOfStepError(m_where, begun->reply.detail()));
        auto done = co_await resetAfter(concluded(std::move(outcome), begun->reply, m_where));
        co_return done;
    }
    std::uint64_t written = 0;
    while (true) {
        auto piece = source->read(pieceSize);
        if (!piece)
            co_return failure(piece.error());
        if (piece->isEmpty())
            break;
        written += static_cast<std::uint64_t>(piece->size());
        m_session->content(*piece);
        flush();
        const auto gone = co_await drained(mostUnsent);
        if (!gone) {
            auto done = co_await refusedEarly(std::move(outcome), gone.error());
            co_return done;
        }
        if (hooks.progress)
            hooks.progress(written - std::min(written, unsent()), source->size());
    }
    // A connection that is known to be gone need not make anybody wonder whether the message was sent.
    const auto left = co_await drained(0);
    if (!left) {
        auto done = co_await refusedEarly(std::move(outcome), left.error());
        co_return done;
    }
    if (hooks.beforeEnd) {
        const auto noted = hooks.beforeEnd();
        if (!noted)
            co_return failure(noted.error());
    }
    // From here on the server may have it, whatever happens.
    m_session->endContent();
    const auto ended = co_await answer(Step::Content, endLimit);
    if (!ended)
        co_return unknown(std::move(outcome), ended.error());
    if (hooks.progress)
        hooks.progress(written, source->size());
    if (ended->reply.isIntermediate())
        co_return unknown(std::move(outcome), outOfStepError(m_where, ended->reply.detail()));
    co_return concluded(std::move(outcome), ended->reply, m_where);
}

/** The connection ended in the middle of the message: perhaps the server has said why. */
async::Task<Result<Outcome>> Client::refusedEarly(Outcome outcome, Error error)
{
    const auto told = co_await event(lastWordsLimit);
    const auto *answered = told ? std::get_if<Answered>(&*told) : nullptr;
    if (answered == nullptr || answered->step != Step::Content
        || !(answered->reply.isPermanent() || answered->reply.isTemporary()))
        co_return dead(std::move(error));
    m_stream.reset();
    co_return concluded(std::move(outcome), answered->reply, m_where);
}

async::Task<Result<Outcome>> Client::sendChunks(Outcome outcome, MessageSource *source, SubmitHooks hooks)
{
    ContentEncoder encoder(ContentEncoder::Dots::Plain);
    std::uint64_t written = 0;
    bool isLast = false;
    auto next = source->read(pieceSize);
    while (!isLast) {
        QByteArray chunk;
        while (next && !next->isEmpty() && chunk.size() < chunkSize) {
            written += static_cast<std::uint64_t>(next->size());
            chunk += encoder.encode(*next);
            next = source->read(pieceSize);
        }
        if (!next)
            co_return failure(next.error());
        isLast = next->isEmpty();
        if (isLast) {
            chunk += encoder.finish();
            if (hooks.beforeEnd) {
                const auto noted = hooks.beforeEnd();
                if (!noted)
                    co_return failure(noted.error());
            }
        }
        m_session->chunk(chunk, isLast);
        chunk.clear();
        // The pieces leave one by one, so that the limit is on each and not on a whole chunk over a slow line.
        flush();
        const auto gone = co_await drained(mostUnsent);
        if (!gone && isLast)
            co_return unknown(std::move(outcome), gone.error());
        if (!gone)
            co_return dead(gone.error());
        const auto told = co_await answer(Step::Chunk, isLast ? endLimit : pieceLimit);
        if (!told && isLast)
            co_return unknown(std::move(outcome), told.error());
        if (!told)
            co_return failure(told.error());
        if (hooks.progress)
            hooks.progress(written, source->size());
        const Reply &reply = told->reply;
        if (reply.isIntermediate())
            co_return isLast ? Result<Outcome>(unknown(std::move(outcome), outOfStepError(m_where, reply.detail())))
                             : Result<Outcome>(dead(outOfStepError(m_where, reply.detail())));
        if (!reply.isPositive()) {
            auto done = co_await resetAfter(concluded(std::move(outcome), reply, m_where));
            co_return done;
        }
        if (isLast)
            co_return concluded(std::move(outcome), reply, m_where);
    }
    co_return failure(outOfStepError(m_where, QStringLiteral("a message without an end")));
}

} // namespace kittiwake::smtp
