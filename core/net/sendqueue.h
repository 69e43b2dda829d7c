// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"

#include <cstdint>

namespace kittiwake::net
{

/**
 * What a ByteStream that can tell offers besides, to those who send more than memory should hold: write() takes
 * everything at once, so who has megabytes waits in between. Engine thread.
 */
class SendQueue
{
public:
    SendQueue() = default;
    SendQueue(const SendQueue &) = delete;
    SendQueue &operator=(const SendQueue &) = delete;
    virtual ~SendQueue() = default;

    /** Octets that were written and have not left this computer. */
    [[nodiscard]] virtual std::uint64_t unsent() const = 0;
    /** Until at most so many octets are unsent. Errors: Network where the connection ended before. */
    virtual async::Task<Result<void>> drained(std::uint64_t most) = 0;
};

} // namespace kittiwake::net
