// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secret.h"

namespace kittiwake
{

Secret::Secret() = default;
Secret::Secret(QByteArray utf8) : m_bytes(std::move(utf8)) { }
Secret::Secret(const Secret &) = default;
Secret::Secret(Secret &&) noexcept = default;

Secret &Secret::operator=(const Secret &other)
{
    if (this != &other) {
        wipe();
        m_bytes = other.m_bytes;
    }
    return *this;
}

Secret &Secret::operator=(Secret &&other) noexcept
{
    if (this != &other) {
        wipe();
        m_bytes = std::move(other.m_bytes);
        other.m_bytes.clear();
    }
    return *this;
}

Secret::~Secret()
{
    wipe();
}

void Secret::wipe()
{
    overwrite(m_bytes);
    m_bytes.clear();
}

void overwrite(QByteArray &bytes)
{
    // Only the last owner may overwrite; data() would otherwise detach and wipe a copy.
    if (bytes.isEmpty() || !bytes.isDetached())
        return;
    // volatile: a compiler may leave out what it thinks nobody reads.
    volatile char *byte = bytes.data();
    for (qsizetype i = 0; i < bytes.size(); ++i)
        byte[i] = 0;
}

QDebug operator<<(QDebug debug, const Secret &secret)
{
    return debug << (secret.isEmpty() ? "(no secret)" : "(secret)");
}

} // namespace kittiwake
