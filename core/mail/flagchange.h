// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/flags.h"

namespace kittiwake::mail
{

/** What is to happen to a message's flags. A flag that is in both is added. A value; any thread. */
struct FlagChange {
    Flags add;
    Flags remove;

    [[nodiscard]] bool isEmpty() const { return add == Flags() && remove == Flags(); }
    [[nodiscard]] Flags appliedTo(Flags flags) const;
    /** The one change that does what this one and then the other do. */
    [[nodiscard]] FlagChange then(const FlagChange &second) const;
    /** What brings base back after this change: nothing for flags that were so already. */
    [[nodiscard]] FlagChange undoneFor(const Flags &base) const;

    bool operator==(const FlagChange &) const = default;
};

} // namespace kittiwake::mail
