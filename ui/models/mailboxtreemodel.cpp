// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/mailboxtreemodel.h"

#include "ui/widgets/icon.h"

#include <algorithm>

namespace kittiwake::ui
{

struct MailboxTreeModel::Line {
    MailboxNode node; // its children are those below instead
    Line *parent = nullptr;
    std::vector<std::unique_ptr<Line>> children;
    bool needsAttention = false;

    [[nodiscard]] int row() const
    {
        const auto &all = parent->children;
        const auto at = std::find_if(all.begin(), all.end(), [this](const auto &line) { return line.get() == this; });
        return static_cast<int>(at - all.begin());
    }
    [[nodiscard]] std::int64_t unreadBelow() const { return unreadBelow(node.kind == MailboxNode::Kind::Account); }
    /** eachOnce: not in the labels of a message as well as in All Mail. */
    [[nodiscard]] std::int64_t unreadBelow(bool eachOnce) const
    {
        std::int64_t sum = 0;
        for (const auto &line : children) {
            if (!eachOnce || line->node.isCounted)
                sum += line->node.row.unseen;
            sum += line->unreadBelow(eachOnce);
        }
        return sum;
    }
};

namespace
{

bool showsTheSame(const MailboxNode &a, const MailboxNode &b)
{
    return a.kind == b.kind && a.label == b.label && a.row == b.row && a.account == b.account
        && a.isCounted == b.isCounted;
}

} // namespace

MailboxTreeModel::MailboxTreeModel(MailSource &source, ReadQueue &queue, QObject *parent)
    : QAbstractItemModel(parent), m_source(source), m_queue(queue), m_root(std::make_unique<Line>())
{
    m_delay.setSingleShot(true);
    connect(&m_delay, &QTimer::timeout, this, &MailboxTreeModel::read);
    connect(&source, &MailSource::accountsChanged, this, &MailboxTreeModel::schedule);
    connect(&source, &MailSource::accountStatusChanged, this, &MailboxTreeModel::updateStatus);
    connect(&source, &MailSource::storeChanged, this, [this](const store::StoreChanges &changes) {
        if (changes.mailboxTree || !changes.mailboxRows.empty())
            schedule();
    });
    read();
}

MailboxTreeModel::~MailboxTreeModel() = default;

void MailboxTreeModel::schedule()
{
    if (m_reading)
        m_again = true;
    else if (!m_delay.isActive())
        m_delay.start(100);
}

void MailboxTreeModel::read()
{
    m_reading = true;
    m_again = false;
    m_queue.ask<std::vector<store::MailboxRow>>(
        this, [](const MailReader &reader) { return reader.mailboxes(); },
        [this](Result<std::vector<store::MailboxRow>> rows) {
            m_reading = false;
            if (!rows) {
                Q_EMIT failed(rows.error());
                return;
            }
            const auto accounts = m_source.accounts();
            reconcile(*m_root, buildMailboxTree(accounts, *rows));
            m_isRead = true;
            for (const auto &account : accounts)
                updateStatus(m_source.status(account.id));
            Q_EMIT treeRead();
            if (m_again)
                schedule();
        });
}

/** Turns the lines below parent into nodes: removals, then insertions at their places, then what changed in place. */
void MailboxTreeModel::reconcile(Line &parent, std::vector<MailboxNode> nodes)
{
    const QModelIndex parentIndex = indexOf(parent);
    auto &lines = parent.children;
    const auto forget = [this](const Line &line, const auto &self) -> void {
        // A mailbox that has moved in the tree is at its new place already.
        if (m_byMailbox.value(line.node.row.id) == &line)
            m_byMailbox.remove(line.node.row.id);
        for (const auto &below : line.children)
            self(*below, self);
    };
    const auto remove = [&](std::size_t row) {
        beginRemoveRows(parentIndex, int(row), int(row));
        forget(*lines[row], forget);
        lines.erase(lines.begin() + std::ptrdiff_t(row));
        endRemoveRows();
    };

    QSet<QString> keys;
    for (const MailboxNode &node : nodes)
        keys.insert(node.key);
    for (std::size_t row = lines.size(); row-- > 0;) {
        if (!keys.contains(lines[row]->node.key))
            remove(row);
    }
    for (std::size_t row = 0; row < nodes.size(); ++row) {
        MailboxNode &node = nodes[row];
        // A line whose place among its siblings changed (a mailbox was renamed) is taken out and put in again.
        if (row < lines.size() && lines[row]->node.key != node.key) {
            const auto old = std::find_if(lines.begin() + std::ptrdiff_t(row), lines.end(),
                                          [&](const auto &line) { return line->node.key == node.key; });
            if (old != lines.end())
                remove(static_cast<std::size_t>(old - lines.begin()));
        }
        std::vector<MailboxNode> below = std::exchange(node.children, {});
        if (row >= lines.size() || lines[row]->node.key != node.key) {
            beginInsertRows(parentIndex, int(row), int(row));
            auto line = std::make_unique<Line>();
            line->node = std::move(node);
            line->parent = &parent;
            if (line->node.kind == MailboxNode::Kind::Mailbox)
                m_byMailbox.insert(line->node.row.id, line.get());
            lines.insert(lines.begin() + std::ptrdiff_t(row), std::move(line));
            endInsertRows();
        } else if (!showsTheSame(lines[row]->node, node)) {
            if (node.kind == MailboxNode::Kind::Mailbox)
                m_byMailbox.insert(node.row.id, lines[row].get());
            else
                m_byMailbox.remove(lines[row]->node.row.id);
            lines[row]->node = std::move(node);
            Q_EMIT dataChanged(index(int(row), 0, parentIndex), index(int(row), 0, parentIndex));
        }
        reconcile(*lines[row], std::move(below));
    }
}

MailboxTreeModel::Line *MailboxTreeModel::lineOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Line *>(index.internalPointer()) : m_root.get();
}

QModelIndex MailboxTreeModel::indexOf(const Line &line) const
{
    return line.parent ? createIndex(line.row(), 0, &line) : QModelIndex();
}

QModelIndex MailboxTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    const Line *line = lineOf(parent);
    if (column != 0 || row < 0 || row >= static_cast<int>(line->children.size()))
        return {};
    return createIndex(row, 0, line->children[static_cast<std::size_t>(row)].get());
}

QModelIndex MailboxTreeModel::parent(const QModelIndex &index) const
{
    return index.isValid() ? indexOf(*lineOf(index)->parent) : QModelIndex();
}

int MailboxTreeModel::rowCount(const QModelIndex &parent) const
{
    return static_cast<int>(lineOf(parent)->children.size());
}

int MailboxTreeModel::columnCount(const QModelIndex &) const
{
    return 1;
}

const MailboxNode *MailboxTreeModel::node(const QModelIndex &index) const
{
    return index.isValid() ? &lineOf(index)->node : nullptr;
}

Qt::ItemFlags MailboxTreeModel::flags(const QModelIndex &index) const
{
    const MailboxNode *line = node(index);
    if (!line)
        return Qt::NoItemFlags;
    return line->kind == MailboxNode::Kind::Mailbox ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::ItemIsEnabled;
}

QVariant MailboxTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Line &line = *lineOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return line.node.label;
    case Qt::DecorationRole:
        if (line.node.kind == MailboxNode::Kind::Account)
            return {};
        return icon(mailboxIcon(line.node.row.role));
    case Qt::ToolTipRole:
        return line.node.kind == MailboxNode::Kind::Account ? line.node.label : line.node.row.name.text;
    case Qt::AccessibleTextRole:
        if (line.node.row.unseen > 0 && line.node.kind == MailboxNode::Kind::Mailbox)
            return tr("%1, %Ln unread message(s)", nullptr,
                      static_cast<int>(std::min<std::int64_t>(line.node.row.unseen, INT_MAX)))
                .arg(line.node.label);
        return line.node.label;
    case KindRole:
        return static_cast<int>(line.node.kind);
    case UnreadRole:
        return QVariant::fromValue(line.node.row.unseen);
    case HiddenUnreadRole:
        return QVariant::fromValue(line.unreadBelow());
    case NeedsAttentionRole:
        return line.needsAttention;
    default:
        return {};
    }
}

QModelIndex MailboxTreeModel::find(MailboxId mailbox) const
{
    const Line *line = m_byMailbox.value(mailbox);
    return line ? indexOf(*line) : QModelIndex();
}

const store::MailboxRow *MailboxTreeModel::mailbox(MailboxId mailbox) const
{
    const Line *line = m_byMailbox.value(mailbox);
    return line ? &line->node.row : nullptr;
}

std::vector<MailboxId> MailboxTreeModel::allMailboxes() const
{
    std::vector<MailboxId> result;
    const auto collect = [&result](const Line &line, const auto &self) -> void {
        for (const auto &below : line.children) {
            if (below->node.kind == MailboxNode::Kind::Mailbox)
                result.push_back(below->node.row.id);
            self(*below, self);
        }
    };
    collect(*m_root, collect);
    return result;
}

MailboxId MailboxTreeModel::firstMailbox() const
{
    const auto all = allMailboxes();
    const auto inbox = std::find_if(all.begin(), all.end(), [this](MailboxId id) {
        return mailbox(id)->role == mail::MailboxRole::Inbox || mailbox(id)->name.isInbox();
    });
    if (inbox != all.end())
        return *inbox;
    return all.empty() ? MailboxId() : all.front();
}

void MailboxTreeModel::updateStatus(const engine::AccountStatus &status)
{
    for (const auto &line : m_root->children) {
        if (line->node.account != status.account)
            continue;
        const bool attention = status.state == engine::AccountStatus::State::NeedsUser;
        if (line->needsAttention == attention)
            continue;
        line->needsAttention = attention;
        Q_EMIT dataChanged(indexOf(*line), indexOf(*line));
    }
}

} // namespace kittiwake::ui
