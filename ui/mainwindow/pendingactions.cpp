// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/pendingactions.h"

#include <algorithm>
#include <utility>

namespace kittiwake::ui
{

PendingActions::PendingActions(MailSource &source, QObject *parent) : QObject(parent), m_source(source)
{
    connect(&source, &MailSource::pendingChanged, this, &PendingActions::read);
    connect(&source, &MailSource::sendProgressed, this, &PendingActions::follow);
    read();
}

std::optional<double> PendingActions::sending() const
{
    if (!m_sending || m_sending->total == 0)
        return std::nullopt;
    return static_cast<double>(m_sending->octets) / static_cast<double>(m_sending->total);
}

/** Told for each piece that leaves: a large message is hundreds. */
void PendingActions::follow(const engine::SendProgress &progress)
{
    const auto hundredth = [this] { return static_cast<int>(sending().value_or(-1) * 100); };
    const int before = hundredth();
    m_sending = progress;
    if (hundredth() != before)
        Q_EMIT progressed();
}

/** One question at a time: a change that is told meanwhile asks once more. */
void PendingActions::read()
{
    m_readAgain = m_reading;
    if (std::exchange(m_reading, true))
        return;
    QFuture<Result<std::vector<engine::PendingAction>>> answer = m_source.pendingActions();
    answer.then(this, [this](Result<std::vector<engine::PendingAction>> all) {
        m_reading = false;
        if (all)
            take(std::move(*all));
        if (m_readAgain)
            read();
    });
}

void PendingActions::take(std::vector<engine::PendingAction> all)
{
    m_all = std::move(all);
    // What is written on its way to the server is told of where it is written, and is nothing that people asked for.
    std::erase_if(m_all, [](const engine::PendingAction &action) {
        return action.kind == QLatin1String("draft") && !action.isRefused();
    });
    // Otherwise it was sent, or waits again for another attempt.
    const bool isGoing = m_sending && std::any_of(m_all.begin(), m_all.end(), [this](const auto &action) {
                             return action.id == m_sending->operation
                                 && (action.state == QLatin1String("sending")
                                     || (m_sending->octets < m_sending->total && action.error.isEmpty()));
                         });
    if (!isGoing)
        m_sending.reset();
    m_summary = {};
    QSet<OperationId> refusedNow;
    std::vector<engine::PendingAction> news;
    for (const engine::PendingAction &action : m_all) {
        if (!action.isRefused()) {
            ++m_summary.waiting;
            continue;
        }
        ++m_summary.failed;
        refusedNow.insert(action.id);
        if (m_known && !m_toldRefused.contains(action.id))
            news.push_back(action);
    }
    m_toldRefused = refusedNow;
    m_known = true;
    Q_EMIT changed();
    for (const engine::PendingAction &action : news)
        Q_EMIT refused(action);
}

void PendingActions::retry(OperationId action)
{
    QFuture<Result<engine::ActionReport>> answer = m_source.retryAction(action);
    answer.then(this, [this](const Result<engine::ActionReport> &done) {
        if (!done)
            Q_EMIT failed(done.error());
        read();
    });
}

void PendingActions::retarget(OperationId action, MailboxId target)
{
    QFuture<Result<engine::ActionReport>> answer = m_source.retargetAction(action, target);
    answer.then(this, [this](const Result<engine::ActionReport> &done) {
        if (!done)
            Q_EMIT failed(done.error());
        read();
    });
}

void PendingActions::drop(OperationId action)
{
    QFuture<Result<void>> answer = m_source.dropAction(action);
    answer.then(this, [this](const Result<void> &done) {
        if (!done)
            Q_EMIT failed(done.error());
        read();
    });
}

} // namespace kittiwake::ui
