// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <cstdint>
#include <optional>

namespace kittiwake::mail
{

/** System flags of RFC 9051 section 2.3.2. The numbers are stored in cache.db: never change one. */
enum class SystemFlag : std::uint32_t {
    Seen = 1,
    Answered = 2,
    Flagged = 4,
    Deleted = 8,
    Draft = 16,
    Recent = 32, ///< of the session, not of the message: never stored, never compared
};

/** A message's flags: system flags as bits, keywords as the server spells them, sorted, without repeats. */
class Flags
{
public:
    Flags() = default;

    [[nodiscard]] bool has(SystemFlag flag) const { return (m_system & static_cast<std::uint32_t>(flag)) != 0; }
    void set(SystemFlag flag, bool on = true);
    [[nodiscard]] bool hasKeyword(const QByteArray &keyword) const; ///< compared without regard to ASCII case
    void addKeyword(const QByteArray &keyword);
    /** Many at once, in n log n; of spellings that differ only in case the first one stays. */
    void addKeywords(QByteArrayList keywords);
    void removeKeyword(const QByteArray &keyword);

    /** Adds a flag by its IMAP name ("\\Seen", "$Forwarded"); unknown backslash flags are ignored (RFC 9051 2.3.2). */
    void addByName(const QByteArray &name);
    [[nodiscard]] QByteArrayList names() const; ///< IMAP names, system flags first, without \Recent

    [[nodiscard]] std::uint32_t systemBits() const
    {
        return m_system & ~static_cast<std::uint32_t>(SystemFlag::Recent);
    }
    void setSystemBits(std::uint32_t bits) { m_system = bits; }
    [[nodiscard]] const QByteArrayList &keywords() const { return m_keywords; }

    /** \Recent does not count. */
    bool operator==(const Flags &other) const
    {
        return systemBits() == other.systemBits() && m_keywords == other.m_keywords;
    }

    [[nodiscard]] static std::optional<SystemFlag> systemFlag(QByteArrayView name);

private:
    std::uint32_t m_system = 0;
    QByteArrayList m_keywords;
};

} // namespace kittiwake::mail
