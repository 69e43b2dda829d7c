// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/responsedecoder.h"

#include "core/imap/codec/fetchdecoder.h"

namespace kittiwake::imap
{

namespace
{

constexpr std::size_t maximumEntries = 1000; ///< namespaces, ID fields, quota resources and roots

/** *(SP capability), in upper case. */
bool expectCapabilities(Decoder &decoder, QByteArrayList &names)
{
    decoder.spaces();
    while (!decoder.atEnd()) {
        QByteArrayView name;
        if (!decoder.expectAtom(name))
            return false;
        names.append(name.toByteArray().toUpper());
        decoder.spaces();
    }
    return true;
}

bool expectFlags(Decoder &decoder, FlagsData &data)
{
    decoder.spaces();
    return expectFlagList(decoder, data.flags) && decoder.expectEnd();
}

/** "(" string SP (DQUOTE QUOTED-CHAR DQUOTE / nil) [namespace-response-extensions] ")" */
bool expectNamespaceEntry(Decoder &decoder, MailboxEncoding encoding, NamespaceData::Entry &entry)
{
    StringToken prefix;
    StringToken delimiter;
    if (!decoder.expectEnter() || !decoder.expectNString(prefix))
        return false;
    entry.prefix = decodeMailbox(prefix.view, encoding);
    decoder.spaces();
    if (!decoder.expectNString(delimiter))
        return false;
    if (!delimiter.view.isEmpty())
        entry.delimiter = QLatin1Char(delimiter.view.front());
    decoder.spaces();
    while (decoder.more()) {
        if (!decoder.expectAnyValue())
            return false;
        decoder.spaces();
    }
    return !decoder.isFailed();
}

/** namespace = nil / "(" 1*namespace-descr ")" */
bool expectNamespaceKind(Decoder &decoder, MailboxEncoding encoding, std::vector<NamespaceData::Entry> &entries)
{
    decoder.spaces();
    if (decoder.nil())
        return true;
    if (!decoder.expectEnter())
        return false;
    while (decoder.more()) {
        if (entries.size() >= maximumEntries)
            return decoder.fail("too many namespaces");
        if (!expectNamespaceEntry(decoder, encoding, entries.emplace_back()))
            return false;
    }
    return !decoder.isFailed();
}

bool expectNamespace(Decoder &decoder, MailboxEncoding encoding, NamespaceData &data)
{
    return expectNamespaceKind(decoder, encoding, data.personal)
        && expectNamespaceKind(decoder, encoding, data.otherUsers)
        && expectNamespaceKind(decoder, encoding, data.shared) && decoder.expectEnd();
}

/** id-params-list = "(" [string SP nstring *(SP string SP nstring)] ")" / nil (RFC 2971 section 4). */
bool expectId(Decoder &decoder, IdData &data)
{
    decoder.spaces();
    if (decoder.nil())
        return decoder.expectEnd();
    if (!decoder.expectEnter())
        return false;
    while (decoder.more()) {
        QByteArray name;
        StringToken value;
        if (data.fields.size() >= maximumEntries)
            return decoder.fail("too many fields");
        if (!decoder.expectAString(name))
            return false;
        decoder.spaces();
        if (!decoder.expectNString(value))
            return false;
        if (!value.isNil)
            data.fields.emplace_back(name.toLower(), value.toByteArray());
        decoder.spaces();
    }
    return decoder.expectEnd();
}

/** QUOTA (RFC 9208 section 5.1). */
bool expectQuota(Decoder &decoder, QuotaData &data)
{
    decoder.spaces();
    if (!decoder.expectAString(data.root))
        return false;
    decoder.spaces();
    if (!decoder.expectEnter())
        return false;
    while (decoder.more()) {
        if (data.resources.size() >= maximumEntries)
            return decoder.fail("too many resources");
        QuotaData::Resource &resource = data.resources.emplace_back();
        if (!decoder.expectAString(resource.name))
            return false;
        resource.name = resource.name.toUpper();
        decoder.spaces();
        if (!decoder.expectSize(resource.usage))
            return false;
        decoder.spaces();
        if (!decoder.expectSize(resource.limit))
            return false;
        decoder.spaces();
    }
    return decoder.expectEnd();
}

/** QUOTAROOT (RFC 9208 section 5.2). */
bool expectQuotaRoot(Decoder &decoder, MailboxEncoding encoding, QuotaRootData &data)
{
    StringToken mailbox;
    decoder.spaces();
    if (!decoder.expectAString(mailbox))
        return false;
    data.mailbox = decodeMailbox(mailbox.view, encoding);
    decoder.spaces();
    while (!decoder.atEnd()) {
        QByteArray root;
        if (static_cast<std::size_t>(data.roots.size()) >= maximumEntries)
            return decoder.fail("too many quota roots");
        if (!decoder.expectAString(root))
            return false;
        data.roots.append(root);
        decoder.spaces();
    }
    return true;
}

template <typename Data, typename Expect>
Response decoded(Expect expect)
{
    Data data;
    expect(data); // an error stays in the decoder
    return data;
}

} // namespace

std::optional<Response> decodeUntagged(Decoder &decoder, QByteArrayView keyword, MailboxEncoding encoding)
{
    const auto list = [&](ListData::Kind kind) {
        return decoded<ListData>([&](ListData &data) {
            data.kind = kind;
            return expectList(decoder, encoding, data);
        });
    };
    if (isWord(keyword, "LIST"))
        return list(ListData::Kind::List);
    if (isWord(keyword, "LSUB"))
        return list(ListData::Kind::Lsub);
    if (isWord(keyword, "XLIST"))
        return list(ListData::Kind::Xlist);
    if (isWord(keyword, "STATUS"))
        return decoded<MailboxStatusData>([&](auto &data) { return expectMailboxStatus(decoder, encoding, data); });
    if (isWord(keyword, "SEARCH"))
        return decoded<SearchData>([&](auto &data) { return expectSearch(decoder, data); });
    if (isWord(keyword, "ESEARCH"))
        return decoded<ESearchData>([&](auto &data) { return expectESearch(decoder, data); });
    if (isWord(keyword, "VANISHED"))
        return decoded<VanishedData>([&](auto &data) { return expectVanished(decoder, data); });
    if (isWord(keyword, "FLAGS"))
        return decoded<FlagsData>([&](auto &data) { return expectFlags(decoder, data); });
    if (isWord(keyword, "CAPABILITY"))
        return decoded<CapabilityData>([&](auto &data) { return expectCapabilities(decoder, data.names); });
    if (isWord(keyword, "ENABLED"))
        return decoded<EnabledData>([&](auto &data) { return expectCapabilities(decoder, data.names); });
    if (isWord(keyword, "NAMESPACE"))
        return decoded<NamespaceData>([&](auto &data) { return expectNamespace(decoder, encoding, data); });
    if (isWord(keyword, "ID"))
        return decoded<IdData>([&](auto &data) { return expectId(decoder, data); });
    if (isWord(keyword, "SORT"))
        return decoded<SortData>([&](auto &data) { return expectSort(decoder, data); });
    if (isWord(keyword, "THREAD"))
        return decoded<ThreadData>([&](auto &data) { return expectThread(decoder, data); });
    if (isWord(keyword, "QUOTA"))
        return decoded<QuotaData>([&](auto &data) { return expectQuota(decoder, data); });
    if (isWord(keyword, "QUOTAROOT"))
        return decoded<QuotaRootData>([&](auto &data) { return expectQuotaRoot(decoder, encoding, data); });
    return std::nullopt;
}

} // namespace kittiwake::imap
