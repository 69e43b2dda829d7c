// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/credentials/passwordcommand.h"

#include "core/async/completion.h"
#include "core/credentials/shell.h"

#include <QCoreApplication>
#include <QLocale>
#include <QProcess>

namespace kittiwake::credentials
{

namespace
{

constexpr std::chrono::seconds timeLimit{30};
constexpr qsizetype largestOutput = 64 * 1024;
constexpr qsizetype largestComplaint = 4 * 1024;
constexpr qsizetype complaintShown = 200;

using Answer = async::Completion<Result<Secret>>;

Failure commandFailure(ErrorKind kind, const QString &sentence, const QString &detail)
{
    return failure(kind, QStringLiteral("password command"), sentence, detail);
}

QString firstLine(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes.trimmed());
    QString line;
    for (const QChar c : text.left(complaintShown)) {
        if (c == u'\n' || c == u'\r')
            break;
        line += c.isPrint() ? c : QChar(QChar::ReplacementCharacter);
    }
    return line;
}

QByteArray passwordLine(const QByteArray &output)
{
    const qsizetype end = output.indexOf('\n');
    QByteArray line = end < 0 ? QByteArray(output.constData(), output.size()) : output.first(end);
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

/** A process and what came of it. Destroying it kills the command and all that it started. */
class Run final
{
public:
    Run(Clock &clock, const QString &command) : m_clock(clock), m_process(new QProcess), m_answer(clock)
    {
        prepareShell(*m_process, command);
        m_process->setStandardInputFile(QProcess::nullDevice());
        QObject::connect(m_process, &QProcess::readyReadStandardOutput, m_process, [this] { takeOutput(); });
        QObject::connect(m_process, &QProcess::readyReadStandardError, m_process, [this] { takeComplaint(); });
        QObject::connect(m_process, &QProcess::finished, m_process, [this] { finish(); });
        QObject::connect(m_process, &QProcess::errorOccurred, m_process, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                fail(ErrorKind::Input,
                     QCoreApplication::translate(
                         "core", "The password command could not be started; check the system's shell."));
        });
        m_timer = clock.callAfter(timeLimit, [this] {
            fail(ErrorKind::Auth,
                 QCoreApplication::translate(
                     "core", "The password command was still running after %1 seconds; check it in a terminal.")
                     .arg(QLocale().toString(static_cast<qlonglong>(timeLimit.count()))));
        });
        m_process->start();
    }
    Run(const Run &) = delete;
    Run &operator=(const Run &) = delete;
    ~Run()
    {
        m_clock.cancel(m_timer);
        m_process->disconnect();
        if (m_process->state() != QProcess::NotRunning) {
            killShell(*m_process);
            // Nothing survives that signal; this only collects the process.
            m_process->waitForFinished(1000);
        }
        m_process->deleteLater();
        overwrite(m_output);
    }

    [[nodiscard]] const Answer &answer() const { return m_answer; }

private:
    void fail(ErrorKind kind, const QString &sentence)
    {
        m_answer.complete(commandFailure(kind, sentence, m_process->errorString()));
    }

    void takeOutput()
    {
        // The rest of the output is of no interest, and must not fill the memory either.
        m_output += m_process->readAllStandardOutput();
        if (m_output.size() > largestOutput)
            fail(
                ErrorKind::Auth,
                QCoreApplication::translate(
                    "core", "The password command printed more than a password; its first line must be the password."));
    }

    void takeComplaint()
    {
        const QByteArray bytes = m_process->readAllStandardError();
        m_complaint += bytes.first(std::min(bytes.size(), largestComplaint - m_complaint.size()));
    }

    void finish()
    {
        takeOutput();
        takeComplaint();
        if (m_answer.isComplete())
            return;
        if (m_process->exitStatus() != QProcess::NormalExit || m_process->exitCode() != 0) {
            const bool crashed = m_process->exitStatus() != QProcess::NormalExit;
            tellExit(crashed, m_process->exitCode(), firstLine(m_complaint));
            return;
        }
        QByteArray line = passwordLine(m_output);
        if (line.isEmpty() || line.contains('\0')) {
            fail(ErrorKind::Auth,
                 QCoreApplication::translate(
                     "core", "The password command printed no password; its first line must be the password."));
            return;
        }
        m_answer.complete(Secret(std::move(line)));
    }

    void tellExit(bool crashed, int code, const QString &complaint)
    {
        if (crashed) {
            fail(ErrorKind::Auth,
                 QCoreApplication::translate("core", "The password command crashed; check it in a terminal."));
        } else if (complaint.isEmpty()) {
            fail(ErrorKind::Auth,
                 QCoreApplication::translate("core",
                                             "The password command ended with exit code %1; check it in a terminal.")
                     .arg(code));
        } else {
            fail(ErrorKind::Auth,
                 QCoreApplication::translate(
                     "core", "The password command ended with exit code %1 (%2); check it in a terminal.")
                     .arg(QString::number(code), complaint));
        }
    }

    Clock &m_clock;
    QProcess *m_process;
    Answer m_answer;
    Clock::TimerId m_timer = 0;
    QByteArray m_output;
    QByteArray m_complaint;
};

} // namespace

PasswordCommand::PasswordCommand(Clock &clock) : m_clock(clock) { }

async::Task<Result<Secret>> PasswordCommand::run(QString command) const
{
    const Run running(m_clock, command);
    Result<Secret> password = co_await running.answer();
    co_return password;
}

} // namespace kittiwake::credentials
