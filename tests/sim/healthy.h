// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/disk/memorydisk.h"

namespace kittiwake::sim
{

/** What the simulation looks at itself must not meet the faults that it has ordered for the client. */
class Healthy
{
public:
    explicit Healthy(MemoryDisk &disk) : m_disk(disk), m_fault(disk.fault())
    {
        m_disk.setFault(MemoryDisk::Fault::None);
    }
    Healthy(const Healthy &) = delete;
    Healthy &operator=(const Healthy &) = delete;
    ~Healthy() { m_disk.setFault(m_fault); }

private:
    MemoryDisk &m_disk;
    MemoryDisk::Fault m_fault;
};

} // namespace kittiwake::sim
