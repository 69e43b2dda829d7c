// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

namespace kittiwake::store
{

/**
 * UIDs from first to last, both included, first <= last. Sets of UIDs stay ranges and are never expanded: a server may
 * say VANISHED 1:4294967295 (CVE-2025-25186 in Ruby's net-imap is what happens otherwise).
 */
struct UidRange {
    Uid first;
    Uid last;

    bool operator==(const UidRange &) const = default;
};

} // namespace kittiwake::store
