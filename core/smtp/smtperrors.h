// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/smtp/reply.h"

/**
 * What can go wrong between us and a submission server, apart from refusals of a message (refusal.h), as sentences for
 * people. where names the server ("mail.example.org:465"). Functions of values; any thread.
 */
namespace kittiwake::smtp
{

[[nodiscard]] Error notSmtpError(const QString &where, const QByteArray &head);
/** 4xx or 5xx instead of a greeting, or to EHLO. Kind: Network for what passes, else ServerRefused. */
[[nodiscard]] Error turnedAwayError(const QString &where, const Reply &reply);
/** STARTTLS is not offered, or refused. Kind: Tls. */
[[nodiscard]] Error noStartTlsError(const QString &where, const QString &detail);
/** Bytes behind the answer to STARTTLS (CVE-2020-14928). Kind: Tls. */
[[nodiscard]] Error injectedDataError(const QString &where);
/** The server offers no sign-in at all. Kind: Auth. */
[[nodiscard]] Error noSignInError(const QString &where);
/** Kind: Auth; Network where it is not about the password (454, 421). */
[[nodiscard]] Error signInRefusedError(const QString &where, const Reply &reply);
/** Success before the server proved that it knows the password. Kind: Auth. */
[[nodiscard]] Error unprovenServerError(const QString &where);
[[nodiscard]] Error outOfStepError(const QString &where, const QString &detail);
[[nodiscard]] Error timeoutError(const QString &where, int seconds);
/** Kind: Network. */
[[nodiscard]] Error closedError(const QString &where, const QString &detail);
/** 421: the server ends the connection. Kind: Network. */
[[nodiscard]] Error shuttingDownError(const QString &where, const Reply &reply);
[[nodiscard]] Error cancelledError(const QString &where);

} // namespace kittiwake::smtp
