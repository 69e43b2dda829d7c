// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/serverprocess.h"

#include <QDeadlineTimer>
#include <QJsonDocument>

namespace kittiwake::tests
{

ServerProcess::~ServerProcess()
{
    stop();
}

bool ServerProcess::start(const QString &script, const QStringList &arguments, int timeoutMs)
{
    stop();
    m_errorText.clear();
    m_ready = {};
    const QString path = QStringLiteral(KITTIWAKE_SOURCE_DIR "/tests/servers/") + script;
    m_process.start(QStringLiteral("python3"), QStringList{path} + arguments);
    const QByteArray line = readLine(timeoutMs);
    m_ready = QJsonDocument::fromJson(line).object();
    if (!m_ready.isEmpty())
        return true;
    const QString output = QString::fromUtf8(m_process.readAllStandardError()).trimmed();
    m_errorText
        = QStringLiteral("%1 did not start: %2").arg(script, output.isEmpty() ? m_process.errorString() : output);
    stop();
    return false;
}

QByteArray ServerProcess::readLine(int timeoutMs)
{
    const QDeadlineTimer deadline(timeoutMs);
    while (!m_process.canReadLine()) {
        // Returns false when the process has ended as well as when the time is up.
        if (!m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime())) && !m_process.canReadLine())
            return {};
    }
    return m_process.readLine();
}

QJsonObject ServerProcess::request(const QJsonObject &command, int timeoutMs)
{
    m_errorText.clear();
    if (!isRunning()) {
        m_errorText = QStringLiteral("The server is not running.");
        return {};
    }
    m_process.write(QJsonDocument(command).toJson(QJsonDocument::Compact) + '\n');
    QJsonObject answer = QJsonDocument::fromJson(readLine(timeoutMs)).object();
    if (answer.isEmpty())
        m_errorText = QStringLiteral("No answer from the server: %1")
                          .arg(QString::fromUtf8(m_process.readAllStandardError()).trimmed());
    else if (!answer.value(QStringLiteral("ok")).toBool())
        m_errorText = answer.value(QStringLiteral("error")).toString();
    return answer;
}

void ServerProcess::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished(10'000);
    }
}

} // namespace kittiwake::tests
