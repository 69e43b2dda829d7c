// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/accountdialog.h"

#include "ui/accounts/serverfields.h"
#include "ui/models/abandon.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

QLabel *formLabel(const QString &text, QWidget *buddy)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

} // namespace

AccountDialog::AccountDialog(MailSource &source, QWidget *parent)
    : QDialog(parent), m_source(source), m_name(new QLineEdit), m_email(new QLineEdit), m_password(new QLineEdit),
      m_imap(new ServerFields(ServerFields::Protocol::Imap)), m_smtp(new ServerFields(ServerFields::Protocol::Smtp)),
      m_advancedButton(new QToolButton), m_advanced(nullptr), m_userName(new QLineEdit), m_caFile(new QLineEdit),
      m_fields(new QWidget(this)), m_banner(new Banner(this)), m_progress(new QProgressBar(this)),
      m_progressText(new QLabel(this)), m_proceed(new QPushButton(this)), m_cancel(new QPushButton(tr("Cancel"), this))
{
    setObjectName(QStringLiteral("accountDialog"));
    setWindowTitle(tr("Add account"));
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setAccessibleName(tr("Your name"));
    m_name->setPlaceholderText(tr("As others see it"));
    m_email->setObjectName(QStringLiteral("email"));
    m_email->setAccessibleName(tr("Email address"));
    m_email->setPlaceholderText(QStringLiteral("you@example.org"));
    m_email->setInputMethodHints(Qt::ImhEmailCharactersOnly);
    m_password->setObjectName(QStringLiteral("password"));
    m_password->setAccessibleName(tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_advanced = buildAdvanced();

    auto *title = new QLabel(tr("Add a mail account"), this);
    title->setFont(theme::scaled(font(), 1.4, QFont::DemiBold));
    auto *intro
        = new QLabel(tr("Your mail stays on its server. The password is kept in the keychain of this computer."), this);
    intro->setWordWrap(true);
    intro->setForegroundRole(QPalette::PlaceholderText);

    auto *form = new QFormLayout(m_fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setLabelAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    form->addRow(formLabel(tr("Your &name"), m_name), m_name);
    form->addRow(formLabel(tr("&Email address"), m_email), m_email);
    form->addRow(formLabel(tr("&Password"), m_password), m_password);
    form->addRow(formLabel(tr("&Incoming mail (IMAP)"), m_imap), m_imap);
    form->addRow(formLabel(tr("&Outgoing mail (SMTP)"), m_smtp), m_smtp);
    m_smtp->hostField()->setPlaceholderText(tr("Can be given later"));
    m_advancedButton->setObjectName(QStringLiteral("advancedButton"));
    m_advancedButton->setText(tr("More settings"));
    m_advancedButton->setCheckable(true);
    m_advancedButton->setAutoRaise(true);
    m_advancedButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_advancedButton->setIcon(icon(QStringLiteral("chevron-right")));
    m_advancedButton->setIconSize({14, 14});
    form->addRow(QString(), m_advancedButton);
    form->addRow(m_advanced);
    connect(m_advancedButton, &QToolButton::toggled, this, [this](bool on) {
        m_advanced->setVisible(on);
        m_advancedButton->setIcon(icon(on ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right")));
        adjustSize();
    });

    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(8);
    m_progress->setAccessibleName(tr("Signing in"));
    m_progressText->setTextFormat(Qt::PlainText);
    m_progressText->setForegroundRole(QPalette::PlaceholderText);
    m_proceed->setObjectName(QStringLiteral("proceed"));
    m_proceed->setDefault(true);
    m_cancel->setObjectName(QStringLiteral("cancel"));
    m_cancel->setAutoDefault(false);
    m_banner->setObjectName(QStringLiteral("accountBanner"));

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_progressText, 1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_proceed);
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(28, 24, 28, 0);
    inner->setSpacing(6);
    inner->addWidget(title);
    inner->addWidget(intro);
    inner->addSpacing(14);
    inner->addWidget(m_fields);
    inner->addSpacing(10);
    auto *bottom = new QVBoxLayout;
    bottom->setContentsMargins(28, 8, 28, 24);
    bottom->setSpacing(12);
    bottom->addWidget(m_progress);
    bottom->addLayout(buttons);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(inner);
    layout->addWidget(m_banner);
    layout->addLayout(bottom);
    setMinimumWidth(qMax(560, fontMetrics().averageCharWidth() * 84));

    for (QLineEdit *field : {m_name, m_email, m_password, m_userName, m_caFile})
        connect(field, &QLineEdit::textChanged, this, &AccountDialog::handleEdit);
    connect(m_imap, &ServerFields::changed, this, &AccountDialog::handleEdit);
    connect(m_smtp, &ServerFields::changed, this, &AccountDialog::handleEdit);
    connect(m_proceed, &QPushButton::clicked, this, &AccountDialog::proceed);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    m_advanced->setVisible(false);
    setStep(Step::Editing);
    m_name->setFocus();
}

AccountDialog::~AccountDialog()
{
    abandon(m_check);
    abandon(m_add);
}

QWidget *AccountDialog::buildAdvanced()
{
    auto *box = new QWidget;
    auto *form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    form->setLabelAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    m_userName->setObjectName(QStringLiteral("userName"));
    m_userName->setAccessibleName(tr("User name"));
    m_userName->setPlaceholderText(tr("The email address"));
    m_caFile->setObjectName(QStringLiteral("caFile"));
    m_caFile->setAccessibleName(tr("Certificate authority file"));
    m_caFile->setPlaceholderText(tr("The system's certificates only"));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_caFile, 1);
    auto *browse = new QPushButton(tr("Choose…"));
    browse->setAccessibleName(tr("Choose a certificate authority file"));
    browse->setAutoDefault(false);
    row->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Certificate authority"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setNameFilters({tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")});
        connect(dialog, &QFileDialog::fileSelected, m_caFile, &QLineEdit::setText);
        dialog->open();
    });
    form->addRow(formLabel(tr("&User name"), m_userName), m_userName);
    form->addRow(formLabel(tr("Certificate &authority"), m_caFile), row);
    return box;
}

accounts::Account AccountDialog::account() const
{
    accounts::Account account;
    account.displayName = m_name->text().trimmed();
    account.email = m_email->text().trimmed();
    account.userName = m_userName->text().trimmed();
    if (const auto imap = m_imap->server())
        account.imap = *imap;
    account.smtp = m_smtp->server();
    account.tlsPolicy.caFile = m_caFile->text().trimmed();
    return account;
}

/** What is still needed, as a sentence; empty: nothing. */
QString AccountDialog::missing() const
{
    const accounts::Account entered = account();
    const mail::Address address{{}, entered.email};
    if (!address.isValid())
        return tr("Give your email address in full, for example you@example.org.");
    if (m_password->text().isEmpty())
        return tr("Give the password of your account.");
    if (entered.imap.endpoint.host.isEmpty())
        return tr("Give the name of the server that your mail is on. Your provider's help pages call it IMAP.");
    return {};
}

void AccountDialog::proceed()
{
    if (m_step == Step::Checked)
        add();
    else if (m_step == Step::Editing)
        check();
}

void AccountDialog::check()
{
    const QString hint = missing();
    if (!hint.isEmpty()) {
        m_banner->showMessage(theme::Tone::Warning, hint);
        return;
    }
    setStep(Step::Checking);
    m_check = m_source.checkAccount(account(), Secret(m_password->text().toUtf8()));
    m_check.then(this, [this](const Result<engine::SignInReport> &report) {
        if (!report) {
            fail(report.error());
            return;
        }
        setStep(Step::Checked);
        m_banner->showMessage(theme::Tone::Info,
                              report->smtp.isEmpty() ? tr("Signed in to %1.").arg(report->imap)
                                                     : tr("Signed in to %1 and %2.").arg(report->imap, report->smtp));
    });
}

void AccountDialog::add()
{
    setStep(Step::Adding);
    m_add = m_source.addAccount(account(), Secret(m_password->text().toUtf8()));
    m_add.then(this, [this](const Result<AccountId> &added) {
        if (!added) {
            fail(added.error());
            return;
        }
        Q_EMIT accountAdded(*added);
        accept();
    });
}

void AccountDialog::fail(const Error &error)
{
    setStep(Step::Editing);
    m_banner->showMessage(theme::Tone::Error, error.userText);
    if (error.kind == ErrorKind::Auth) {
        m_password->setFocus();
        m_password->selectAll();
    } else if (error.kind == ErrorKind::Network || error.kind == ErrorKind::Protocol) {
        m_imap->hostField()->setFocus();
    }
}

void AccountDialog::handleEdit()
{
    m_banner->setVisible(false);
    if (m_step == Step::Checked)
        setStep(Step::Editing);
}

void AccountDialog::setStep(Step step)
{
    m_step = step;
    const bool busy = step == Step::Checking || step == Step::Adding;
    if (busy)
        m_banner->setVisible(false);
    m_fields->setEnabled(!busy);
    m_proceed->setEnabled(!busy);
    m_proceed->setText(step == Step::Checked || step == Step::Adding ? tr("Add account") : tr("Check"));
    m_proceed->setAccessibleName(m_proceed->text());
    // The bar keeps its place, so that the dialog does not jump.
    QSizePolicy policy = m_progress->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    m_progress->setSizePolicy(policy);
    m_progress->setVisible(busy);
    if (step == Step::Checking)
        m_progressText->setText(tr("Signing in to %1…").arg(account().imap.endpoint.host));
    else if (step == Step::Adding)
        m_progressText->setText(tr("Adding the account…"));
    else
        m_progressText->clear();
    if (step == Step::Checked)
        m_proceed->setFocus();
}

void AccountDialog::done(int result)
{
    abandon(m_check);
    abandon(m_add);
    QDialog::done(result);
}

} // namespace kittiwake::ui
