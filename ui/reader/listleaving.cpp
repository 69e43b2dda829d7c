// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/listleaving.h"

#include "ui/widgets/banner.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"

#include <QAction>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

/** The host as it is on the wire: letters that imitate others are not shown as such. */
QString hostOf(const QUrl &url)
{
    return isolated(url.host(QUrl::EncodeUnicode | QUrl::FullyEncoded), 260);
}

} // namespace

ListLeaving::ListLeaving(MailSource &source, Banner *banner, QWidget *window)
    : QObject(window), m_source(source), m_banner(banner), m_window(window),
      m_action(new QAction(icon(QStringLiteral("mail-x")), tr("Leave this mailing list…"), this))
{
    m_action->setObjectName(QStringLiteral("leaveList"));
    m_action->setVisible(false);
    connect(m_action, &QAction::triggered, this, &ListLeaving::ask);
}

void ListLeaving::setList(const mime::ListUnsubscribe &list)
{
    ++m_serial;
    m_list = list;
    m_validSigners.reset();
    m_action->setVisible(!list.isEmpty());
    m_banner->setVisible(false);
}

bool ListLeaving::mayBeOneClick() const
{
    if (!m_list.oneClick || !m_validSigners)
        return m_list.oneClick;
    return std::any_of(m_list.signers.cbegin(), m_list.signers.cend(),
                       [this](const QString &domain) { return m_validSigners->contains(domain); });
}

void ListLeaving::ask()
{
    if (m_list.isEmpty())
        return;
    QString what;
    QString proceed;
    const bool byOneClick = mayBeOneClick();
    if (byOneClick) {
        what = tr("Kittiwake tells %1 that you want no more mail of this list. That host learns the address of this "
                  "network and that the message was read, and nothing else.")
                   .arg(hostOf(m_list.web));
        if (!m_validSigners)
            what = tr("%1 Your mail server does not say whether this message is genuine.", "a sentence before it")
                       .arg(what);
        proceed = tr("Leave the list");
    } else if (!m_list.mail.isEmpty()) {
        what = tr("A message to %1 is opened in your mail program. Send it, and the list takes you off.")
                   .arg(isolated(m_list.mail.path(), 320));
        proceed = tr("Open the message");
    } else {
        what = tr("The page of %1 on which you can leave the list is opened in your browser.").arg(hostOf(m_list.web));
        proceed = tr("Open the page");
    }
    auto *box = new QMessageBox(QMessageBox::Question, tr("Leave mailing list"), tr("Leave this mailing list?"),
                                QMessageBox::NoButton, m_window);
    box->setObjectName(QStringLiteral("leaveListQuestion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(what);
    QPushButton *yes = box->addButton(proceed, QMessageBox::AcceptRole);
    yes->setObjectName(QStringLiteral("confirmLeaving"));
    box->setDefaultButton(yes);
    box->setEscapeButton(box->addButton(QMessageBox::Cancel));
    connect(yes, &QAbstractButton::clicked, this, [this, byOneClick, list = m_list] {
        if (list == m_list && byOneClick && !mayBeOneClick())
            ask(); // what the server says of the signature came while the question was open
        else
            leave(list, byOneClick);
    });
    box->open();
}

void ListLeaving::leave(const mime::ListUnsubscribe &list, bool byOneClick)
{
    if (!byOneClick) {
        Q_EMIT openRequested(list.mail.isEmpty() ? list.web : list.mail);
        return;
    }
    const QString host = hostOf(list.web);
    m_banner->showMessage(theme::Tone::Info, tr("Asking %1…").arg(host));
    m_source.unsubscribe(list.web).then(this, [this, host, serial = m_serial](const Result<void> &left) {
        if (serial != m_serial)
            return; // another message is shown by now
        if (!left) {
            m_banner->showMessage(theme::Tone::Warning, left.error().userText);
            return;
        }
        m_action->setVisible(false);
        m_banner->showMessage(theme::Tone::Info,
                              tr("%1 has confirmed that you have left the list. Messages that are on their way may "
                                 "still arrive.")
                                  .arg(host));
    });
}

} // namespace kittiwake::ui
