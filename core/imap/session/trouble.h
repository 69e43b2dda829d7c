// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/imap/codec/response.h"

#include <chrono>
#include <optional>

namespace kittiwake::imap
{

/** What a provider means when it refuses something although nothing is wrong with it. A value; any thread. */
struct Trouble {
    bool isTemporary = false; ///< the same may be accepted later (RFC 5530, or a sentence known to mean that)
    bool isThrottled = false; ///< of the whole account: everything is refused until pause has passed
    bool tooManyConnections = false; ///< fewer of them would be accepted
    /** How long the provider asks to be left alone: between a second and an hour. Nothing where it does not say. */
    std::optional<std::chrono::milliseconds> pause;

    bool operator==(const Trouble &) const = default;
};

/** Of NO, BAD or BYE, tagged or not. */
[[nodiscard]] Trouble troubleOf(const StatusResponse &status);
/** Of an error that was made of one (refusedError, byeError, signInRefusedError …), read back from its detail. */
[[nodiscard]] Trouble troubleOf(const Error &error);

} // namespace kittiwake::imap
