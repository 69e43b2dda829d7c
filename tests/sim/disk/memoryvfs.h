// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/disk/memorydisk.h"

#include <QByteArray>

#include <memory>

namespace kittiwake::sim
{

/** SQLite on a MemoryDisk: registered under name() while it lives. All connections are of one process and one thread.
 */
class MemoryVfs
{
public:
    explicit MemoryVfs(MemoryDisk &disk);
    ~MemoryVfs();
    MemoryVfs(const MemoryVfs &) = delete;
    MemoryVfs &operator=(const MemoryVfs &) = delete;

    [[nodiscard]] QByteArray name() const;

    struct Private;

private:
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::sim
