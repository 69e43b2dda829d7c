// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/command.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QSet>

namespace kittiwake::imap
{

/** What the server says that it can do (RFC 9051 section 7.2.2), compared without regard to case. A value. */
class Capabilities
{
public:
    Capabilities() = default;
    /** names as they came; more than maximum are ignored. */
    explicit Capabilities(const QByteArrayList &names);

    static constexpr qsizetype maximum = 500;

    /** "IDLE", "COMPRESS=DEFLATE" … */
    [[nodiscard]] bool has(const char *name) const;
    /** Nothing was told yet. */
    [[nodiscard]] bool isEmpty() const { return m_names.isEmpty(); }
    /** Upper case, sorted. */
    [[nodiscard]] QByteArrayList names() const;
    /** The names behind AUTH=, upper case. */
    [[nodiscard]] QByteArrayList authMechanisms() const;
    /** IMAP4rev1 or IMAP4rev2: what an IMAP server has at least. */
    [[nodiscard]] bool isImap4() const { return has("IMAP4REV1") || has("IMAP4REV2"); }
    [[nodiscard]] LiteralMode literalMode() const;
    /** For Quirks, which know better than the server. */
    void remove(const QByteArray &name) { m_names.remove(name.toUpper()); }

    bool operator==(const Capabilities &) const = default;

private:
    QSet<QByteArray> m_names; ///< upper case
};

} // namespace kittiwake::imap
