// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace kittiwake::ui
{

class Banner;

/** Asks for the password of an account whose sign-in was refused, and says whether the new one was taken. */
class PasswordDialog final : public QDialog
{
    Q_OBJECT

public:
    PasswordDialog(MailSource &source, const accounts::Account &account, QWidget *parent = nullptr);
    ~PasswordDialog() override;

private:
    void save();

    MailSource &m_source;
    AccountId m_account;
    QFuture<Result<void>> m_change;
    QLineEdit *m_password;
    QPushButton *m_save;
    Banner *m_banner;
};

} // namespace kittiwake::ui
