// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>

/** How a command line is handed to the system's shell: the part that differs between systems. */
namespace kittiwake::credentials
{

/** Sets program and arguments, so that all that the command starts can be ended with it where the system allows it. */
void prepareShell(QProcess &process, const QString &command);
/** Ends the command at once; on Unix with its children. */
void killShell(QProcess &process);

} // namespace kittiwake::credentials
