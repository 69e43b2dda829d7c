// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composerwindow.h"

#include <QElapsedTimer>
#include <QTimer>

namespace kittiwake::ui
{

/**
 * Says in a banner that a message is about to go, counts the seconds in which it can be taken back, and that somebody
 * wants it back. The newest message is the one that is offered.
 */
class UndoSend final : public QObject
{
    Q_OBJECT

public:
    UndoSend(Banner &banner, QObject *parent);

    void show(const SentMessage &message);
    /** Of what was thrown away. */
    void showDiscarded(const Writing &writing);

Q_SIGNALS:
    void takeBackWanted(kittiwake::OperationId operation);
    void writingWanted(const kittiwake::ui::Writing &writing);

private:
    void tick();
    void undo();

    Banner &m_banner;
    SentMessage m_message;
    std::optional<Writing> m_discarded;
    QElapsedTimer m_since;
    QTimer m_second;
};

} // namespace kittiwake::ui
