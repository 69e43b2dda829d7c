// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a program and says what it cost. A process of its own, and a small one: what wait4() tells of peak memory
// includes that of the process which forked, up to the exec, and a script's would hide that of a small program.
//
//   bench_measure RESULT-FILE PROGRAM ARGUMENT…
//
// Writes {"wall", "user", "system" in seconds, "peak" in bytes} and ends with the program's exit code.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace
{

double seconds(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: bench_measure RESULT-FILE PROGRAM ARGUMENT...\n");
        return 2;
    }
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        std::perror("bench_measure");
        return 1;
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    std::FILE *result = std::fopen(argv[1], "w");
    if (result == nullptr) {
        std::perror(argv[1]);
        return 1;
    }
#ifdef __APPLE__
    const long peak = usage.ru_maxrss;
#else
    const long peak = usage.ru_maxrss * 1024;
#endif
    std::fprintf(result, "{\"wall\": %.6f, \"user\": %.6f, \"system\": %.6f, \"peak\": %ld}\n", wall.count(),
                 seconds(usage.ru_utime), seconds(usage.ru_stime), peak);
    std::fclose(result);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
