// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/serverfields.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace kittiwake::ui
{

ServerFields::ServerFields(Protocol protocol, QWidget *parent)
    : QWidget(parent), m_protocol(protocol), m_host(new QLineEdit(this)), m_port(new QSpinBox(this)),
      m_tls(new QComboBox(this))
{
    const bool imap = protocol == Protocol::Imap;
    m_host->setObjectName(imap ? QStringLiteral("imapHost") : QStringLiteral("smtpHost"));
    m_host->setAccessibleName(imap ? tr("Incoming mail server") : tr("Outgoing mail server"));
    m_host->setPlaceholderText(imap ? QStringLiteral("imap.example.org") : QStringLiteral("smtp.example.org"));
    m_host->setMaxLength(255);
    m_port->setObjectName(imap ? QStringLiteral("imapPort") : QStringLiteral("smtpPort"));
    m_port->setAccessibleName(imap ? tr("Port of the incoming mail server") : tr("Port of the outgoing mail server"));
    m_port->setRange(1, 65535);
    m_port->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_port->setGroupSeparatorShown(false);
    m_port->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("000000")) + 24);
    m_tls->setObjectName(imap ? QStringLiteral("imapTls") : QStringLiteral("smtpTls"));
    m_tls->setAccessibleName(imap ? tr("Encryption of the incoming mail server")
                                  : tr("Encryption of the outgoing mail server"));
    m_tls->addItem(tr("TLS"), static_cast<int>(net::TlsMode::Implicit));
    m_tls->addItem(tr("STARTTLS"), static_cast<int>(net::TlsMode::StartTls));
    m_tls->setToolTip(tr("Both encrypt everything. TLS is the better choice where the server has it."));
    m_port->setValue(usualPort());

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_host, 1);
    layout->addWidget(m_port);
    layout->addWidget(m_tls);
    setFocusProxy(m_host);

    connect(m_host, &QLineEdit::textEdited, this, &ServerFields::changed);
    connect(m_port, &QSpinBox::valueChanged, this, [this](int port) {
        m_portTyped = port != usualPort();
        Q_EMIT changed();
    });
    connect(m_tls, &QComboBox::activated, this, [this] {
        if (!m_portTyped) {
            const QSignalBlocker quiet(m_port);
            m_port->setValue(usualPort());
        }
        Q_EMIT changed();
    });
}

/** RFC 8314 sections 3.2 and 3.3; RFC 3501 and RFC 6409 for STARTTLS. */
int ServerFields::usualPort() const
{
    const bool implicit = m_tls->currentData().toInt() == static_cast<int>(net::TlsMode::Implicit);
    if (m_protocol == Protocol::Imap)
        return implicit ? 993 : 143;
    return implicit ? 465 : 587;
}

void ServerFields::setServer(const accounts::Server &server)
{
    m_host->setText(server.endpoint.host);
    m_tls->setCurrentIndex(server.tls == net::TlsMode::Implicit ? 0 : 1);
    m_port->setValue(server.endpoint.port);
}

std::optional<accounts::Server> ServerFields::server() const
{
    const QString host = m_host->text().trimmed();
    if (host.isEmpty())
        return std::nullopt;
    accounts::Server server;
    server.endpoint = {host, static_cast<std::uint16_t>(m_port->value())};
    server.tls = static_cast<net::TlsMode>(m_tls->currentData().toInt());
    return server;
}

} // namespace kittiwake::ui
