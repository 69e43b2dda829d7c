// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that the person sends: the submission server, and what must have become of them.
#include "tests/sim/simulation.h"

#include <algorithm>

namespace kittiwake::sim
{

namespace
{

using namespace std::chrono_literals;

/** Between two attempts that a server has asked for: an hour at most. */
constexpr Clock::Duration longestPause = 61min;
constexpr Clock::Duration attemptTime = 75s;
/** Attempts after everything is well: one that fails for what was ordered before, and pauses that are already running.
 */
constexpr int mostAttempts = 8;

} // namespace

void Simulation::watchSubmission()
{
    m_submission.setTaken([this](const model::Submitted &submitted) { m_letters.taken(submitted); });
    m_submission.setWrong([this](const std::string &what) {
        violation(QStringLiteral("to the submission server the client ") + QString::fromStdString(what));
    });
    if (!m_traces)
        return;
    m_submission.setTrace([this](std::uint64_t number, bool sent, const std::string &line) {
        note(QStringLiteral("submission %1 %2 %3")
                 .arg(QString::number(number), sent ? QStringLiteral(">") : QStringLiteral("<"),
                      QString::fromStdString(line)));
    });
}

void Simulation::applyToLetters(const Event &event)
{
    SeededRandom random(event.pick);
    const std::uint64_t pick = random.next();
    if (event.kind == EventKind::Send || event.kind == EventKind::SendAgain)
        m_paceLetters += 1 + m_client->outbox().size(); // then everything that waits is tried
    switch (event.kind) {
    case EventKind::Send: {
        const MailWriter::Letter letter = m_writer.writeLetter(random.next());
        m_ledger.mayBeCopied(letter.content);
        m_client->send(pick, letter);
        break;
    }
    case EventKind::SendAgain:
        m_client->sendAgain(pick);
        break;
    case EventKind::GiveUpSending:
        m_client->giveUpSending(pick);
        break;
    default:
        break;
    }
}

/** The outbox comes to rest: what waits is sent, or asks the person. */
void Simulation::restOutbox()
{
    for (int attempt = 0; attempt < mostAttempts && m_client && m_outcome.isGood() && !m_letters.isEmpty(); ++attempt) {
        std::int64_t until = 0;
        for (const PendingRow &row : m_client->pending()) {
            if (row.isLetter() && (row.isQueued() || row.state == 1))
                until = std::max({until, row.nextAttemptAt, std::int64_t{1}});
        }
        if (until == 0)
            return;
        const Clock::Duration pause(until - m_clock.wall().toMSecsSinceEpoch());
        runFor(std::clamp<Clock::Duration>(pause, 0ms, longestPause) + attemptTime);
    }
}

void Simulation::checkLetters()
{
    if (!m_client || m_letters.isEmpty())
        return;
    const std::vector<PendingRow> rows = m_client->pending();
    for (const QString &wrong : m_letters.check(rows))
        violation(wrong);
    for (const auto &[content, isCertain] : m_letters.copies(rows))
        m_ledger.wasCopied(*content, isCertain);
}

} // namespace kittiwake::sim
