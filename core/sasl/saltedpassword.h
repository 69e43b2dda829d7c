// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"

#include <QByteArrayView>

#include <cstdint>
#include <optional>

namespace kittiwake::sasl
{

enum class ScramHash {
    Sha1,
    Sha256,
};

/**
 * SaltedPassword of RFC 5802 section 3, in hexadecimal digits: PBKDF2 over the prepared password (RFC 4013). Through
 * OpenSSL, which uses the processor's instructions for it: 1 ms for the usual 4,096 rounds, where GNU SASL 2.2 takes 4
 * ms in plain C, while the server waits for the answer (November 2026). Nothing where the password cannot be prepared,
 * or OpenSSL refuses (FIPS): then GNU SASL is left to do it, or to say what is wrong. rounds is bounded by the caller.
 */
[[nodiscard]] std::optional<Secret> saltedPassword(ScramHash hash, const Secret &password, QByteArrayView salt,
                                                   std::uint32_t rounds);

} // namespace kittiwake::sasl
