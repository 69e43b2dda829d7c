// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/flags.h"

namespace kittiwake::store
{

/** What the server said of a message's flags. */
struct FlagUpdate {
    Uid uid;
    mail::Flags flags;
    ModSeq modseq; ///< none: not told; where it is written, the stored one stays

    bool operator==(const FlagUpdate &) const = default;
};

} // namespace kittiwake::store
