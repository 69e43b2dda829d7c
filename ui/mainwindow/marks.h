// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/mail/flagchange.h"
#include "ui/models/mailsource.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <vector>

namespace kittiwake::ui
{

class MessageListModel;

/**
 * Read and star: what the person presses, and what reading does by itself. Every change is an action of the engine, so
 * it is safe before it shows, works without a network, and can be undone. UI thread.
 */
class Marks final : public QObject
{
    Q_OBJECT

public:
    /** How long a message is looked at before it counts as read, in milliseconds. */
    static constexpr int defaultReadDelay = 1000;

    Marks(MailSource &source, MessageListModel &model, QObject *parent = nullptr);

    /** 0: at once; negative: never by itself. */
    void setReadDelay(int milliseconds) { m_readDelay = milliseconds; }

    /** The message that the person looks at; an invalid id: none. */
    void setCurrent(MessageId message);
    /** Its text is on the screen. */
    void shown(MessageId message);

    /** Where several rows can be selected: gives no more than about most of their messages, none for a single row. */
    using Selection = std::function<std::vector<MessageId>(std::size_t most)>;
    void setSelection(Selection several) { m_several = std::move(several); }

    /** What an action is about: all that is selected, the message, or all of a folded conversation. */
    [[nodiscard]] std::vector<MessageId> targets() const { return targets(SIZE_MAX); }
    [[nodiscard]] bool isUnread() const; ///< of what M would change
    [[nodiscard]] bool isStarred() const;
    /** Of the message, or of all of a folded conversation: read if one of them is not. */
    void toggleRead();
    void toggleStar();
    /** All messages of the mailbox that are here now; those that come meanwhile stay as they are. */
    void markAllRead(MailboxId mailbox);
    void undo();

Q_SIGNALS:
    void failed(const kittiwake::Error &error);
    void changed(); ///< isUnread() or isStarred() may say something else

private:
    [[nodiscard]] std::vector<MessageId> targets(std::size_t most) const;
    [[nodiscard]] bool any(mail::SystemFlag flag, bool set) const;
    void change(std::vector<MessageId> messages, mail::SystemFlag flag, bool on);
    void report(const QFuture<Result<engine::ActionReport>> &answer);

    MailSource &m_source;
    MessageListModel &m_model;
    MessageId m_current;
    Selection m_several;
    int m_readDelay = defaultReadDelay;
    QTimer m_looking;
};

} // namespace kittiwake::ui
