// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settingsdialog.h"

#include "ui/mainwindow/statustext.h"
#include "ui/settings/picturesenderlist.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

SettingsDialog::SettingsDialog(MailSource &source, const WindowSettings &settings, QWidget *parent)
    : QDialog(parent), m_source(source), m_accounts(new QListWidget(this)),
      m_password(new QPushButton(tr("Change password…"), this)),
      m_identities(new QPushButton(tr("Names and signatures…"), this)), m_remove(new QPushButton(tr("Remove…"), this))
{
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 20, 24, 20);
    layout->setSpacing(8);
    const auto heading = [this](const QString &text) {
        auto *label = new QLabel(text, this);
        label->setFont(theme::scaled(font(), 1.15, QFont::DemiBold));
        return label;
    };
    layout->addWidget(heading(tr("Accounts")));
    layout->addWidget(buildAccounts(), 1);
    layout->addSpacing(14);
    layout->addWidget(heading(tr("Looks")));
    layout->addWidget(buildLooks(settings));
    layout->addSpacing(14);
    layout->addWidget(heading(tr("Reading")));
    layout->addWidget(buildReading(settings));
    layout->addSpacing(14);
    layout->addWidget(heading(tr("Writing")));
    layout->addWidget(buildWriting(settings));
    layout->addSpacing(14);
    layout->addWidget(heading(tr("Pictures from the Internet are loaded for")));
    layout->addWidget(new PictureSenderList(source, this));
    layout->addSpacing(14);
    auto *close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    layout->addWidget(close, 0, Qt::AlignTrailing);
    setMinimumWidth(560);
    connect(&m_source, &MailSource::accountsChanged, this, &SettingsDialog::fillAccounts);
    connect(&m_source, &MailSource::accountStatusChanged, this, &SettingsDialog::fillAccounts);
    fillAccounts();
}

QWidget *SettingsDialog::buildAccounts()
{
    auto *page = new QWidget(this);
    auto *row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    m_accounts->setObjectName(QStringLiteral("accountList"));
    m_accounts->setAccessibleName(tr("Accounts"));
    m_accounts->setMinimumHeight(120);
    m_accounts->setWordWrap(true);
    row->addWidget(m_accounts, 1);
    auto *buttons = new QVBoxLayout;
    buttons->setSpacing(8);
    auto *addButton = new QPushButton(tr("Add account…"), page);
    addButton->setObjectName(QStringLiteral("addAccountButton"));
    m_password->setObjectName(QStringLiteral("changePasswordButton"));
    m_identities->setObjectName(QStringLiteral("identitiesButton"));
    m_remove->setObjectName(QStringLiteral("removeAccountButton"));
    for (QPushButton *button : {addButton, m_identities, m_password, m_remove}) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    row->addLayout(buttons);
    connect(addButton, &QPushButton::clicked, this, &SettingsDialog::addAccountRequested);
    connect(m_password, &QPushButton::clicked, this, [this] { Q_EMIT passwordRequested(selectedAccount()); });
    connect(m_identities, &QPushButton::clicked, this, [this] { Q_EMIT identitiesRequested(selectedAccount()); });
    connect(m_remove, &QPushButton::clicked, this, &SettingsDialog::confirmRemoval);
    connect(m_accounts, &QListWidget::currentRowChanged, this, &SettingsDialog::updateButtons);
    return page;
}

QWidget *SettingsDialog::buildLooks(const WindowSettings &settings)
{
    auto *page = new QWidget(this);
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    auto *scheme = new QComboBox(page);
    scheme->setObjectName(QStringLiteral("schemeChoice"));
    scheme->setAccessibleName(tr("Colours"));
    scheme->addItems({tr("As the system"), tr("Light"), tr("Dark")});
    scheme->setCurrentIndex(static_cast<int>(settings.scheme()));
    auto *arrangement = new QComboBox(page);
    arrangement->setObjectName(QStringLiteral("layoutChoice"));
    arrangement->setAccessibleName(tr("Arrangement of the window"));
    arrangement->addItems({tr("By the width of the window"), tr("Three columns"), tr("Message below the list"),
                           tr("One pane at a time")});
    arrangement->setCurrentIndex(static_cast<int>(settings.layout()));
    auto *schemeLabel = new QLabel(tr("&Colours"), page);
    schemeLabel->setBuddy(scheme);
    auto *arrangementLabel = new QLabel(tr("A&rrangement"), page);
    arrangementLabel->setBuddy(arrangement);
    form->addRow(schemeLabel, scheme);
    form->addRow(arrangementLabel, arrangement);
    connect(scheme, &QComboBox::activated, this,
            [this](int index) { Q_EMIT schemeChosen(static_cast<theme::Scheme>(index)); });
    connect(arrangement, &QComboBox::activated, this,
            [this](int index) { Q_EMIT layoutChosen(static_cast<LayoutChoice>(index)); });
    return page;
}

QWidget *SettingsDialog::buildReading(const WindowSettings &settings)
{
    auto *page = new QWidget(this);
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    auto *delay = new QComboBox(page);
    delay->setObjectName(QStringLiteral("readDelayChoice"));
    delay->setAccessibleName(tr("When a message counts as read"));
    delay->addItem(tr("At once"), 0);
    delay->addItem(tr("After a second"), 1000);
    delay->addItem(tr("After three seconds"), 3000);
    delay->addItem(tr("After ten seconds"), 10000);
    delay->addItem(tr("Only when I say so"), -1);
    const int known = delay->findData(settings.readDelay());
    delay->setCurrentIndex(known >= 0 ? known : 1);
    auto *label = new QLabel(tr("&Mark messages as read"), page);
    label->setBuddy(delay);
    form->addRow(label, delay);
    connect(delay, &QComboBox::activated, this,
            [this, delay](int index) { Q_EMIT readDelayChosen(delay->itemData(index).toInt()); });
    return page;
}

QWidget *SettingsDialog::buildWriting(const WindowSettings &settings)
{
    auto *page = new QWidget(this);
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    auto *undo = new QComboBox(page);
    undo->setObjectName(QStringLiteral("undoChoice"));
    undo->setAccessibleName(tr("How long a sent message can be taken back"));
    undo->addItem(tr("Not at all"), 0);
    for (const int seconds : {5, 10, 20, 30, 60})
        undo->addItem(tr("%Ln second(s)", nullptr, seconds), seconds);
    const int known = undo->findData(settings.undoSeconds());
    undo->setCurrentIndex(known >= 0 ? known : 2);
    auto *undoLabel = new QLabel(tr("Sent messages can be taken &back for"), page);
    undoLabel->setBuddy(undo);
    form->addRow(undoLabel, undo);
    connect(undo, &QComboBox::activated, this,
            [this, undo](int index) { Q_EMIT undoChosen(undo->itemData(index).toInt()); });
    auto *format = new QComboBox(page);
    format->setObjectName(QStringLiteral("formatChoice"));
    format->setAccessibleName(tr("How new messages begin"));
    format->addItems({tr("Plain text"), tr("Formatted text")});
    format->setCurrentIndex(settings.isComposerRich() ? 1 : 0);
    auto *formatLabel = new QLabel(tr("&New messages begin as"), page);
    formatLabel->setBuddy(format);
    form->addRow(formatLabel, format);
    connect(format, &QComboBox::activated, this, [this](int index) { Q_EMIT richChosen(index == 1); });
    return page;
}

AccountId SettingsDialog::selectedAccount() const
{
    const QListWidgetItem *item = m_accounts->currentItem();
    return item ? AccountId(item->data(Qt::UserRole).toLongLong()) : AccountId();
}

void SettingsDialog::fillAccounts()
{
    const AccountId selected = selectedAccount();
    const QSignalBlocker quiet(m_accounts);
    m_accounts->clear();
    for (const accounts::Account &account : m_source.accounts()) {
        const QString state = statusLine(m_source.status(account.id), locale());
        auto *item = new QListWidgetItem(
            icon(QStringLiteral("circle-user")),
            tr("%1\n%2", "address of an account, what it is doing").arg(oneLine(account.email, 200), state),
            m_accounts);
        item->setData(Qt::UserRole, QVariant::fromValue(account.id.value()));
        if (account.id == selected)
            m_accounts->setCurrentItem(item);
    }
    if (!m_accounts->currentItem())
        m_accounts->setCurrentRow(0);
    updateButtons();
}

void SettingsDialog::updateButtons()
{
    const bool any = selectedAccount().isValid();
    m_password->setEnabled(any);
    m_identities->setEnabled(any);
    m_remove->setEnabled(any);
}

void SettingsDialog::confirmRemoval()
{
    const AccountId account = selectedAccount();
    auto *box = new QMessageBox(QMessageBox::Question, tr("Remove account"),
                                tr("Remove %1 from this computer?")
                                    .arg(isolated(m_accounts->currentItem()->text().section(QLatin1Char('\n'), 0, 0))),
                                QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("removeAccountQuestion"));
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("Nothing on the server changes. The list of its messages on this computer and the "
                               "password in the keychain are deleted."));
    QPushButton *remove = box->addButton(tr("Remove account"), QMessageBox::DestructiveRole);
    remove->setObjectName(QStringLiteral("confirmRemoval"));
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(remove, &QPushButton::clicked, this, [this, account] {
        m_source.removeAccount(account).then(this, [this](const Result<void> &removed) {
            if (removed)
                return;
            auto *sorry = new QMessageBox(QMessageBox::Warning, tr("Remove account"), removed.error().userText,
                                          QMessageBox::Ok, this);
            sorry->setTextFormat(Qt::PlainText);
            sorry->setAttribute(Qt::WA_DeleteOnClose);
            sorry->open();
        });
    });
    box->open();
}

} // namespace kittiwake::ui
