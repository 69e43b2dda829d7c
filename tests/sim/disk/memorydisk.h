// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/wire/seededrandom.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kittiwake::sim
{

/**
 * The files of the simulated computer. A write shows at once and is durable after the next sync of its file; what a
 * power cut leaves of the writes since then is chosen at random: each one whole, in part, or not at all, in any order.
 */
class MemoryDisk
{
public:
    enum class Fault {
        None,
        Full, ///< nothing more can be written
        Errors, ///< every second write, sync or read of new pages fails
    };

    struct File {
        struct Write {
            std::uint64_t offset;
            std::string bytes; ///< of a truncation: empty, and offset is the new size
            bool truncates;
        };
        std::string content;
        std::string durable;
        std::vector<Write> unsynced;
        bool isDurable = false; ///< the name itself survives a power cut
    };

    [[nodiscard]] std::shared_ptr<File> find(const std::string &name) const;
    [[nodiscard]] std::shared_ptr<File> create(const std::string &name);
    void remove(const std::string &name) { m_files.erase(name); }
    /** An empty disk, of a computer that runs. */
    void clear();
    /**
     * The databases of another computer, all of them durable, and an empty WAL for each. They are the same File each
     * time: who has had them open finds them again.
     */
    void install(const MemoryDisk &other);
    /** One of them. */
    void install(const MemoryDisk &other, const std::string &name);

    // What SQLite does. False: it fails, see fault().
    [[nodiscard]] bool write(File &file, std::uint64_t offset, const char *bytes, std::size_t size);
    [[nodiscard]] bool truncate(File &file, std::uint64_t size);
    [[nodiscard]] bool sync(File &file);
    [[nodiscard]] bool mayRead();

    /** The computer loses power: what was not synced is kept in part. */
    void losePower(SeededRandom &random);
    /** The process dies at this write or sync, counted from now: from then on nothing is written any more. */
    void freezeAfter(std::uint64_t writes) { m_freezeIn = static_cast<std::int64_t>(writes); }
    /** The process dies now. */
    void freeze() { m_frozen = true; }
    [[nodiscard]] bool isFrozen() const { return m_frozen; }
    /** A new process. */
    void thaw()
    {
        m_frozen = false;
        m_freezeIn = -1;
    }
    void setFault(Fault fault) { m_fault = fault; }
    [[nodiscard]] Fault fault() const { return m_fault; }
    [[nodiscard]] std::uint64_t writes() const { return m_writes; }

private:
    [[nodiscard]] bool mayWrite();

    using Files = std::map<std::string, std::shared_ptr<File>>;

    Files m_files;
    Files m_installed;
    Fault m_fault = Fault::None;
    bool m_frozen = false;
    std::int64_t m_freezeIn = -1;
    std::uint64_t m_calls = 0;
    std::uint64_t m_writes = 0;
};

} // namespace kittiwake::sim
