// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/capabilities.h"

#include <algorithm>

namespace kittiwake::imap
{

Capabilities::Capabilities(const QByteArrayList &names)
{
    for (const QByteArray &name : names) {
        if (m_names.size() >= maximum)
            break;
        m_names.insert(name.toUpper());
    }
}

bool Capabilities::has(const char *name) const
{
    return m_names.contains(QByteArray::fromRawData(name, static_cast<qsizetype>(qstrlen(name))));
}

QByteArrayList Capabilities::names() const
{
    QByteArrayList result(m_names.begin(), m_names.end());
    std::sort(result.begin(), result.end());
    return result;
}

QByteArrayList Capabilities::authMechanisms() const
{
    QByteArrayList result;
    for (const QByteArray &name : names()) {
        if (name.startsWith("AUTH=") && name.size() > 5)
            result.append(name.mid(5));
    }
    return result;
}

LiteralMode Capabilities::literalMode() const
{
    if (has("LITERAL+"))
        return LiteralMode::Plus;
    // IMAP4rev2 servers take LITERAL- by definition (RFC 9051 section 4.3), but only once it is enabled.
    return has("LITERAL-") ? LiteralMode::Minus : LiteralMode::Synchronising;
}

} // namespace kittiwake::imap
