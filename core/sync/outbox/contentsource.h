// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/smtp/messagesource.h"
#include "core/sync/operations/contentreader.h"

namespace kittiwake::sync
{

/** The message of an operation, for who submits it. The store outlives it. */
class ContentSource final : public smtp::MessageSource
{
public:
    ContentSource(const store::PendingStore &pending, OperationId operation, std::int64_t size)
        : m_reader(pending, operation, size)
    {
    }

    [[nodiscard]] std::uint64_t size() const override { return static_cast<std::uint64_t>(m_reader.size()); }
    [[nodiscard]] Result<QByteArray> read(qsizetype most) override
    {
        auto result = m_reader.read(m_at, most);
        if (result)
            m_at += result->size();
        return result;
    }

private:
    ContentReader m_reader;
    std::int64_t m_at = 0;
};

} // namespace kittiwake::sync
