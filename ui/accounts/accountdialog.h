// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QDialog>

class QFormLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace kittiwake::ui
{

class Banner;
class ServerFields;

/**
 * Asks for an account's name, address, servers and password. "Check" signs in and says in a sentence what went wrong,
 * or turns into "Add account". Whatever is edited after that must be checked again. The password leaves this dialog
 * as a Secret only.
 */
class AccountDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit AccountDialog(MailSource &source, QWidget *parent = nullptr);
    ~AccountDialog() override;

    /** What is in the fields now. */
    [[nodiscard]] accounts::Account account() const;

Q_SIGNALS:
    void accountAdded(kittiwake::AccountId account);

protected:
    void done(int result) override;

private:
    enum class Step { Editing, Checking, Checked, Adding };

    QWidget *buildAdvanced();
    [[nodiscard]] QString missing() const;
    void proceed();
    void check();
    void add();
    void handleEdit();
    void setStep(Step step);
    void fail(const Error &error);

    MailSource &m_source;
    Step m_step = Step::Editing;
    QFuture<Result<engine::SignInReport>> m_check;
    QFuture<Result<AccountId>> m_add;
    QLineEdit *m_name;
    QLineEdit *m_email;
    QLineEdit *m_password;
    ServerFields *m_imap;
    ServerFields *m_smtp;
    QToolButton *m_advancedButton;
    QWidget *m_advanced;
    QLineEdit *m_userName;
    QLineEdit *m_caFile;
    QWidget *m_fields;
    Banner *m_banner;
    QProgressBar *m_progress;
    QLabel *m_progressText;
    QPushButton *m_proceed;
    QPushButton *m_cancel;
};

} // namespace kittiwake::ui
