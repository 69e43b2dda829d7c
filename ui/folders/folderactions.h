// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailboxtreemodel.h"

#include <QObject>
#include <QString>

class QMenu;

namespace kittiwake::ui
{

class FolderView;

/**
 * What people do to folders in the tree: its menu, and F2 to rename where one stands. What is for good asks first. Each
 * is an action of the engine: safe before it shows, undone by Ctrl+Z where that can be. UI thread.
 */
class FolderActions final : public QObject
{
    Q_OBJECT

public:
    FolderActions(MailSource &source, MailboxTreeModel &model, FolderView &view, QObject *parent = nullptr);

    /** Asks for a name. below: empty for the top of the account. */
    void create(AccountId account, MailboxId below);
    /** Opens a field in the line of the folder. */
    void rename(MailboxId mailbox);
    void remove(MailboxId mailbox);
    void empty(MailboxId mailbox);
    void subscribe(MailboxId mailbox, bool on);

Q_SIGNALS:
    void failed(const kittiwake::Error &error);
    /** It is safe; a sentence for people. */
    void done(const QString &sentence, bool canBeUndone);

private:
    void addTo(QMenu *menu, const QModelIndex &index);
    void ask(const QString &title, const QString &question, const QString &answer, const QString &sentence,
             const engine::FolderRequest &request);
    void request(const engine::FolderRequest &request, const QString &sentence, bool canBeUndone);

    MailSource &m_source;
    MailboxTreeModel &m_model;
    FolderView &m_view;
};

} // namespace kittiwake::ui
