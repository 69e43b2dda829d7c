// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/store/phase.h"

#include <cstdio>
#include <ctime>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kittiwake::bench
{

namespace
{

std::int64_t nanoseconds(clockid_t clock)
{
    struct timespec now = {};
    ::clock_gettime(clock, &now);
    return std::int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

} // namespace

void Stopwatch::start()
{
    m_wallStart = nanoseconds(CLOCK_MONOTONIC);
    m_cpuStart = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
}

void Stopwatch::stop()
{
    m_wall += nanoseconds(CLOCK_MONOTONIC) - m_wallStart;
    m_cpu += nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - m_cpuStart;
}

std::optional<Figures> runPhase(const std::function<bool(Figures &)> &work)
{
    int pipeEnds[2] = {-1, -1};
    if (::pipe(pipeEnds) != 0)
        return std::nullopt;
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
        Figures figures;
        const bool fine = work(figures);
        struct rusage usage = {};
        ::getrusage(RUSAGE_SELF, &usage);
        figures.peakMiB = static_cast<double>(usage.ru_maxrss) / 1024; // KiB on Linux
        const bool told = ::write(pipeEnds[1], &figures, sizeof figures) == ssize_t(sizeof figures);
        ::_exit(fine && told ? 0 : 1);
    }
    ::close(pipeEnds[1]);
    Figures figures;
    const bool read = child > 0 && ::read(pipeEnds[0], &figures, sizeof figures) == ssize_t(sizeof figures);
    ::close(pipeEnds[0]);
    int status = 1;
    if (child > 0)
        ::waitpid(child, &status, 0);
    return read && status == 0 ? std::optional(figures) : std::nullopt;
}

} // namespace kittiwake::bench
