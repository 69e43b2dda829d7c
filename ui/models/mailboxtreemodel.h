// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailboxtree.h"
#include "ui/models/readqueue.h"

#include <QAbstractItemModel>
#include <QTimer>

#include <memory>

namespace kittiwake::ui
{

/**
 * Accounts and their mailboxes as a tree. Read in a worker thread whenever something about mailboxes has changed, at
 * most ten times a second; only the lines that differ are announced, so that expansion, selection and scrolling stay.
 */
class MailboxTreeModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Role {
        KindRole = Qt::UserRole + 1, ///< int of MailboxNode::Kind
        UnreadRole, ///< of the mailbox itself
        HiddenUnreadRole, ///< of all mailboxes below it: what a folded line stands for
        NeedsAttentionRole, ///< an account that waits for the person
    };

    MailboxTreeModel(MailSource &source, ReadQueue &queue, QObject *parent = nullptr);
    ~MailboxTreeModel() override;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

    /** The line's value without its children; null for the root. */
    [[nodiscard]] const MailboxNode *node(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex find(MailboxId mailbox) const;
    [[nodiscard]] const store::MailboxRow *mailbox(MailboxId mailbox) const;
    /** The INBOX of the first account that has one, or its first mailbox. */
    [[nodiscard]] MailboxId firstMailbox() const;
    /** Every mailbox that can be opened, in the order of the tree. */
    [[nodiscard]] std::vector<MailboxId> allMailboxes() const;
    [[nodiscard]] bool isRead() const { return m_isRead; } ///< the cache has been read at least once

Q_SIGNALS:
    void treeRead(); ///< after each reading, when the lines are up to date
    void failed(const kittiwake::Error &error);

private:
    struct Line;
    void schedule();
    void read();
    void reconcile(Line &parent, std::vector<MailboxNode> nodes);
    [[nodiscard]] QModelIndex indexOf(const Line &line) const;
    [[nodiscard]] Line *lineOf(const QModelIndex &index) const;
    void updateStatus(const engine::AccountStatus &status);

    MailSource &m_source;
    ReadQueue &m_queue;
    std::unique_ptr<Line> m_root;
    QHash<MailboxId, Line *> m_byMailbox;
    QTimer m_delay;
    bool m_reading = false;
    bool m_again = false;
    bool m_isRead = false;
};

} // namespace kittiwake::ui
