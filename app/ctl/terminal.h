// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdio>

namespace kittiwake::ctl
{

/** Whether a stream is a terminal that a person looks at. */
[[nodiscard]] bool isTerminal(std::FILE *stream);
/** All of standard input; at most limit bytes, the rest is left. Binary. */
[[nodiscard]] QByteArray readStandardInput(qint64 limit);
/** UTF-8 to a standard stream; what a terminal would take for commands (control characters) is shown as U+FFFD. */
void writeText(std::FILE *stream, const QString &text);
/** Bytes as they are. */
void writeBytes(std::FILE *stream, const QByteArray &bytes);

} // namespace kittiwake::ctl
