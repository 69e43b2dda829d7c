// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/messageheader.h"
#include "core/store/messageidentity.h"

#include <vector>

namespace kittiwake::sync
{

/** A message that is looked for under another UID. */
struct WantedMessage {
    Uid hint; ///< where the server says that it is (COPYUID); none: it says nothing
    store::MessageIdentity identity;
};

/** A message that is there. */
struct ArrivedMessage {
    Uid uid;
    store::MessageIdentity identity;
};

enum class Likeness {
    Strict, ///< the same Message-ID and size; without a Message-ID the same size and INTERNALDATE
    Lenient, ///< also the same Message-ID alone: Exchange changes sizes. Only where the server has said that it is
             ///< there
};

/**
 * Where each of wanted is, in their order; none where it is not among arrived. Each message that has arrived stands for
 * one at most: two that are equal need two. A hint counts only where the identities agree, because Yahoo's COPYUID
 * pairs the wrong ones (Mailspring-Sync, test/README.md, 2026-09-24). Pure; n log n.
 */
[[nodiscard]] std::vector<Uid> findArrivals(const std::vector<WantedMessage> &wanted,
                                            const std::vector<ArrivedMessage> &arrived, Likeness likeness);

/** As the cache would tell it. */
[[nodiscard]] store::MessageIdentity identityOf(const mail::MessageHeader &header);

} // namespace kittiwake::sync
