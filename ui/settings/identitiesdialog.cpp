// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/identitiesdialog.h"

#include "ui/widgets/banner.h"
#include "ui/widgets/safetext.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace kittiwake::ui
{

IdentitiesDialog::IdentitiesDialog(ComposerBackend &backend, AccountId account, const QString &email, QWidget *parent)
    : QDialog(parent), m_backend(backend), m_account(account), m_identities(backend.identitiesOf(account)),
      m_list(new QListWidget(this)), m_add(new QPushButton(tr("Add"), this)),
      m_remove(new QPushButton(tr("Remove"), this)), m_first(new QPushButton(tr("Make first"), this)),
      m_name(new QLineEdit(this)), m_address(new QLineEdit(this)), m_replyTo(new QLineEdit(this)),
      m_signature(new QPlainTextEdit(this)), m_place(new QComboBox(this)), m_save(nullptr), m_trouble(new Banner(this))
{
    setObjectName(QStringLiteral("identitiesDialog"));
    setWindowTitle(tr("Names and signatures of %1").arg(oneLine(email, 200)));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 20, 24, 20);
    layout->setSpacing(12);
    m_trouble->setObjectName(QStringLiteral("identitiesTrouble"));
    m_trouble->setVisible(false);
    layout->addWidget(m_trouble);
    auto *row = new QHBoxLayout;
    row->setSpacing(20);
    row->addWidget(buildList());
    row->addWidget(buildForm(), 1);
    layout->addLayout(row, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_save = buttons->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setObjectName(QStringLiteral("saveIdentities"));
    m_save->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &IdentitiesDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    fillList(0);
    resize(720, 440);
}

QWidget *IdentitiesDialog::buildList()
{
    auto *page = new QWidget(this);
    page->setFixedWidth(220);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_list->setObjectName(QStringLiteral("identityList"));
    m_list->setAccessibleName(tr("Names and addresses"));
    column->addWidget(m_list, 1);
    m_add->setObjectName(QStringLiteral("addIdentity"));
    m_remove->setObjectName(QStringLiteral("removeIdentity"));
    m_first->setObjectName(QStringLiteral("makeFirst"));
    m_first->setToolTip(tr("The first one writes when nothing speaks for another."));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_add);
    row->addWidget(m_remove);
    column->addLayout(row);
    column->addWidget(m_first);
    for (QPushButton *button : {m_add, m_remove, m_first})
        button->setAutoDefault(false);
    connect(m_add, &QPushButton::clicked, this, &IdentitiesDialog::addIdentity);
    connect(m_remove, &QPushButton::clicked, this, &IdentitiesDialog::removeIdentity);
    connect(m_first, &QPushButton::clicked, this, &IdentitiesDialog::makeFirst);
    connect(m_list, &QListWidget::currentRowChanged, this, &IdentitiesDialog::showIdentity);
    return page;
}

QWidget *IdentitiesDialog::buildForm()
{
    auto *page = new QWidget(this);
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_name->setObjectName(QStringLiteral("identityName"));
    m_address->setObjectName(QStringLiteral("identityAddress"));
    m_replyTo->setObjectName(QStringLiteral("identityReplyTo"));
    m_replyTo->setPlaceholderText(tr("The same address"));
    m_signature->setObjectName(QStringLiteral("signature"));
    m_signature->setTabChangesFocus(true);
    m_signature->setPlaceholderText(tr("None"));
    m_place->setObjectName(QStringLiteral("signaturePlace"));
    m_place->addItems({tr("Above what is quoted"), tr("At the end, below what is quoted")});
    const std::pair<QString, QWidget *> rows[]{{tr("&Name"), m_name},
                                               {tr("&Address"), m_address},
                                               {tr("Answers &go to"), m_replyTo},
                                               {tr("&Signature"), m_signature},
                                               {tr("In answers &it stands"), m_place}};
    for (const auto &[title, field] : rows) {
        auto *label = new QLabel(title, page);
        label->setBuddy(field);
        field->setAccessibleName(QString(title).remove(u'&'));
        form->addRow(label, field);
    }
    for (QLineEdit *edit : {m_name, m_address, m_replyTo})
        connect(edit, &QLineEdit::textEdited, this, &IdentitiesDialog::take);
    connect(m_signature, &QPlainTextEdit::textChanged, this, &IdentitiesDialog::take);
    connect(m_place, &QComboBox::activated, this, &IdentitiesDialog::take);
    return page;
}

void IdentitiesDialog::fillList(int current)
{
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        for (const accounts::Identity &one : m_identities) {
            const QString address = isolated(one.address, 320);
            m_list->addItem(one.name.trimmed().isEmpty()
                                ? address
                                : tr("%1\n%2", "name, address").arg(isolated(one.name, 200), address));
        }
        m_list->setCurrentRow(qBound(0, current, m_list->count() - 1));
    }
    showIdentity(m_list->currentRow());
}

void IdentitiesDialog::showIdentity(int index)
{
    m_shown = index;
    if (index < 0)
        return;
    m_isFilling = true;
    const accounts::Identity &one = m_identities[static_cast<std::size_t>(index)];
    m_name->setText(one.name);
    m_address->setText(one.address);
    m_replyTo->setText(one.replyTo);
    m_signature->setPlainText(one.signatureText);
    m_place->setCurrentIndex(one.signatureBelowQuote ? 1 : 0);
    m_isFilling = false;
    updateButtons();
}

/** What stands in the form, into the identity that it shows. */
void IdentitiesDialog::take()
{
    if (m_isFilling || m_shown < 0)
        return;
    accounts::Identity &one = m_identities[static_cast<std::size_t>(m_shown)];
    one.name = m_name->text().trimmed();
    one.address = m_address->text().trimmed();
    one.replyTo = m_replyTo->text().trimmed();
    const QString signature = m_signature->toPlainText();
    if (signature != one.signatureText)
        one.signatureHtml.clear(); // made of the text from now on
    one.signatureText = signature;
    one.signatureBelowQuote = m_place->currentIndex() == 1;
    const QString address = isolated(one.address, 320);
    m_list->item(m_shown)->setText(
        one.name.isEmpty() ? address : tr("%1\n%2", "name, address").arg(isolated(one.name, 200), address));
}

void IdentitiesDialog::addIdentity()
{
    accounts::Identity fresh;
    fresh.key = m_backend.newIdentityKey();
    if (m_shown >= 0)
        fresh.name = m_identities[static_cast<std::size_t>(m_shown)].name;
    m_identities.push_back(fresh);
    fillList(static_cast<int>(m_identities.size()) - 1);
    m_address->setFocus();
}

void IdentitiesDialog::removeIdentity()
{
    if (m_shown < 0 || m_identities.size() < 2)
        return;
    m_identities.erase(m_identities.begin() + m_shown);
    fillList(m_shown);
}

void IdentitiesDialog::makeFirst()
{
    if (m_shown <= 0)
        return;
    std::rotate(m_identities.begin(), m_identities.begin() + m_shown, m_identities.begin() + m_shown + 1);
    fillList(0);
}

void IdentitiesDialog::updateButtons()
{
    m_remove->setEnabled(m_identities.size() > 1);
    m_first->setEnabled(m_shown > 0);
    m_add->setEnabled(m_identities.size() < accounts::mostIdentities);
}

void IdentitiesDialog::save()
{
    m_save->setEnabled(false);
    m_backend.setIdentities(m_account, m_identities).then(this, [this](const Result<void> &kept) {
        m_save->setEnabled(true);
        if (kept)
            accept();
        else
            m_trouble->showMessage(theme::Tone::Error, kept.error().userText);
    });
}

} // namespace kittiwake::ui
