// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QSet>

#include <optional>
#include <vector>

namespace kittiwake::ui
{

/** What the person did and the server has not confirmed, kept as it changes. */
class PendingActions final : public QObject
{
    Q_OBJECT

public:
    explicit PendingActions(MailSource &source, QObject *parent = nullptr);

    /** Oldest first. */
    [[nodiscard]] const std::vector<engine::PendingAction> &all() const { return m_all; }
    [[nodiscard]] const engine::PendingSummary &summary() const { return m_summary; }
    /** How much of the message that is going out has left, 0 to 1; nothing: none is. */
    [[nodiscard]] std::optional<double> sending() const;

    /** Asks the server once more. */
    void retry(OperationId action);
    /** The folder for what was refused is asked for: whoever hears targetWanted() answers with retarget(). */
    void askTarget(const engine::PendingAction &action) { Q_EMIT targetWanted(action); }
    void retarget(OperationId action, MailboxId target);
    /** A message of the outbox is to be written on. */
    void edit(OperationId action) { Q_EMIT editWanted(action); }
    /** Asks once more how things are: reasons change without anything being told. */
    void refresh() { read(); }
    /** Gives it up: its messages are shown as the server has them. */
    void drop(OperationId action);

Q_SIGNALS:
    void changed();
    /** sending() is another hundredth. */
    void progressed();
    /** The server has refused it since the last change, and nothing more happens by itself. */
    void refused(const kittiwake::engine::PendingAction &action);
    void editWanted(kittiwake::OperationId action);
    void targetWanted(const kittiwake::engine::PendingAction &action);
    /** Something asked for here went wrong. */
    void failed(const kittiwake::Error &error);

private:
    void read();
    void take(std::vector<engine::PendingAction> all);
    void follow(const engine::SendProgress &progress);

    MailSource &m_source;
    std::vector<engine::PendingAction> m_all;
    engine::PendingSummary m_summary;
    std::optional<engine::SendProgress> m_sending; ///< of a message that is in the outbox
    QSet<OperationId> m_toldRefused;
    bool m_known = false; ///< what waited at the start is no news
    bool m_reading = false;
    bool m_readAgain = false;
};

} // namespace kittiwake::ui
