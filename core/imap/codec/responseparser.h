// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/fragmenter.h"
#include "core/imap/codec/response.h"

#include <QByteArrayView>

#include <memory>

namespace kittiwake::imap
{

struct FetchMemory;

/** What the parser must know of the session. */
struct ParserOptions {
    bool utf8 = false; ///< after ENABLE UTF8=ACCEPT or IMAP4rev2: mailbox names are UTF-8, not modified UTF-7
};

/**
 * Second stage of receiving: one complete message -> one typed value. Never fails otherwise than by Rejected; a tagged
 * status is never rejected, because somebody waits for it. Linear time, nesting at most 64 deep. Keeps a small memory
 * of the last section names, so that a batch of FETCH answers shares them. Protocol without I/O; one thread.
 */
class ResponseParser
{
public:
    explicit ResponseParser(ParserOptions options = {});
    ResponseParser(ResponseParser &&) noexcept;
    ResponseParser &operator=(ResponseParser &&) noexcept;
    ~ResponseParser();

    void setOptions(ParserOptions options) { m_options = options; }

    /** A message of the Fragmenter. Skipped and Fatal ones become Rejected, or a tagged status without its tail. */
    [[nodiscard]] Response parse(const WireMessage &message);
    /** A message in one piece, its literals in place, with or without the last line end. */
    [[nodiscard]] Response parse(QByteArrayView message);

private:
    ParserOptions m_options;
    std::unique_ptr<FetchMemory> m_memory;
};

} // namespace kittiwake::imap
