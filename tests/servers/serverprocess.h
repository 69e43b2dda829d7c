// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace kittiwake::tests
{

/// A server script of tests/servers: a Python program that prints one JSON line when it is ready and
/// ends when its standard input does. All waiting is done on the process's pipes without an event
/// loop, so nothing else of the calling thread runs meanwhile. Use it from one thread.
class ServerProcess
{
public:
    ServerProcess() = default;
    ~ServerProcess();
    Q_DISABLE_COPY_MOVE(ServerProcess)

    /// Starts `script` (a file name in tests/servers). False when it ended or said nothing within
    /// `timeoutMs`; errorText() then holds what it wrote to standard error.
    [[nodiscard]] bool start(const QString &script, const QStringList &arguments, int timeoutMs = 30'000);

    /// Sends one command and waits for its answer. An empty object when there was none; when the answer
    /// is not {"ok": true}, errorText() is set.
    [[nodiscard]] QJsonObject request(const QJsonObject &command, int timeoutMs = 120'000);

    /// Ends the server and waits until it has cleaned up. The destructor does the same.
    void stop();

    /// What the server said when it was ready.
    [[nodiscard]] const QJsonObject &ready() const { return m_ready; }
    [[nodiscard]] QString errorText() const { return m_errorText; }
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

private:
    [[nodiscard]] QByteArray readLine(int timeoutMs);

    QProcess m_process;
    QJsonObject m_ready;
    QString m_errorText;
};

} // namespace kittiwake::tests
