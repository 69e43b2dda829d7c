// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/contentcache.h"

namespace kittiwake::engine
{

namespace
{

/** What it really costs: content.bytes may come from elsewhere, the strings are counted here. */
std::uint64_t costOf(const mime::MessageContent &content)
{
    auto cost = static_cast<std::uint64_t>(sizeof(content));
    cost += static_cast<std::uint64_t>(content.plainText.size() + content.html.size()) * sizeof(QChar);
    for (const mime::InlineImage &image : content.inlineImages)
        cost += static_cast<std::uint64_t>(image.data.size()) + sizeof(image);
    for (const QString &reference : content.blocked)
        cost += static_cast<std::uint64_t>(reference.size()) * sizeof(QChar) + sizeof(reference);
    cost += content.attachments.size() * (sizeof(mime::Attachment) + 256);
    return cost;
}

} // namespace

void ContentCache::put(MessageId message, std::shared_ptr<const mime::MessageContent> content)
{
    remove(message);
    const std::uint64_t cost = costOf(*content);
    if (cost > m_limit / 2)
        return;
    m_entries.push_front({message, std::move(content), cost});
    m_places[message.value()] = m_entries.begin();
    m_bytes += cost;
    while (m_bytes > m_limit)
        remove(m_entries.back().message);
}

std::shared_ptr<const mime::MessageContent> ContentCache::find(MessageId message)
{
    const auto place = m_places.find(message.value());
    if (place == m_places.end())
        return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, place->second);
    return place->second->content;
}

void ContentCache::remove(MessageId message)
{
    const auto place = m_places.find(message.value());
    if (place == m_places.end())
        return;
    m_bytes -= place->second->cost;
    m_entries.erase(place->second);
    m_places.erase(place);
}

void ContentCache::clear()
{
    m_entries.clear();
    m_places.clear();
    m_bytes = 0;
}

} // namespace kittiwake::engine
