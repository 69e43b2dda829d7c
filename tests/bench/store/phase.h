// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace kittiwake::bench
{

/** Adds up the wall and CPU time between start and stop. CPU is of the whole process, in user and kernel mode. */
class Stopwatch
{
public:
    void start();
    void stop();
    [[nodiscard]] double wallSeconds() const { return static_cast<double>(m_wall) / 1e9; }
    [[nodiscard]] double cpuSeconds() const { return static_cast<double>(m_cpu) / 1e9; }

private:
    std::int64_t m_wall = 0;
    std::int64_t m_cpu = 0;
    std::int64_t m_wallStart = 0;
    std::int64_t m_cpuStart = 0;
};

/** What a phase found out. */
struct Figures {
    double wallSeconds = 0;
    double cpuSeconds = 0;
    double peakMiB = 0; ///< resident, of the phase's own process
    std::array<double, 8> more{}; ///< whatever else the phase measures
};

/** Runs work in a process of its own. Nothing where that failed. */
[[nodiscard]] std::optional<Figures> runPhase(const std::function<bool(Figures &)> &work);

} // namespace kittiwake::bench
