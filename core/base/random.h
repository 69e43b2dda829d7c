// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>

namespace kittiwake
{

/** Random numbers as something a test can seed. SystemRandom draws from the system's generator. */
class Random
{
public:
    Random() = default;
    Random(const Random &) = delete;
    Random &operator=(const Random &) = delete;
    virtual ~Random() = default;

    [[nodiscard]] virtual std::uint64_t next() = 0;
    /** Uniform in [0, bound), bound > 0. */
    [[nodiscard]] std::uint64_t below(std::uint64_t bound)
    {
        const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
        std::uint64_t value = next();
        while (value >= limit)
            value = next();
        return value % bound;
    }
};

class SystemRandom final : public Random
{
public:
    [[nodiscard]] std::uint64_t next() override;
};

} // namespace kittiwake
