// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/disk/memorydisk.h"

#include <algorithm>

namespace kittiwake::sim
{

namespace
{

void put(std::string &content, std::uint64_t offset, std::string_view bytes)
{
    if (content.size() < offset + bytes.size())
        content.resize(offset + bytes.size(), '\0');
    std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

} // namespace

std::shared_ptr<MemoryDisk::File> MemoryDisk::find(const std::string &name) const
{
    const auto found = m_files.find(name);
    return found == m_files.end() ? nullptr : found->second;
}

std::shared_ptr<MemoryDisk::File> MemoryDisk::create(const std::string &name)
{
    auto &file = m_files[name];
    if (!file)
        file = std::make_shared<File>();
    return file;
}

void MemoryDisk::clear()
{
    m_files.clear();
    m_fault = Fault::None;
    m_calls = 0;
    m_writes = 0;
    thaw();
}

void MemoryDisk::install(const MemoryDisk &other)
{
    for (const auto &[name, file] : other.m_files)
        install(other, name);
}

void MemoryDisk::install(const MemoryDisk &other, const std::string &name)
{
    const auto put = [this](const std::string &to, const std::string &content, bool isDurable) {
        auto &file = m_installed[to];
        if (!file)
            file = std::make_shared<File>();
        file->content = content;
        file->durable = content;
        file->unsynced.clear();
        file->isDurable = isDurable;
        m_files[to] = file;
    };
    if (const auto file = other.find(name)) {
        put(name, file->content, true);
        put(name + "-wal", {}, false);
    }
}

bool MemoryDisk::mayWrite()
{
    if (m_frozen)
        return false;
    ++m_writes;
    if (m_freezeIn >= 0 && m_freezeIn-- == 0) {
        m_frozen = true;
        return false;
    }
    return m_fault != Fault::Errors || ++m_calls % 2 == 0;
}

bool MemoryDisk::mayRead()
{
    return !m_frozen && (m_fault != Fault::Errors || ++m_calls % 3 != 0);
}

bool MemoryDisk::write(File &file, std::uint64_t offset, const char *bytes, std::size_t size)
{
    if (!mayWrite() || m_fault == Fault::Full)
        return false;
    put(file.content, offset, {bytes, size});
    file.unsynced.push_back({offset, std::string(bytes, size), false});
    return true;
}

bool MemoryDisk::truncate(File &file, std::uint64_t size)
{
    if (!mayWrite())
        return false;
    file.content.resize(size, '\0');
    file.unsynced.push_back({size, {}, true});
    return true;
}

bool MemoryDisk::sync(File &file)
{
    if (!mayWrite())
        return false;
    for (const File::Write &write : file.unsynced) {
        if (write.truncates)
            file.durable.resize(write.offset, '\0');
        else
            put(file.durable, write.offset, write.bytes);
    }
    file.unsynced.clear();
    file.isDurable = true;
    return true;
}

void MemoryDisk::losePower(SeededRandom &random)
{
    for (auto entry = m_files.begin(); entry != m_files.end();) {
        File &file = *entry->second;
        if (!file.isDurable && random.oneIn(2)) {
            entry = m_files.erase(entry);
            continue;
        }
        std::vector<File::Write> left;
        for (File::Write &write : file.unsynced) {
            const std::uint64_t fate = random.below(4);
            if (fate == 0)
                continue; // lost
            if (fate == 1 && !write.truncates && !write.bytes.empty()) {
                // Torn: a piece from anywhere within. Bytes outside what was written stay (powersafe overwrite).
                const std::uint64_t from = random.below(write.bytes.size());
                const std::uint64_t length = random.between(1, write.bytes.size() - from);
                write = {write.offset + from, write.bytes.substr(from, length), false};
            }
            left.push_back(std::move(write));
        }
        for (std::size_t i = left.size(); i > 1; --i)
            std::swap(left[i - 1], left[random.below(i)]);
        for (const File::Write &write : left) {
            if (write.truncates)
                file.durable.resize(write.offset, '\0');
            else
                put(file.durable, write.offset, write.bytes);
        }
        file.unsynced.clear();
        file.content = file.durable;
        file.isDurable = true;
        ++entry;
    }
}

} // namespace kittiwake::sim
