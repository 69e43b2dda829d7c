// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/messageheader.h"

#include <QByteArray>
#include <QCryptographicHash>

#include <cstdint>

namespace kittiwake::store
{

/**
 * What a mailbox holds, in so few bytes that two machines can compare it. Both hashes are SHA-256 in lower-case hex
 * over one line for each message, by rising UID (docs/verify.md has the format to the byte): equal hashes, equal
 * mailboxes.
 */
struct Fingerprint {
    UidValidity uidValidity; ///< none: never synced
    Uid uidNext;
    std::int64_t messages = 0;
    std::int64_t unseen = 0;
    QByteArray flags; ///< UIDs, system flags and keywords
    QByteArray identity; ///< Message-ID, size and INTERNALDATE

    bool operator==(const Fingerprint &) const = default;
};

/** Takes a mailbox in, a message at a time. A value; one thread. */
class FingerprintBuilder
{
public:
    FingerprintBuilder();

    /** By rising UID. header as the cache stores it (asStored() of core/store/rowcodec.h). */
    void add(const mail::MessageHeader &header);
    [[nodiscard]] Fingerprint result(UidValidity uidValidity, Uid uidNext);

private:
    QCryptographicHash m_flags;
    QCryptographicHash m_identity;
    std::int64_t m_messages = 0;
    std::int64_t m_unseen = 0;
};

} // namespace kittiwake::store
