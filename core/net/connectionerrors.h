// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/bytestream.h"

#include <QAbstractSocket>
#include <QSslError>

/** What can go wrong with a connection, as sentences for people. Functions of values; any thread. */
namespace kittiwake::net
{

/** How far a connection had come when it failed; the same failure means different things to a person. */
enum class Phase {
    Connecting, ///< no connection yet
    Handshake, ///< connected, not encrypted yet
    Open, ///< in use
};

/** errors: not empty. The worst one is told, all are in the detail. Kind: Tls. */
[[nodiscard]] Error certificateError(const Endpoint &endpoint, const QList<QSslError> &errors);
/** The certificate is good, but for somebody else (CVE-2020-13645). Kind: Tls. */
[[nodiscard]] Error wrongHostError(const Endpoint &endpoint, const QSslCertificate &certificate);
/** Kinds: Network, and Tls where the encryption could not be agreed on. */
[[nodiscard]] Error socketError(const Endpoint &endpoint, Phase phase, QAbstractSocket::SocketError error,
                                const QString &detail);
/** Nothing came for that long. Kind: Network. */
[[nodiscard]] Error timeoutError(const Endpoint &endpoint, Phase phase, std::chrono::seconds limit);
/** Bytes arrived before the encryption that was asked for (CVE-2020-15685). Kind: Tls. */
[[nodiscard]] Error injectionError(const Endpoint &endpoint);

} // namespace kittiwake::net
