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
    /** Whether more than one row is selected: then there is no current message. */
    [[nodiscard]] bool hasSeveral() const { return m_hasSeveral; }
    /** All messages of the selected rows, those of folded conversations too; no more than about most of them. */
    [[nodiscard]] std::vector<MessageId> selectedMessages(std::size_t most = SIZE_MAX) const;
    void selectUnread(bool forward);
    /** The row below what is selected, or above where there is none below: before that goes. */
    void selectNeighbour();
    /** The messages in the rows below and above a message: what is probably read next. */
    [[nodiscard]] std::vector<MessageId> neighbours(MessageId message) const;
    /** Before another mailbox is opened: nothing is to be selected again there. */
    void forgetCurrent();
    [[nodiscard]] QMenu *sortMenu() const { return m_sortMenu; }

Q_SIGNALS:
    void messageChosen(kittiwake::MessageId message); ///< an invalid id: none
    /** Several rows are selected, with so many messages. messageChosen() has told that there is none to be read. */
    void severalChosen(qsizetype messages);
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
    void handleSelection();
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
    bool m_hasSeveral = false;
};

} // namespace kittiwake::ui
