// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/oddserver.h"

namespace kittiwake::tests
{

quint16 OddServer::port() const
{
    return static_cast<quint16>(m_process.ready().value(QStringLiteral("port")).toInt());
}

QString OddServer::caFile() const
{
    return m_process.ready().value(QStringLiteral("ca_file")).toString();
}

QByteArray OddServer::received()
{
    const QJsonObject answer = m_process.request({{QStringLiteral("cmd"), QStringLiteral("received")}});
    return QByteArray::fromBase64(answer.value(QStringLiteral("bytes")).toString().toLatin1());
}

} // namespace kittiwake::tests
