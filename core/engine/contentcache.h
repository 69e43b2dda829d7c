// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mime/messagecontent.h"

#include <QByteArray>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>

namespace kittiwake::engine
{

/**
 * Bodies that were read, in memory and nowhere else: the most recently used ones up to a limit in bytes. Engine thread.
 * One message that alone passes half of the limit is not kept.
 */
class ContentCache
{
public:
    static constexpr std::uint64_t defaultLimit = 64ULL * 1024 * 1024;

    explicit ContentCache(std::uint64_t limitInBytes = defaultLimit) : m_limit(limitInBytes) { }

    void put(MessageId message, std::shared_ptr<const mime::MessageContent> content);
    [[nodiscard]] std::shared_ptr<const mime::MessageContent> find(MessageId message);
    void remove(MessageId message);
    void clear();
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    [[nodiscard]] std::size_t count() const { return m_places.size(); }

private:
    struct Entry {
        MessageId message;
        std::shared_ptr<const mime::MessageContent> content;
        std::uint64_t cost = 0;
    };
    std::uint64_t m_limit;
    std::uint64_t m_bytes = 0;
    std::list<Entry> m_entries; ///< most recently used first
    std::unordered_map<std::int64_t, std::list<Entry>::iterator> m_places;
};

} // namespace kittiwake::engine
