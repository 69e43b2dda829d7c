// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>

namespace kittiwake::store
{

/**
 * What a cached message is known by when its UID has changed: on the server it is the same for as long as the message
 * lives. 48 bytes, so that a million of them are 48 MB.
 */
struct RowIdentity {
    MessageId id;
    Uid uid;
    std::uint64_t size = 0;
    std::int64_t internalDate = 0;
    std::uint64_t messageId = 0; ///< identityHash of it; 0: none
    std::uint64_t emailId = 0; ///< likewise

    bool operator==(const RowIdentity &) const = default;
};

/** Whether it can be an id of RFC 8474 (section 4: letters, digits, "_", "-", at most 255 of them): nothing else is
 * stored, since it would be taken for a proof. */
[[nodiscard]] bool isObjectId(QByteArrayView id);

/** A number for a Message-ID or an EMAILID; 0 for none. Equal for equal ones; different ones are told apart but for a
 * chance of 1 in 2^63. */
[[nodiscard]] std::uint64_t identityHash(const QByteArray &id);

/** A cached message and the UID that the server has given it now. */
struct Renumbered {
    MessageId id;
    Uid uid;

    bool operator==(const Renumbered &) const = default;
};

} // namespace kittiwake::store
