// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composerbackend.h"

#include <QDialog>

#include <vector>

class QComboBox;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;

namespace kittiwake::ui
{

class Banner;

/**
 * As whom somebody writes from an account: names, addresses, where answers go, signatures. The first one is used when
 * nothing speaks for another. What is written is kept when it is saved, as a whole.
 */
class IdentitiesDialog final : public QDialog
{
    Q_OBJECT

public:
    /** email is the account's; backend must live longer. */
    IdentitiesDialog(ComposerBackend &backend, AccountId account, const QString &email, QWidget *parent = nullptr);

private:
    QWidget *buildList();
    QWidget *buildForm();
    void fillList(int current);
    void showIdentity(int index);
    void take();
    void addIdentity();
    void removeIdentity();
    void makeFirst();
    void save();
    void updateButtons();

    ComposerBackend &m_backend;
    AccountId m_account;
    std::vector<accounts::Identity> m_identities;
    int m_shown = -1;
    bool m_isFilling = false;
    QListWidget *m_list;
    QPushButton *m_add;
    QPushButton *m_remove;
    QPushButton *m_first;
    QLineEdit *m_name;
    QLineEdit *m_address;
    QLineEdit *m_replyTo;
    QPlainTextEdit *m_signature;
    QComboBox *m_place;
    QPushButton *m_save;
    Banner *m_trouble;
};

} // namespace kittiwake::ui
