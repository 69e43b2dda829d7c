// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/smtp/reply.h"

#include <QByteArrayList>

#include <cstdint>
#include <optional>

namespace kittiwake::smtp
{

/** What a server can do beyond RFC 5321, as its answer to EHLO tells. */
struct Extensions {
    bool startTls = false; ///< RFC 3207
    bool pipelining = false; ///< RFC 2920
    bool eightBitMime = false; ///< RFC 6152
    bool smtpUtf8 = false; ///< RFC 6531
    bool dsn = false; ///< RFC 3461
    bool chunking = false; ///< RFC 3030
    bool enhancedStatusCodes = false; ///< RFC 2034
    bool sizeKnown = false; ///< RFC 1870: MAIL takes SIZE
    std::optional<std::uint64_t> largestMessage; ///< octets; none: the server names no limit
    QByteArrayList authMechanisms; ///< upper case (RFC 4954)
    QByteArrayList keywords; ///< all of them, upper case, for people and the log

    /** The first line of the answer is the server's greeting. Unknown and malformed lines are passed over. */
    [[nodiscard]] static Extensions fromHello(const Reply &reply);
    bool operator==(const Extensions &) const = default;
};

} // namespace kittiwake::smtp
