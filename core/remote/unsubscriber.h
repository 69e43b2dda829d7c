// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/remote/addressconnector.h"

#include <QUrl>

namespace kittiwake::remote
{

/**
 * Leaves a mailing list by one POST (RFC 8058), after the person has said so: over TLS, to a public address only, like
 * the pictures (ImageFetcher). Redirects are not followed: a POST that becomes a GET somewhere else proves nothing, and
 * the RFC tells senders not to use any. The answer's text is not looked at. Engine thread; clock and connector outlive
 * it.
 */
class Unsubscriber
{
public:
    static constexpr std::chrono::seconds patience{20};

    Unsubscriber(Clock &clock, AddressConnector &connector) : m_clock(clock), m_connector(connector) { }

    /** Errors: Input where the address is none that may be asked; Network, Tls; ServerRefused where it said no. */
    async::Task<Result<void>> post(QUrl url);

private:
    async::Task<Result<void>> attempt(QUrl url);

    Clock &m_clock;
    AddressConnector &m_connector;
};

} // namespace kittiwake::remote
