// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace kittiwake::helper
{

/**
 * Takes from this process what it has no need of, before it looks at the first byte of a stranger: memory beyond a
 * gigabyte, processor time beyond ten seconds, files to write, core dumps, and on Linux (seccomp) sockets, other
 * programs and changes to the file system. What cannot be taken on a system is left.
 */
void confine();

/** What this process could still do: open a socket, run a program, write a file. For tests. */
struct Freedom {
    bool sockets = false;
    bool programs = false;
    bool files = false;
};
[[nodiscard]] Freedom freedom();

} // namespace kittiwake::helper
