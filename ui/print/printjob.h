// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QFuture>

class QPrinter;

namespace kittiwake::ui
{

/**
 * Hands pages to the printing system: on Linux as they are, through a pipe to lp(1) of CUPS, since QPrinter leaves what
 * it prints in a temporary file; on Windows and macOS as pictures through QPrinter, whose spooler is the system's.
 * Where the printer is set up to print to a file, the PDF is saved there. Errors: Storage, with what the system said.
 */
[[nodiscard]] QFuture<Result<void>> printPdf(const QByteArray &pdf, QPrinter &printer);

/** The arguments of lp for a printer as the person has set it up. */
[[nodiscard]] QStringList printArguments(const QPrinter &printer);

} // namespace kittiwake::ui
