// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/mailboxtree.h"

#include "core/mail/countedonce.h"

#include <QCollator>
#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr int maxDepth = 32;

QString roleLabel(mail::MailboxRole role)
{
    using mail::MailboxRole;
    switch (role) {
    case MailboxRole::Inbox:
        return QCoreApplication::translate("ui", "Inbox");
    case MailboxRole::Drafts:
        return QCoreApplication::translate("ui", "Drafts");
    case MailboxRole::Sent:
        return QCoreApplication::translate("ui", "Sent");
    case MailboxRole::Archive:
        return QCoreApplication::translate("ui", "Archive");
    case MailboxRole::Junk:
        return QCoreApplication::translate("ui", "Junk");
    case MailboxRole::Trash:
        return QCoreApplication::translate("ui", "Trash");
    case MailboxRole::All:
        return QCoreApplication::translate("ui", "All mail");
    case MailboxRole::Flagged:
        return QCoreApplication::translate("ui", "Flagged");
    case MailboxRole::Important:
        return QCoreApplication::translate("ui", "Important");
    case MailboxRole::None:
        break;
    }
    return {};
}

/** Collects one account's mailboxes into a tree by their names. */
class AccountTree
{
public:
    // The C locale sorts by bytes and knows no numbers.
    AccountTree() : m_collator(QLocale().language() == QLocale::C ? QLocale(QLocale::English) : QLocale())
    {
        m_collator.setNumericMode(true);
        m_collator.setCaseSensitivity(Qt::CaseInsensitive);
    }

    void add(const store::MailboxRow &row)
    {
        Node &node = place(row.name.text, row.delimiter);
        node.row = row;
        node.isMailbox = true;
    }

    std::vector<MailboxNode> take()
    {
        std::vector<MailboxNode> special;
        std::vector<MailboxNode> rest = convert(0, special);
        std::stable_sort(special.begin(), special.end(), [](const MailboxNode &a, const MailboxNode &b) {
            return static_cast<int>(a.row.role) < static_cast<int>(b.row.role);
        });
        special.insert(special.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
        return special;
    }

private:
    struct Node {
        store::MailboxRow row;
        QString label;
        bool isMailbox = false;
        std::vector<std::size_t> children;
    };

    /** The node of a full name, made with those above it where they are missing. */
    Node &place(const QString &name, QChar delimiter)
    {
        if (const auto known = m_byName.constFind(name); known != m_byName.constEnd())
            return m_nodes[*known];
        std::size_t parent = 0;
        qsizetype from = 0;
        for (int depth = 1; depth < maxDepth && !delimiter.isNull(); ++depth) {
            const qsizetype at = name.indexOf(delimiter, from);
            if (at <= 0 || at + 1 >= name.size())
                break;
            if (at > from)
                parent = child(parent, name.left(at), name.mid(from, at - from), delimiter);
            from = at + 1;
        }
        return m_nodes[child(parent, name, name.mid(from), delimiter)];
    }

    std::size_t child(std::size_t parent, const QString &name, const QString &label, QChar delimiter)
    {
        if (const auto known = m_byName.constFind(name); known != m_byName.constEnd())
            return *known;
        const std::size_t at = m_nodes.size();
        Node node;
        node.row.name.text = name;
        node.row.delimiter = delimiter;
        node.label = label.isEmpty() ? name : label;
        m_nodes.push_back(std::move(node));
        m_nodes[parent].children.push_back(at);
        m_byName.insert(name, at);
        return at;
    }

    std::vector<MailboxNode> convert(std::size_t at, std::vector<MailboxNode> &special)
    {
        std::vector<MailboxNode> result;
        for (const std::size_t child : m_nodes[at].children) {
            const Node &node = m_nodes[child];
            MailboxNode line;
            line.children = convert(child, special);
            line.kind = node.isMailbox && node.row.selectable ? MailboxNode::Kind::Mailbox : MailboxNode::Kind::Group;
            if (line.kind == MailboxNode::Kind::Group && line.children.empty())
                continue; // "[Gmail]" once its special mailboxes have moved up
            line.row = node.row;
            line.account = node.row.account;
            line.key = QStringLiteral("m%1").arg(node.row.id.value());
            if (!node.isMailbox)
                line.key = QLatin1Char('g') + node.row.name.text;
            const bool isSpecial = line.kind == MailboxNode::Kind::Mailbox && node.row.role != mail::MailboxRole::None;
            line.label = isSpecial ? roleLabel(node.row.role) : node.label;
            (isSpecial ? special : result).push_back(std::move(line));
        }
        std::stable_sort(result.begin(), result.end(), [this](const MailboxNode &a, const MailboxNode &b) {
            return m_collator.compare(a.label, b.label) < 0;
        });
        return result;
    }

    QCollator m_collator;
    std::vector<Node> m_nodes{Node()}; // the first is the root
    QHash<QString, std::size_t> m_byName;
};

void markCounted(std::vector<MailboxNode> &nodes, bool hasAllMail)
{
    for (MailboxNode &node : nodes) {
        node.isCounted = mail::isCountedOnce(node.row.role, node.row.isLabel, hasAllMail);
        markCounted(node.children, hasAllMail);
    }
}

} // namespace

QString mailboxLabel(const store::MailboxRow &row)
{
    const QString special = roleLabel(row.role);
    return special.isEmpty() ? row.name.leaf(row.delimiter) : special;
}

QString mailboxIcon(mail::MailboxRole role)
{
    using mail::MailboxRole;
    switch (role) {
    case MailboxRole::Inbox:
        return QStringLiteral("inbox");
    case MailboxRole::Drafts:
        return QStringLiteral("file-pen-line");
    case MailboxRole::Sent:
        return QStringLiteral("send");
    case MailboxRole::Archive:
        return QStringLiteral("archive");
    case MailboxRole::Junk:
        return QStringLiteral("shield-alert");
    case MailboxRole::Trash:
        return QStringLiteral("trash-2");
    case MailboxRole::All:
        return QStringLiteral("layers");
    case MailboxRole::Flagged:
        return QStringLiteral("star");
    case MailboxRole::Important:
        return QStringLiteral("bookmark");
    case MailboxRole::None:
        break;
    }
    return QStringLiteral("folder");
}

std::vector<MailboxNode> buildMailboxTree(const std::vector<accounts::Account> &accounts,
                                          const std::vector<store::MailboxRow> &mailboxes)
{
    std::vector<MailboxNode> result;
    for (const accounts::Account &account : accounts) {
        AccountTree tree;
        for (const store::MailboxRow &row : mailboxes) {
            if (row.account == account.id)
                tree.add(row);
        }
        MailboxNode line;
        line.kind = MailboxNode::Kind::Account;
        line.key = QStringLiteral("a%1").arg(account.id.value());
        line.label = account.email;
        line.account = account.id;
        line.children = tree.take();
        const bool hasAllMail = std::any_of(mailboxes.begin(), mailboxes.end(), [&account](const auto &row) {
            return row.account == account.id && row.selectable && row.role == mail::MailboxRole::All;
        });
        markCounted(line.children, hasAllMail);
        result.push_back(std::move(line));
    }
    return result;
}

} // namespace kittiwake::ui
