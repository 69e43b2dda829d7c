// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/headerbatch.h"

#include "core/mime/headers.h"
#include "core/store/rowidentity.h"
#include "core/sync/mailboxsync/messagelabels.h"

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

const imap::Section &referencesSection()
{
    static const imap::Section section = imap::Section::headerFields({QByteArrayLiteral("REFERENCES")});
    return section;
}

} // namespace

void addIdentityItems(imap::FetchItems &items, const imap::Capabilities &capabilities)
{
    const bool isGmail = capabilities.has("X-GM-EXT-1");
    const bool hasObjectIds = capabilities.has("OBJECTID");
    items.gmailMessageId = isGmail;
    items.emailId = hasObjectIds && !isGmail;
}

QByteArray emailIdOf(const imap::FetchData &data)
{
    if (data.gmailMessageId != 0)
        return QByteArray::number(static_cast<qulonglong>(data.gmailMessageId));
    return store::isObjectId(data.emailId) ? data.emailId : QByteArray();
}

imap::FetchItems headerItems(bool withModSeq)
{
    imap::FetchItems items;
    items.flags = true;
    items.internalDate = true;
    items.size = true;
    items.envelope = true;
    items.bodyStructure = true;
    items.modseq = withModSeq;
    items.bodies.push_back({referencesSection(), true, false, std::nullopt});
    return items;
}

std::optional<mail::MessageHeader> headerFromFetch(const imap::FetchData &data)
{
    if (!data.uid.isValid() || !data.flags || !data.envelope)
        return std::nullopt;
    const imap::FetchedSection *fields = data.find(referencesSection());
    const QByteArray empty;
    const QByteArray &block = fields != nullptr && fields->data ? *fields->data : empty;
    mail::MessageHeader header
        = mime::makeMessageHeader(data.uid, *data.flags, data.internalDate.value_or(0), data.size.value_or(0),
                                  *data.envelope, data.bodyStructure ? &*data.bodyStructure : nullptr, block);
    header.modseq = data.modseq;
    header.emailId = emailIdOf(data);
    return header;
}

mail::MessageHeader *HeaderBatch::find(Uid uid)
{
    // Servers answer in the order of UIDs nearly always, so the end is where to look first.
    const auto found = std::find_if(m_headers.rbegin(), m_headers.rend(),
                                    [uid](const mail::MessageHeader &header) { return header.uid == uid; });
    return found == m_headers.rend() ? nullptr : &*found;
}

void HeaderBatch::take(const imap::FetchData &data)
{
    auto header = headerFromFetch(data);
    if (!header) {
        ++m_unusable;
        return;
    }
    if (data.gmailLabels)
        m_labels.push_back({header->uid, data.gmailMessageId, decodedLabels(*data.gmailLabels)});
    // Ascending UIDs cannot repeat; only an answer out of order is looked up.
    if (header->uid <= m_largest) {
        if (mail::MessageHeader *known = find(header->uid)) {
            *known = std::move(*header);
            return;
        }
    }
    m_largest = std::max(m_largest, header->uid);
    m_headers.push_back(std::move(*header));
}

bool HeaderBatch::updateFlags(Uid uid, const mail::Flags &flags, ModSeq modseq)
{
    mail::MessageHeader *known = find(uid);
    if (known == nullptr)
        return false;
    known->flags = flags;
    if (modseq.isValid())
        known->modseq = modseq;
    return true;
}

void HeaderBatch::remove(const imap::UidSet &uids)
{
    std::erase_if(m_headers, [&uids](const mail::MessageHeader &header) { return uids.contains(header.uid); });
}

} // namespace kittiwake::sync
