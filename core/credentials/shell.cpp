// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/credentials/shell.h"

#ifdef Q_OS_UNIX
#include <csignal>
#include <unistd.h>
#endif

namespace kittiwake::credentials
{

void prepareShell(QProcess &process, const QString &command)
{
#ifdef Q_OS_WIN
    process.setProgram(qEnvironmentVariable("ComSpec", QStringLiteral("cmd.exe")));
    // The command is a line for cmd as it stands; Qt's quoting of arguments would change it.
    process.setNativeArguments(QStringLiteral("/d /s /c \"%1\"").arg(command));
#else
    process.setProgram(QStringLiteral("/bin/sh"));
    process.setArguments({QStringLiteral("-c"), command});
    // A process group of its own, so that it can be ended with all that it started.
    process.setChildProcessModifier([] { setpgid(0, 0); });
#endif
}

void killShell(QProcess &process)
{
#ifdef Q_OS_UNIX
    if (const qint64 leader = process.processId(); leader > 0)
        kill(static_cast<pid_t>(-leader), SIGKILL);
#endif
    process.kill();
}

} // namespace kittiwake::credentials
