// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/folderactions.h"

#include "ui/folders/foldernamefield.h"
#include "ui/folders/folderview.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"

#include <QInputDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>

#include <algorithm>
#include <limits>

namespace kittiwake::ui
{

namespace
{

using Kind = engine::FolderRequest::Kind;

constexpr qsizetype longestName = 100;

int plural(std::int64_t count)
{
    return static_cast<int>(std::min<std::int64_t>(count, std::numeric_limits<int>::max()));
}

/** Folders with a task keep their names here; other clients look for them. */
bool isPlain(const store::MailboxRow &row)
{
    return row.role == mail::MailboxRole::None && !row.name.isInbox();
}

bool canBeEmptied(const store::MailboxRow &row)
{
    return row.role == mail::MailboxRole::Trash || row.role == mail::MailboxRole::Junk;
}

} // namespace

FolderActions::FolderActions(MailSource &source, MailboxTreeModel &model, FolderView &view, QObject *parent)
    : QObject(parent), m_source(source), m_model(model), m_view(view)
{
    connect(&view, &FolderView::menuOpens, this, &FolderActions::addTo);
    auto *key = new QShortcut(QKeySequence(Qt::Key_F2), &view);
    key->setContext(Qt::WidgetShortcut);
    connect(key, &QShortcut::activated, this, [this] {
        const MailboxNode *node = m_model.node(m_view.currentIndex());
        if (node && node->kind == MailboxNode::Kind::Mailbox && isPlain(node->row))
            rename(node->row.id);
    });
}

void FolderActions::addTo(QMenu *menu, const QModelIndex &index)
{
    const MailboxNode *node = m_model.node(index);
    if (!node || node->kind == MailboxNode::Kind::Group)
        return;
    const auto add = [this, menu](const char *name, const char *picture, const QString &text, auto action) {
        QAction *added = menu->addAction(icon(QString::fromLatin1(picture)), text, this, std::move(action));
        added->setObjectName(QString::fromLatin1(name));
        return added;
    };
    const bool whole = node->kind == MailboxNode::Kind::Account;
    const MailboxId id = whole ? MailboxId() : node->row.id;
    menu->addSeparator();
    add("newFolder", "folder", tr("New folder…"), [this, account = node->account, id] { create(account, id); });
    if (whole)
        return;
    QAction *renamed = add("renameFolder", "pencil", tr("Rename…"), [this, id] { rename(id); });
    renamed->setShortcut(QKeySequence(Qt::Key_F2));
    QAction *removed = add("deleteFolder", "trash-2", tr("Delete…"), [this, id] { remove(id); });
    const bool hasOthers = m_model.rowCount(index) > 0;
    renamed->setEnabled(isPlain(node->row));
    removed->setEnabled(isPlain(node->row) && !hasOthers);
    if (hasOthers)
        removed->setToolTip(tr("There are folders in it."));
    if (canBeEmptied(node->row)) {
        const bool isTrash = node->row.role == mail::MailboxRole::Trash;
        QAction *emptied = add("emptyFolder", "trash-2", isTrash ? tr("Empty Trash…") : tr("Empty Junk…"),
                               [this, id] { empty(id); });
        emptied->setEnabled(node->row.messages > 0);
    }
    if (!node->row.name.isInbox()) {
        const bool on = node->row.subscribed;
        add(on ? "unsubscribeFolder" : "subscribeFolder", "circle-check", on ? tr("Unsubscribe") : tr("Subscribe"),
            [this, id, on] { subscribe(id, !on); });
    }
}

void FolderActions::create(AccountId account, MailboxId below)
{
    QString above;
    QString label;
    if (const store::MailboxRow *row = m_model.mailbox(below)) {
        above = row->delimiter.isNull() ? QString() : row->name.text + row->delimiter;
        label = isolated(mailboxLabel(*row), longestName);
    }
    auto *dialog = new QInputDialog(&m_view);
    dialog->setObjectName(QStringLiteral("newFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("New folder"));
    dialog->setLabelText(above.isEmpty() ? tr("Name of the new folder:")
                                         : tr("Name of the new folder in %1:").arg(label));
    dialog->setOkButtonText(tr("Make folder"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, account, above](const QString &name) {
        engine::FolderRequest wanted;
        wanted.kind = Kind::Create;
        wanted.account = account;
        wanted.name = above + name;
        request(wanted, tr("The folder %1 was made.").arg(isolated(name, longestName)), true);
    });
    dialog->open();
}

void FolderActions::rename(MailboxId mailbox)
{
    const store::MailboxRow *row = m_model.mailbox(mailbox);
    const QModelIndex index = m_model.find(mailbox);
    if (!row || !index.isValid())
        return;
    m_view.scrollTo(index);
    auto *field = new FolderNameField(row->name.leaf(row->delimiter), m_view.nameRect(index), m_view.viewport());
    connect(field, &FolderNameField::chosen, this, [this, mailbox](const QString &name) {
        const store::MailboxRow *now = m_model.mailbox(mailbox);
        if (!now)
            return;
        const QString above = now->name.parent(now->delimiter);
        engine::FolderRequest wanted;
        wanted.kind = Kind::Rename;
        wanted.mailbox = mailbox;
        wanted.name = above.isEmpty() ? name : above + now->delimiter + name;
        request(wanted, tr("The folder is called %1 now.").arg(isolated(name, longestName)), true);
    });
    connect(field, &QObject::destroyed, &m_view, [view = &m_view] { view->setFocus(); });
}

void FolderActions::remove(MailboxId mailbox)
{
    const store::MailboxRow *row = m_model.mailbox(mailbox);
    if (!row)
        return;
    const QString label = isolated(mailboxLabel(*row), longestName);
    engine::FolderRequest wanted;
    wanted.kind = Kind::Delete;
    wanted.mailbox = mailbox;
    const QString question = row->messages > 0
        ? tr("Delete the folder %1 and the %Ln message(s) in it for good?", nullptr, plural(row->messages)).arg(label)
        : tr("Delete the empty folder %1?").arg(label);
    ask(tr("Delete folder"), question, tr("Delete folder"), tr("The folder %1 was deleted.").arg(label), wanted);
}

void FolderActions::empty(MailboxId mailbox)
{
    const store::MailboxRow *row = m_model.mailbox(mailbox);
    if (!row)
        return;
    engine::FolderRequest wanted;
    wanted.kind = Kind::Empty;
    wanted.mailbox = mailbox;
    const int count = plural(row->messages);
    ask(row->role == mail::MailboxRole::Trash ? tr("Empty Trash") : tr("Empty Junk"),
        tr("Delete %Ln message(s) for good?", nullptr, count), tr("Delete for good"),
        tr("%Ln message(s) deleted for good.", nullptr, count), wanted);
}

void FolderActions::subscribe(MailboxId mailbox, bool on)
{
    const store::MailboxRow *row = m_model.mailbox(mailbox);
    if (!row)
        return;
    const QString label = isolated(mailboxLabel(*row), longestName);
    engine::FolderRequest wanted;
    wanted.kind = on ? Kind::Subscribe : Kind::Unsubscribe;
    wanted.mailbox = mailbox;
    request(wanted, on ? tr("Subscribed to %1.").arg(label) : tr("Unsubscribed from %1.").arg(label), true);
}

void FolderActions::ask(const QString &title, const QString &question, const QString &answer, const QString &sentence,
                        const engine::FolderRequest &wanted)
{
    auto *box = new QMessageBox(QMessageBox::Warning, title, question, QMessageBox::Cancel, &m_view);
    box->setObjectName(QStringLiteral("confirmFolder"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("Messages that come later are kept. What is deleted cannot be brought back."));
    QPushButton *yes = box->addButton(answer, QMessageBox::DestructiveRole);
    yes->setObjectName(QStringLiteral("confirmedFolder"));
    box->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QAbstractButton::clicked, this, [this, wanted, sentence] { request(wanted, sentence, false); });
    box->open();
}

void FolderActions::request(const engine::FolderRequest &wanted, const QString &sentence, bool canBeUndone)
{
    QFuture<Result<engine::ActionReport>> waiting = m_source.changeFolder(wanted);
    waiting.then(this, [this, sentence, canBeUndone](const Result<engine::ActionReport> &report) {
        if (!report)
            Q_EMIT failed(report.error());
        else if (report->state != QLatin1String("none"))
            Q_EMIT done(sentence, canBeUndone);
    });
}

} // namespace kittiwake::ui
