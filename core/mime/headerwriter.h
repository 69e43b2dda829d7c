// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>

namespace kittiwake::mime
{

/**
 * Writes header fields (RFC 5322 section 2.2), folded to at most 76 characters where that is possible, always below
 * 998. Not GMime's, which makes encoded words of any length (3.2.13; RFC 2047 section 2 allows 75 characters). What it
 * is given must be one line: control characters are left out.
 */
class HeaderWriter
{
public:
    /** Unstructured text (Subject): encoded words where it is not ASCII, or looks like one. Nothing if it is empty. */
    void text(QByteArrayView name, const QString &value);
    /** ASCII in words, as it is (Message-ID, References, Date). Nothing if it is empty. */
    void words(QByteArrayView name, const QByteArray &value);

    /** An address as display name and "local@domain"; the name may be empty. */
    void addAddress(const QString &name, const QByteArray &address);
    /** A group of that name without members ("undisclosed-recipients:;"). Nothing if the name is empty. */
    void addEmptyGroup(const QString &name);
    /** All addresses since the last call. Nothing if there is none. */
    void addresses(QByteArrayView name);

    [[nodiscard]] QByteArray take() { return std::move(m_block); }

private:
    void field(QByteArrayView name, const QByteArrayList &tokens);

    QByteArray m_block;
    QByteArrayList m_addresses; ///< tokens
};

} // namespace kittiwake::mime
