// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace kittiwake::ctl
{

class Context;

/** Each takes the words behind its name, starts its work and sees to it that context.finish() or fail() is called. */
void runAccount(Context &context, const QStringList &arguments);
void runSync(Context &context, const QStringList &arguments);
void runMailboxes(Context &context, const QStringList &arguments);
void runList(Context &context, const QStringList &arguments);
void runShow(Context &context, const QStringList &arguments);
void runWatch(Context &context, const QStringList &arguments);
void runFlag(Context &context, const QStringList &arguments);
void runMove(Context &context, const QStringList &arguments);
void runCopy(Context &context, const QStringList &arguments);
void runDelete(Context &context, const QStringList &arguments);
void runArchive(Context &context, const QStringList &arguments);
void runJunk(Context &context, const QStringList &arguments);
void runNotJunk(Context &context, const QStringList &arguments);
void runAppend(Context &context, const QStringList &arguments);
void runMailbox(Context &context, const QStringList &arguments);
void runSend(Context &context, const QStringList &arguments);
void runDraft(Context &context, const QStringList &arguments);
void runUndo(Context &context, const QStringList &arguments);
void runPending(Context &context, const QStringList &arguments);
void runVerify(Context &context, const QStringList &arguments);
void runAudit(Context &context, const QStringList &arguments);
void runCache(Context &context, const QStringList &arguments);
void runDebug(Context &context, const QStringList &arguments);

} // namespace kittiwake::ctl
