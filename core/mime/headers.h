// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"
#include "core/mail/bodystructure.h"
#include "core/mail/envelope.h"
#include "core/mail/messageheader.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>
#include <QStringView>

#include <cstdint>
#include <optional>
#include <vector>

/**
 * Header values as bytes -> values for people. Everything here is a pure function, takes time linear in its input,
 * never fails (what cannot be understood is shown as well as possible), and may be called from any thread.
 */
namespace kittiwake::mime
{

/** What is kept of one header field; the rest is not looked at. */
struct HeaderLimits {
    static constexpr qsizetype bytes = 64 * 1024; ///< of a field's raw value
    static constexpr qsizetype characters = 4096; ///< of decoded text that is shown on one line (a subject, a name)
    static constexpr std::size_t addresses = 1000; ///< of one field
    static constexpr qsizetype references = 100; ///< the first, and the newest 99
    static constexpr qsizetype messageIdBytes = 998; ///< a line of RFC 5322 section 2.1.1; longer ids are ignored
    static constexpr std::size_t fields = 10000; ///< of one header block
};

/**
 * The text of an unstructured field (Subject) or of a display name: encoded words (RFC 2047) decoded, also broken ones
 * (blanks inside, a character split between two words, wrong padding, unknown charsets), raw 8-bit bytes taken as UTF-8
 * or else as windows-1252, the result as displayLine().
 */
[[nodiscard]] QString decodeHeaderText(QByteArrayView raw);

/**
 * Text made fit for one line of the screen: control characters, line breaks and every kind of Unicode blank, also those
 * without width, become one space (CVE-2020-12397, CVE-2022-1834: blanks that push the address out of view), bidi
 * controls vanish, no blanks at the ends, at most HeaderLimits::characters. Joiners stay between letters that need
 * them.
 */
[[nodiscard]] QString displayLine(QStringView text);

/**
 * Addresses of an ENVELOPE (RFC 9051 section 7.5.2). Groups are replaced by their members; an empty group
 * ("undisclosed-recipients:;") stays as a name without address. What is no address is kept as text for which
 * Address::isValid() is false.
 */
[[nodiscard]] mail::AddressList decodeAddresses(const std::vector<mail::RawAddress> &raw);

/**
 * The value of From, To … (RFC 5322 section 3.4, with the obsolete forms of 4.4). An entry that is not exactly one
 * address is kept whole as its raw text, so that isValid() is false: nobody guesses which of two addresses is meant
 * (CVE-2025-3875).
 */
[[nodiscard]] mail::AddressList parseAddressList(QByteArrayView value);

/** The display name looks like an address that is not the real one: "ceo@bank.example" <x@evil.example>. */
[[nodiscard]] bool nameImitatesAddress(const mail::Address &address);

/**
 * Date (RFC 5322 section 3.3, obsolete years and zones of 4.3, and the usual mistakes) -> seconds since 1970 UTC.
 * Nothing for what cannot be read or lies outside 1970 … 2199.
 */
[[nodiscard]] std::optional<std::int64_t> parseDate(QByteArrayView value);

/** Ids with their angle brackets, in order (RFC 5322 section 3.6.4), at most HeaderLimits::references. */
[[nodiscard]] QByteArrayList parseMessageIds(QByteArrayView value);

/** A field of a header block: its name as it came, its value unfolded, without blanks at the ends. */
struct HeaderField {
    QByteArray name;
    QByteArray value;
};

/** The fields of a block, up to its empty line or its end (RFC 5322 section 2.2). Lines that are no field are skipped.
 */
[[nodiscard]] std::vector<HeaderField> parseHeaderBlock(QByteArrayView block);

/** The value of the first field of that name (compared without regard to case); null where there is none. */
[[nodiscard]] QByteArray headerFieldValue(QByteArrayView block, QByteArrayView name);

/**
 * The Message-ID of a field's value or of an ENVELOPE, as MessageHeader::messageId has it: with angle brackets, without
 * comments and blanks; empty where there is none, or one that is absurdly long.
 */
[[nodiscard]] QByteArray cleanMessageId(const QByteArray &raw);

/**
 * The row of the header cache, from what FETCH told. internalDate in seconds since 1970 UTC. structure may be null
 * (not fetched, or broken: no attachment is assumed). fields is the answer to BODY.PEEK[HEADER.FIELDS (REFERENCES)],
 * other fields in it are ignored. modseq is left to the caller. A Date that is absurd (see parseDate), or more than a
 * year later than the arrival, is replaced by internalDate.
 *
 * Called for every message of a first sync: plain ASCII takes a path without conversions, about 1 µs a message.
 */
[[nodiscard]] mail::MessageHeader makeMessageHeader(Uid uid, mail::Flags flags, std::int64_t internalDate,
                                                    std::uint64_t size, const mail::Envelope &envelope,
                                                    const mail::BodyPart *structure, QByteArrayView fields);

} // namespace kittiwake::mime
