// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composerbackend.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QLocale>
#include <QTimer>

#include <functional>
#include <optional>

class QEventLoopLocker;

namespace kittiwake::ui
{

/**
 * Saves what is being written, soon after it was changed and at least every three seconds while somebody types: with
 * the second that it takes at most, a crash costs no more than five. One save at a time, and always the newest.
 */
class DraftKeeper final : public QObject
{
    Q_OBJECT

public:
    using ContentMaker = std::function<engine::DraftContent()>;

    DraftKeeper(ComposerBackend &backend, const mail::DraftId &draft, ContentMaker content, QObject *parent);
    ~DraftKeeper() override;

    /** Something was changed. */
    void touch();
    /** Saves now what is not saved yet; then() is called when nothing is left to save, or when that failed. */
    void finish(std::function<void(const Result<void> &)> then);
    /** No more saving: it was sent, or is discarded. */
    void stop();

    [[nodiscard]] bool isSaved() const { return !m_dirty && !m_saving; }
    /** It is somewhere: closing it would leave it there. */
    [[nodiscard]] bool wasSaved() const { return m_state.place != engine::DraftState::Place::Nowhere; }
    [[nodiscard]] const engine::DraftState &state() const { return m_state; }
    void setState(const engine::DraftState &state);
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

    /** "Saved to server 14:03"; empty where nothing was written yet. */
    [[nodiscard]] QString line(const QLocale &locale) const;

Q_SIGNALS:
    void changed();

private:
    void save();
    void saved(const Result<engine::DraftState> &answer);
    void tell(const Result<void> &outcome);

    ComposerBackend &m_backend;
    mail::DraftId m_draft;
    ContentMaker m_content;
    engine::DraftState m_state;
    std::optional<Error> m_error; ///< of the last save
    QTimer m_rest; ///< after the last change
    QElapsedTimer m_sinceChange; ///< since the first one that is not saved
    bool m_dirty = false;
    bool m_saving = false;
    bool m_isStopped = false;
    std::vector<std::function<void(const Result<void> &)>> m_waiting;
    std::unique_ptr<QEventLoopLocker> m_lock; ///< the program does not end in the middle of it
};

} // namespace kittiwake::ui
