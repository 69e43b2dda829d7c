// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/draftkeeper.h"

#include "ui/messagelist/datetext.h"

#include <QEventLoopLocker>

#include <utility>

namespace kittiwake::ui
{

namespace
{

constexpr int restMs = 1200;
constexpr int longestMs = 3000;
constexpr int againMs = 10000; // after a save that failed

} // namespace

DraftKeeper::DraftKeeper(ComposerBackend &backend, const mail::DraftId &draft, ContentMaker content, QObject *parent)
    : QObject(parent), m_backend(backend), m_draft(draft), m_content(std::move(content))
{
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &DraftKeeper::save);
    connect(&backend, &ComposerBackend::draftChanged, this, [this](const engine::DraftState &state) {
        if (state.id == m_draft)
            setState(state);
    });
}

DraftKeeper::~DraftKeeper() = default;

void DraftKeeper::setState(const engine::DraftState &state)
{
    m_state = state;
    Q_EMIT changed();
}

void DraftKeeper::touch()
{
    if (m_isStopped)
        return;
    if (!m_dirty)
        m_sinceChange.start();
    m_dirty = true;
    const qint64 left = longestMs - m_sinceChange.elapsed();
    m_rest.start(static_cast<int>(qBound(qint64(0), left, qint64(restMs))));
}

void DraftKeeper::stop()
{
    m_isStopped = true;
    m_dirty = false;
    m_rest.stop();
}

void DraftKeeper::finish(std::function<void(const Result<void> &)> then)
{
    m_waiting.push_back(std::move(then));
    if (m_saving)
        return; // and once more after that, if something has changed meanwhile
    if (m_dirty)
        save();
    else
        tell({});
}

void DraftKeeper::save()
{
    if (m_saving || !m_dirty || m_isStopped)
        return;
    m_rest.stop();
    m_dirty = false;
    m_saving = true;
    m_lock = std::make_unique<QEventLoopLocker>();
    Q_EMIT changed();
    m_backend.saveDraft(m_content()).then(this, [this](const Result<engine::DraftState> &answer) { saved(answer); });
}

void DraftKeeper::saved(const Result<engine::DraftState> &answer)
{
    m_saving = false;
    const auto lock = std::exchange(m_lock, nullptr);
    if (!answer) {
        m_error = answer.error();
        m_dirty = !m_isStopped;
        if (!m_isStopped)
            m_rest.start(againMs);
        Q_EMIT changed();
        tell(failure(answer.error()));
        return;
    }
    m_error.reset();
    m_state = *answer;
    Q_EMIT changed();
    if (m_waiting.empty())
        return;
    if (m_dirty)
        save();
    else
        tell({});
}

void DraftKeeper::tell(const Result<void> &outcome)
{
    // Whoever hears it may destroy this.
    for (const auto &one : std::exchange(m_waiting, {}))
        one(outcome);
}

QString DraftKeeper::line(const QLocale &locale) const
{
    if (m_error)
        return tr("Not saved. %1", "an error sentence").arg(m_error->userText);
    if (!m_state.notice.isEmpty())
        return m_state.notice;
    const QString when = shortDate(m_state.savedAt / 1000, QDateTime::currentDateTime(), locale);
    switch (m_state.place) {
    case engine::DraftState::Place::Nowhere:
        return m_saving ? tr("Saving…") : QString();
    case engine::DraftState::Place::Here:
        return tr("Saved on this computer %1", "a time").arg(when);
    case engine::DraftState::Place::Server:
        return tr("Saved to server %1", "a time").arg(when);
    case engine::DraftState::Place::Outbox:
        return tr("Being sent…");
    }
    return {};
}

} // namespace kittiwake::ui
