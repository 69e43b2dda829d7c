// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDebug>
#include <QHashFunctions>

#include <compare>
#include <cstdint>

namespace kittiwake
{

/**
 * A number that cannot be confused with another kind of number. Zero means "none" for every id; UIDs, UIDVALIDITY and
 * MODSEQ are never zero either (RFC 9051 section 2.3.1.1, RFC 7162 section 3.1).
 */
template <typename Tag, typename Number = std::int64_t>
class StrongId
{
public:
    using ValueType = Number;

    constexpr StrongId() = default;
    constexpr explicit StrongId(Number value) : m_value(value) { }

    [[nodiscard]] constexpr Number value() const { return m_value; }
    [[nodiscard]] constexpr bool isValid() const { return m_value != 0; }
    constexpr auto operator<=>(const StrongId &) const = default;

private:
    Number m_value = 0;
};

template <typename Tag, typename Number>
size_t qHash(StrongId<Tag, Number> id, size_t seed = 0)
{
    return ::qHash(id.value(), seed);
}

template <typename Tag, typename Number>
QDebug operator<<(QDebug debug, StrongId<Tag, Number> id)
{
    return debug << id.value();
}

/** Local ids: rows of our own stores. Never reused (AUTOINCREMENT). */
using AccountId = StrongId<struct AccountIdTag>;
using MailboxId = StrongId<struct MailboxIdTag>;
using MessageId = StrongId<struct MessageIdTag>;
using ThreadId = StrongId<struct ThreadIdTag>;
using OperationId = StrongId<struct OperationIdTag>;

/** Numbers of the server. */
using Uid = StrongId<struct UidTag, std::uint32_t>; ///< RFC 9051 section 2.3.1.1
using UidValidity = StrongId<struct UidValidityTag, std::uint32_t>;
using ModSeq = StrongId<struct ModSeqTag, std::uint64_t>; ///< RFC 7162: 63 bits

} // namespace kittiwake
