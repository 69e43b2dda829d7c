// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/picturesenderlist.h"

#include "ui/widgets/safetext.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

enum Role { AccountRole = Qt::UserRole, AddressRole };

} // namespace

PictureSenderList::PictureSenderList(MailSource &source, QWidget *parent)
    : QWidget(parent), m_source(source), m_list(new QListWidget(this)),
      m_remove(new QPushButton(tr("No longer load"), this))
{
    m_list->setObjectName(QStringLiteral("pictureSenders"));
    m_list->setAccessibleName(tr("Senders whose pictures are always loaded"));
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setMaximumHeight(90);
    m_remove->setObjectName(QStringLiteral("removePictureSender"));
    m_remove->setAutoDefault(false);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_list, 1);
    row->addWidget(m_remove, 0, Qt::AlignTop);
    connect(m_remove, &QPushButton::clicked, this, &PictureSenderList::removeSelected);
    connect(m_list, &QListWidget::itemSelectionChanged, this,
            [this] { m_remove->setEnabled(!m_list->selectedItems().isEmpty()); });
    connect(&m_source, &MailSource::pictureSendersChanged, this, &PictureSenderList::fill);
    fill();
}

void PictureSenderList::fill()
{
    m_list->clear();
    const std::vector<accounts::Account> accounts = m_source.accounts();
    for (const engine::PictureSender &sender : m_source.pictureSenders()) {
        const auto account = std::find_if(accounts.begin(), accounts.end(),
                                          [&sender](const accounts::Account &one) { return one.id == sender.account; });
        const QString address = isolated(sender.address, 320);
        auto *item = new QListWidgetItem(account == accounts.end() || accounts.size() == 1
                                             ? address
                                             : tr("%1 to %2", "sender, account").arg(address, isolated(account->email)),
                                         m_list);
        item->setData(AccountRole, QVariant::fromValue(sender.account.value()));
        item->setData(AddressRole, sender.address);
    }
    m_remove->setEnabled(false);
}

void PictureSenderList::removeSelected()
{
    std::vector<engine::PictureSender> chosen;
    for (const QListWidgetItem *item : m_list->selectedItems())
        chosen.push_back({AccountId(item->data(AccountRole).toLongLong()), item->data(AddressRole).toString()});
    for (const engine::PictureSender &sender : chosen)
        m_source.setPictureSender(sender, false);
}

} // namespace kittiwake::ui
