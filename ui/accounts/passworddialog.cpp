// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/passworddialog.h"

#include "ui/models/abandon.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/safetext.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

PasswordDialog::PasswordDialog(MailSource &source, const accounts::Account &account, QWidget *parent)
    : QDialog(parent), m_source(source), m_account(account.id), m_password(new QLineEdit(this)),
      m_save(new QPushButton(tr("Sign in"), this)), m_banner(new Banner(this))
{
    setObjectName(QStringLiteral("passwordDialog"));
    setWindowTitle(tr("Change password"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *text = new QLabel(tr("The new password of %1, as the server %2 knows it:")
                                .arg(isolated(account.email), isolated(account.imap.endpoint.host)),
                            this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setBuddy(m_password);
    m_password->setObjectName(QStringLiteral("newPassword"));
    m_password->setAccessibleName(tr("New password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_save->setDefault(true);
    m_save->setEnabled(false);
    m_save->setObjectName(QStringLiteral("signIn"));
    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);

    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(24, 20, 24, 12);
    inner->setSpacing(10);
    inner->addWidget(text);
    inner->addWidget(m_password);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(24, 8, 24, 20);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(inner);
    layout->addWidget(m_banner);
    layout->addLayout(buttons);
    setMinimumWidth(420);

    connect(m_password, &QLineEdit::textChanged, this, [this](const QString &typed) {
        m_save->setEnabled(!typed.isEmpty());
        m_banner->setVisible(false);
    });
    connect(m_save, &QPushButton::clicked, this, &PasswordDialog::save);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
}

PasswordDialog::~PasswordDialog()
{
    abandon(m_change);
}

void PasswordDialog::save()
{
    m_save->setEnabled(false);
    m_password->setEnabled(false);
    m_change = m_source.changePassword(m_account, Secret(m_password->text().toUtf8()));
    m_change.then(this, [this](const Result<void> &changed) {
        if (changed) {
            accept();
            return;
        }
        m_password->setEnabled(true);
        m_save->setEnabled(true);
        m_banner->showMessage(theme::Tone::Error, changed.error().userText);
        m_password->setFocus();
        m_password->selectAll();
    });
}

} // namespace kittiwake::ui
