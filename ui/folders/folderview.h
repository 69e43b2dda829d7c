// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailboxtreemodel.h"

#include <QPersistentModelIndex>
#include <QSet>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QTreeView>

class QMenu;

namespace kittiwake::ui
{

/** Paints a line of the folder tree: fold mark, icon, name, and how many messages are unread. */
class FolderDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit FolderDelegate(QTreeView *view) : QStyledItemDelegate(view), m_view(view) { }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /** Where the fold mark of a line is, in the viewport. */
    [[nodiscard]] QRect foldMark(const QRect &line, const QModelIndex &index) const;

private:
    QTreeView *m_view;
};

/** The tree of accounts and mailboxes. What was folded stays so: foldedKeys() is for the settings. */
class FolderView final : public QTreeView
{
    Q_OBJECT

public:
    explicit FolderView(MailboxTreeModel &model, QWidget *parent = nullptr);

    void setFoldedKeys(const QStringList &keys) { m_folded = QSet<QString>(keys.begin(), keys.end()); }
    [[nodiscard]] QStringList foldedKeys() const { return {m_folded.begin(), m_folded.end()}; }
    void select(MailboxId mailbox);
    /** The mailbox of the line at a point of the screen; none where there is none. */
    [[nodiscard]] MailboxId mailboxAt(const QPoint &global) const;
    /** Something is dragged over that point: a folded line opens when the pointer rests on it. */
    void hoverAt(const QPoint &global);
    /** Where the name of a line is written, in the viewport. */
    [[nodiscard]] QRect nameRect(const QModelIndex &index) const;

Q_SIGNALS:
    void mailboxChosen(kittiwake::MailboxId mailbox);
    void foldingChanged();
    void checkRequested();
    /** Others put what they can do with the line into the menu, before it shows. */
    void menuOpens(QMenu *menu, const QModelIndex &index);
    /** From the menu of a line. */
    void markAllReadRequested(kittiwake::MailboxId mailbox);
    /** From the menu of a line; an empty name: all mailboxes of the account. what: as people call it. */
    void verifyRequested(kittiwake::AccountId account, const QString &mailbox, const QString &what);

protected:
    void drawBranches(QPainter *, const QRect &, const QModelIndex &) const override { }
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void unfold(const QModelIndex &parent, int start, int end);

    MailboxTreeModel &m_model;
    FolderDelegate *m_delegate;
    QSet<QString> m_folded;
    bool m_selecting = false;
    QTimer m_unfolding; ///< while something is dragged over m_hovered
    QPersistentModelIndex m_hovered;
};

} // namespace kittiwake::ui
