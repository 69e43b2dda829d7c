// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"

#include <QByteArrayList>

namespace kittiwake
{

class TranscriptRunner;

/**
 * One call of the client, its result reported as "<label>: …". words are the action's words: the verb, then its
 * arguments. An unknown verb reports an error.
 *
 *   connect [starttls] [user=…] [password=…] [mechanism=…] [compress] [qresync] [utf8]     list [status]
 *   status <name>     select <name> [readonly] [qresync=<validity>,<modseq>]     unselect
 *   fetch <uids> <items…: flags size envelope date structure modseq headers text>     section <uid> <section> [limit=n]
 *   search all|unseen|<header text>     store <uids> +<flag>|-<flag> [unchangedsince=n]
 *   copy|move <uids> <name>     expunge <uids>     append <name> <text>     create|delete|subscribe <name>
 *   rename <from> <to>     noop     idle     logout
 */
[[nodiscard]] async::Task<void> runAction(TranscriptRunner *runner, QByteArrayList words, QByteArray label);

} // namespace kittiwake
