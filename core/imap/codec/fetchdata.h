// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/imap/codec/section.h"
#include "core/mail/bodystructure.h"
#include "core/mail/envelope.h"
#include "core/mail/flags.h"

#include <QByteArray>
#include <QByteArrayList>

#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

/** BODY[section]<origin>, RFC822, RFC822.HEADER, RFC822.TEXT or BINARY[section]<origin>. */
struct FetchedSection {
    Section section; ///< RFC822 counts as BODY[], RFC822.HEADER as BODY[HEADER], RFC822.TEXT as BODY[TEXT]
    std::optional<std::uint64_t> origin; ///< octet at which data begins, if a part of it was asked for
    bool binary = false; ///< BINARY: the transfer encoding is undone
    std::optional<QByteArray> data; ///< no value: NIL, or missing (Yandex): the server does not have it

    bool operator==(const FetchedSection &) const = default;
};

/** BINARY.SIZE[section] */
struct BinarySize {
    Section section;
    std::uint64_t size = 0;

    bool operator==(const BinarySize &) const = default;
};

/**
 * FETCH (RFC 9051 section 7.5.2) and UIDFETCH (RFC 9586). Holds only what the server sent; an unsolicited one may lack
 * the UID.
 */
struct FetchData {
    std::uint32_t sequence = 0; ///< 0 in UIDFETCH; Courier also says "* 0 FETCH" for messages that are going
    Uid uid;
    std::optional<mail::Flags> flags;
    ModSeq modseq; ///< Zoho's MODSEQ -1 counts as none
    std::optional<std::int64_t> internalDate; ///< seconds since 1970 UTC
    std::optional<std::uint64_t> size; ///< RFC822.SIZE, octets
    std::optional<mail::Envelope> envelope;
    std::optional<mail::BodyPart> bodyStructure; ///< of BODYSTRUCTURE, or of BODY (then without extension data)
    std::vector<FetchedSection> sections;
    std::vector<BinarySize> binarySizes;
    QByteArray emailId; ///< RFC 8474
    QByteArray threadId; ///< RFC 8474
    std::uint64_t gmailMessageId = 0; ///< X-GM-MSGID
    std::uint64_t gmailThreadId = 0; ///< X-GM-THRID
    std::optional<QByteArrayList> gmailLabels; ///< X-GM-LABELS, as they came (modified UTF-7)
    QByteArrayList unknownItems; ///< names of items that were skipped, upper case

    /** The data of a section that came whole, or null. */
    [[nodiscard]] const FetchedSection *find(const Section &section) const;
    bool operator==(const FetchData &) const = default;
};

} // namespace kittiwake::imap
