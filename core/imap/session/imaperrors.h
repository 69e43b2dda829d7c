// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/imap/codec/response.h"

#include <QString>

#include <optional>

/**
 * What can go wrong between us and an IMAP server, as sentences for people. where names the server
 * ("imap.example.org:993"). The server's own words are quoted as plain text without control characters. Functions of
 * values; any thread.
 */
namespace kittiwake::imap
{

[[nodiscard]] Error notImapError(const QString &where, const QByteArray &head);
/** BYE. Kind: Network, since it is mostly about load and limits. */
[[nodiscard]] Error byeError(const QString &where, const StatusResponse &bye);
/** PREAUTH on a connection in the clear (CVE-2020-12398). Kind: Tls. */
[[nodiscard]] Error preAuthInClearError(const QString &where);
/** Bytes behind the answer to STARTTLS (CVE-2020-15685). Kind: Tls. */
[[nodiscard]] Error injectedDataError(const QString &where);
/** STARTTLS is not offered, or refused. Kind: Tls. */
[[nodiscard]] Error noStartTlsError(const QString &where, const QString &detail);
/** NO or BAD to the sign-in. Kind: Auth; Network for codes that say "not now" (RFC 5530). */
[[nodiscard]] Error signInRefusedError(const QString &where, const StatusResponse &status);
/** Success before the server proved that it knows the password. Kind: Auth. */
[[nodiscard]] Error unprovenServerError(const QString &where);
/** The stream makes no sense any more. Kind: Protocol. */
[[nodiscard]] Error outOfStepError(const QString &where, const QByteArray &detail);
/**
 * NO or BAD. Kind: ServerRefused; Network where it is about the account and not about what was asked (throttled).
 * detail begins with "NO [CODE]" where there is a code: troubleOf() reads it back.
 */
[[nodiscard]] Error refusedError(const QString &where, const StatusResponse &status);
/** "BAD User is authenticated but not connected" (Exchange). Kind: Network: it goes away by itself. */
[[nodiscard]] Error notConnectedError(const QString &where, const StatusResponse &status);
[[nodiscard]] bool isNotConnected(const StatusResponse &status);

[[nodiscard]] Error greetingTimeoutError(const QString &where, int seconds);
[[nodiscard]] Error answerTimeoutError(const QString &where, int seconds);
/** Kind: Network. */
[[nodiscard]] Error closedError(const QString &where, bool beforeGreeting);
[[nodiscard]] Error cancelledError(const QString &where);
/** The server cannot do what was asked ("MOVE"). Kind: Input. */
[[nodiscard]] Error missingCapabilityError(const QString &where, const QString &capability);

/** The name of a code without arguments as in refusedError's detail; empty where there is none. */
[[nodiscard]] QByteArray codeName(const ResponseCode &code);

} // namespace kittiwake::imap
