// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"

#include <QString>

namespace kittiwake::credentials
{

/**
 * Runs a command of the person that prints a password ("pass show mail", "secret-tool lookup …"): /bin/sh -c, or cmd /c
 * on Windows, with the environment of this process and nothing on its standard input. Needs the event loop of its
 * thread. Destroying the awaiting task kills the command, on Unix with all that it started; it runs in a
 * process group of its own there, so it cannot ask on the terminal.
 */
class PasswordCommand
{
public:
    explicit PasswordCommand(Clock &clock);

    /**
     * The first line of the standard output. Errors: Auth where the command failed (exit code and the first line of its
     * standard error are in userText), printed nothing, printed more than 64 KiB or ran for more than 30 s; Input where
     * it could not be started.
     */
    [[nodiscard]] async::Task<Result<Secret>> run(QString command) const;

private:
    Clock &m_clock;
};

} // namespace kittiwake::credentials
