// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/rowidentity.h"

#include "core/store/hash64.h"
#include "core/store/limits.h"

#include <algorithm>

namespace kittiwake::store
{

bool isObjectId(QByteArrayView id)
{
    return !id.isEmpty() && id.size() <= limits::objectId && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::uint64_t identityHash(const QByteArray &id)
{
    // The lowest bit keeps it apart from "none".
    return id.isEmpty() ? 0 : hash64(id, 0) | 1;
}

} // namespace kittiwake::store
