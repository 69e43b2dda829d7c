// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/messagelist/messagelistview.h"

#include <QWidget>

class QActionGroup;
class QMenu;
class QStackedLayout;
class QToolButton;

namespace kittiwake::ui
{

class Banner;
class EmptyState;
class PlainLabel;

/**
 * The middle pane: the mailbox's name and counts, how it is sorted, the messages, or why there are none. Says which
 * message the person has chosen.
 */
class MessageListPane final : public QWidget
{
    Q_OBJECT

public:
    MessageListPane(MessageListModel &model, QWidget *parent = nullptr);

    [[nodiscard]] MessageListView &view() { return *m_view; }
    void setRowStyle(RowStyle style);
    /** What the head says of the open mailbox; a null row: nothing is open. */
    void setMailbox(const store::MailboxRow *row);
    void selectMessage(MessageId message);
    [[nodiscard]] MessageId currentMessage() const { return m_current; }
    void selectUnread(bool forward);
    /** The row below, or above where there is none below: before the current one goes. */
    void selectNeighbour();
    /** The messages in the rows below and above a message: what is probably read next. */
    [[nodiscard]] std::vector<MessageId> neighbours(MessageId message) const;
    /** Before another mailbox is opened: nothing is to be selected again there. */
    void forgetCurrent();
    [[nodiscard]] QMenu *sortMenu() const { return m_sortMenu; }

Q_SIGNALS:
    void messageChosen(kittiwake::MessageId message); ///< an invalid id: none
    void readerRequested(); ///< Enter
    void checkRequested(); ///< the action of an empty mailbox
    void sortingChanged(); ///< sort key, direction or conversations: to be remembered
    void noUnreadLeft();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildHead();
    void buildSortMenu();
    void updateSortMenu();
    void updateState();
    void handleCurrent(const QModelIndex &current);
    void restoreCurrent();

    MessageListModel &m_model;
    MessageListView *m_view;
    PlainLabel *m_title;
    PlainLabel *m_counts;
    QToolButton *m_sortButton;
    QMenu *m_sortMenu;
    QActionGroup *m_sortKeys;
    QActionGroup *m_sortDirections;
    QAction *m_conversations;
    Banner *m_banner;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
    QString m_emptyIcon;
    MessageId m_current;
    MessageId m_wanted; ///< to be selected once its row is there
    bool m_restoring = false;
};

} // namespace kittiwake::ui
