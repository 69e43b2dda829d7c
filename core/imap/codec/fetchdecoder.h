// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/decoder.h"
#include "core/imap/codec/fetchdata.h"
#include "core/imap/codec/stringmemory.h"

#include <optional>

namespace kittiwake::imap
{

/** What one FETCH response leaves for the next: they are much alike. */
struct FetchMemory {
    StringMemory strings;
    QByteArray sectionText; ///< the last section as it was spelled
    Section section; ///< and what it means
};

/** msg-att (RFC 9051 section 9): "(" items ")". */
bool expectMessageAttributes(Decoder &decoder, FetchMemory &memory, FetchData &data);
bool expectEnvelope(Decoder &decoder, FetchMemory &memory, mail::Envelope &envelope);
/** body: of BODY and BODYSTRUCTURE. "()" and NIL give no part. */
bool expectBody(Decoder &decoder, FetchMemory &memory, std::optional<mail::BodyPart> &part);
/** "[" section-spec "]" */
bool expectSection(Decoder &decoder, FetchMemory &memory, Section &section);
/** flag-list into flags, unknown backslash flags left out. newKeywords: whether "\*" is among them. */
bool expectFlagList(Decoder &decoder, mail::Flags &flags, bool *newKeywords = nullptr);
/** date-time without its quotes ("17-Jul-1996 02:44:25 -0700"): seconds since 1970 UTC, in years 1 to 9999. */
[[nodiscard]] std::optional<std::int64_t> parseDateTime(QByteArrayView text);
/** The same backwards, in UTC. Empty outside the years 1 to 9999. */
[[nodiscard]] QByteArray formatDateTime(std::int64_t secondsSinceEpoch);

} // namespace kittiwake::imap
