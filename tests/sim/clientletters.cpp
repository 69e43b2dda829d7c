// SPDX-License-Identifier: GPL-3.0-or-later
// What the person sends, sends again and gives up.
#include "tests/sim/clientprocess.h"
#include "tests/sim/healthy.h"

#include <algorithm>

namespace kittiwake::sim
{

namespace
{

/** Undo send takes up to a minute; later than that is for another history. */
constexpr std::uint64_t longestDelay = 60'000;

} // namespace

async::Task<void> ClientProcess::askSend(engine::SendRequest request)
{
    auto answer = co_await m_mailing->send(std::move(request));
    m_sent = std::move(answer);
}

async::Task<void> ClientProcess::askSendAgain(OperationId operation)
{
    const auto done = co_await m_mailing->retry(operation);
    Q_UNUSED(done) // what becomes of it is seen at the end
}

async::Task<void> ClientProcess::askGiveUp(OperationId operation)
{
    auto answer = co_await m_mailing->drop(operation);
    m_givenUp = std::move(answer);
}

std::vector<PendingRow> ClientProcess::outbox()
{
    std::vector<PendingRow> rows = pending();
    std::erase_if(rows, [](const PendingRow &row) { return !row.isLetter(); });
    return rows;
}

void ClientProcess::send(std::uint64_t pick, const MailWriter::Letter &letter)
{
    if (!m_mailing)
        return;
    SeededRandom random(pick);
    engine::SendRequest request;
    request.account = accountId;
    request.message = letter.written;
    if (random.oneIn(3))
        request.notBefore
            = m_world.clock.wall().toMSecsSinceEpoch() + static_cast<std::int64_t>(random.between(1, longestDelay));
    m_world.letters->asked(letter);
    m_sent = failure(Error{});
    m_scope.start(askSend(std::move(request)));
    if (!m_sent || m_world.disk.isFrozen()) {
        if (!m_world.disk.isFrozen() && m_world.disk.fault() == MemoryDisk::Fault::None)
            m_world.violation(QStringLiteral("a letter was not taken: ") + m_sent.error().userText
                              + m_sent.error().detail);
        m_world.letters->failed(*letter.content);
        return;
    }
    const std::vector<PendingRow> rows = outbox();
    const bool isNoted = std::any_of(rows.begin(), rows.end(),
                                     [this](const PendingRow &row) { return row.id == m_sent->operation.value(); });
    if (!isNoted)
        m_world.violation(QStringLiteral("a letter was acknowledged that is not in pending.db"));
    m_world.letters->acknowledged(*letter.content, m_sent->operation.value());
}

void ClientProcess::sendAgain(std::uint64_t pick)
{
    const std::vector<PendingRow> rows = outbox();
    if (!m_mailing || rows.empty())
        return;
    const PendingRow &row = rows[pick % rows.size()];
    m_world.letters->sentAgain(row);
    m_scope.start(askSendAgain(OperationId(row.id)));
}

void ClientProcess::giveUpSending(std::uint64_t pick)
{
    const std::vector<PendingRow> rows = outbox();
    if (!m_mailing || rows.empty())
        return;
    const PendingRow &row = rows[pick % rows.size()];
    m_givenUp = failure(Error{});
    m_scope.start(askGiveUp(OperationId(row.id)));
    const bool isWell = m_world.disk.fault() == MemoryDisk::Fault::None;
    if (m_givenUp && !m_world.disk.isFrozen())
        m_world.letters->givenUp(row, true);
    else if (m_world.disk.isFrozen() || !isWell)
        m_world.letters->givenUp(row, false); // a write that failed may be there all the same
}

} // namespace kittiwake::sim
