// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/commandarguments.h"
#include "core/imap/codec/fetchdata.h"
#include "core/imap/codec/sequenceset.h"
#include "core/imap/session/capabilities.h"
#include "core/mail/messageheader.h"
#include "core/store/labels.h"

#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** Asks for the server's own ids of a message, where it has such: OBJECTID (RFC 8474), X-GM-EXT-1. */
void addIdentityItems(imap::FetchItems &items, const imap::Capabilities &capabilities);
/** The id of a message in an answer to those, as it is stored (MessageHeader::emailId); empty: none. */
[[nodiscard]] QByteArray emailIdOf(const imap::FetchData &data);

/** What is fetched of each message for the header cache; withModSeq only where the server has CONDSTORE. */
[[nodiscard]] imap::FetchItems headerItems(bool withModSeq);

/** A FETCH answer to headerItems() as a row of the cache; nothing where the UID or the flags are missing. */
[[nodiscard]] std::optional<mail::MessageHeader> headerFromFetch(const imap::FetchData &data);

/**
 * Headers on their way from the server to the store. What the server says about them meanwhile (flags, expunges) is
 * applied here, in the order in which it was said, so that the one INSERT at the end is true at that moment.
 */
class HeaderBatch
{
public:
    /** Takes in an answer; an answer for a message that is here already replaces it. */
    void take(const imap::FetchData &data);
    /** Newer flags of a message that is in the batch. Returns whether it is. */
    bool updateFlags(Uid uid, const mail::Flags &flags, ModSeq modseq);
    void remove(const imap::UidSet &uids);

    [[nodiscard]] const std::vector<mail::MessageHeader> &headers() const { return m_headers; }
    /** Of those that were told with labels. */
    [[nodiscard]] const std::vector<store::LabelUpdate> &labels() const { return m_labels; }
    [[nodiscard]] bool isEmpty() const { return m_headers.empty(); }
    /** Answers that held no usable header: counted and reported, never a reason to stop. */
    [[nodiscard]] int unusable() const { return m_unusable; }

private:
    [[nodiscard]] mail::MessageHeader *find(Uid uid);

    std::vector<mail::MessageHeader> m_headers;
    std::vector<store::LabelUpdate> m_labels;
    Uid m_largest; ///< taken in so far
    int m_unusable = 0;
};

} // namespace kittiwake::sync
