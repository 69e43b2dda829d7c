// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

#include <cstdint>

namespace kittiwake::imap
{

/**
 * A message for APPEND that is read in slices while it goes out, so that it never is in memory as a whole. Its octets
 * stay the same for as long as it lives; where they cannot, read() fails, and the connection ends in the middle of the
 * literal: what is not complete is no message for any server. The thread of the connection.
 */
class LiteralSource
{
public:
    LiteralSource() = default;
    LiteralSource(const LiteralSource &) = delete;
    LiteralSource &operator=(const LiteralSource &) = delete;
    virtual ~LiteralSource() = default;

    /** Octets in all, not 0. */
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    /** Only literal8 may carry NUL (RFC 3516), and the kind of literal stands before its octets. */
    [[nodiscard]] virtual bool hasNul() const = 0;
    /** Up to most octets from there on, at least one where from is below size(). Errors: Storage. */
    [[nodiscard]] virtual Result<QByteArray> read(std::uint64_t from, qsizetype most) const = 0;
};

} // namespace kittiwake::imap
