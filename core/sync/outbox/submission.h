// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/base/secret.h"
#include "core/imap/client/clienttypes.h"
#include "core/smtp/client.h"

namespace kittiwake::sync
{

/** How an account signs in to its server for outgoing mail, which it has: the same trust rules as for IMAP. */
[[nodiscard]] smtp::ConnectOptions submissionOptions(const accounts::Account &account, const Secret &password);

/** What is told of a submission goes to the same place as what is told of IMAP; empty where that is. */
[[nodiscard]] smtp::TraceHandler submissionTrace(const imap::TraceHandler &trace);

/**
 * The service puts a copy of what is submitted into Sent by itself, perhaps seconds later and under another Message-ID.
 * It can be switched off, so that copy is waited for, and not taken for granted.
 */
[[nodiscard]] bool savesSentItself(const accounts::Account &account);

} // namespace kittiwake::sync
