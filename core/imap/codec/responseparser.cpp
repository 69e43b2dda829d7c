// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/responseparser.h"

#include "core/imap/codec/fetchdecoder.h"
#include "core/imap/codec/responsedecoder.h"

#include <algorithm>

namespace kittiwake::imap
{

namespace
{

constexpr qsizetype rejectedHead = 200;
constexpr qsizetype unknownText = 1000;

std::optional<StatusKind> statusKind(QByteArrayView word)
{
    if (isWord(word, "OK"))
        return StatusKind::Ok;
    if (isWord(word, "NO"))
        return StatusKind::No;
    if (isWord(word, "BAD"))
        return StatusKind::Bad;
    if (isWord(word, "BYE"))
        return StatusKind::Bye;
    if (isWord(word, "PREAUTH"))
        return StatusKind::PreAuth;
    return std::nullopt;
}

/** Behind a status word only a space or the end can stand; padding and stray line ends count as the end. */
bool endsWord(const Decoder &decoder)
{
    return decoder.atEnd() || decoder.peek() == ' ' || decoder.peek() == '\r' || decoder.peek() == '\0';
}

StatusResponse decodeStatus(Decoder &decoder, QByteArrayView tag, StatusKind kind)
{
    StatusResponse status;
    status.tag = tag.toByteArray();
    status.kind = kind;
    decodeStatusText(decoder, status);
    return status;
}

/** Tags are what clients make; all known ones are made of these. */
bool isTag(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-'
            || c == '_' || c == '$';
    });
}

std::optional<StatusResponse> decodeTaggedStatus(QByteArrayView message)
{
    Decoder decoder(message);
    QByteArrayView tag;
    QByteArrayView word;
    if (!decoder.keyword(tag) || !isTag(tag) || !decoder.space() || !decoder.keyword(word))
        return std::nullopt;
    const auto kind = statusKind(word);
    const bool canBeTagged = kind == StatusKind::Ok || kind == StatusKind::No || kind == StatusKind::Bad;
    if (!canBeTagged || !endsWord(decoder))
        return std::nullopt;
    return decodeStatus(decoder, tag, *kind);
}

UnknownData unknown(QByteArrayView text, bool untagged)
{
    UnknownData data{oneLine(withoutPadding(text.first(std::min(text.size(), unknownText)))), untagged};
    if (text.size() > unknownText && data.text.endsWith('}'))
        data.text.back() = ' ';
    return data;
}

/** message-data, mailbox-data that begin with a number. */
std::optional<Response> decodeNumbered(Decoder &decoder, FetchMemory &memory)
{
    std::uint32_t number = 0;
    if (!decoder.expectNumber(number))
        return Response();
    decoder.spaces();
    QByteArrayView keyword;
    decoder.keyword(keyword);
    if (isWord(keyword, "FETCH") || isWord(keyword, "UIDFETCH")) {
        FetchData data;
        decoder.spaces();
        expectMessageAttributes(decoder, memory, data) && decoder.expectEnd();
        if (isWord(keyword, "FETCH"))
            data.sequence = number;
        else
            data.uid = Uid(number);
        return data;
    }
    if (isWord(keyword, "EXISTS")) {
        decoder.expectEnd();
        return ExistsData{number};
    }
    if (isWord(keyword, "RECENT")) {
        decoder.expectEnd();
        return RecentData{number};
    }
    if (isWord(keyword, "EXPUNGE")) {
        decoder.expectEnd();
        return ExpungeData{number};
    }
    return std::nullopt;
}

} // namespace

QByteArrayView withoutPadding(QByteArrayView text)
{
    while (text.endsWith('\r') || text.endsWith('\n') || text.endsWith('\0'))
        text.chop(1);
    return text;
}

QByteArray oneLine(QByteArrayView text)
{
    QByteArray line = text.toByteArray();
    if (!line.contains('\n'))
        return line;
    line.replace('\n', '\r');
    if (line.endsWith('}'))
        line += ' '; // must not look as if a literal followed
    return line;
}

ResponseParser::ResponseParser(ParserOptions options)
    : m_options(options), m_memory(std::make_unique<FetchMemory>()) { }

ResponseParser::ResponseParser(ResponseParser &&) noexcept = default;
ResponseParser &ResponseParser::operator=(ResponseParser &&) noexcept = default;
ResponseParser::~ResponseParser() = default;

Response ResponseParser::parse(QByteArrayView message)
{
    qsizetype size = message.size();
    while (size > 0 && (message[size - 1] == '\n' || message[size - 1] == '\r' || message[size - 1] == '\0'))
        --size;
    WireMessage wire;
    wire.text = message.first(size);
    return parse(wire);
}

Response ResponseParser::parse(const WireMessage &message)
{
    const QByteArrayView text = message.text;
    const auto rejected = [&](QByteArrayView why, qsizetype position) {
        return Rejected{why.toByteArray(), position, text.first(std::min(text.size(), rejectedHead)).toByteArray()};
    };
    if (message.kind == WireMessage::Kind::Complete && text.startsWith('+')) {
        return ContinuationRequest{oneLine(withoutPadding(text.sliced(text.startsWith("+ ") ? 2 : 1)))};
    }
    if (!text.startsWith('*')) {
        if (auto status = decodeTaggedStatus(text))
            return std::move(*status);
        if (message.kind == WireMessage::Kind::Complete && !text.isEmpty())
            return unknown(text, false); // "Server Unavailable." of Exchange
    }
    if (message.kind != WireMessage::Kind::Complete)
        return rejected(message.why, 0);
    if (text.isEmpty())
        return rejected("the message is empty", 0);

    Decoder decoder(text, message.literals);
    decoder.skip(1);
    decoder.space();
    const QByteArrayView behindStar = decoder.rest();
    std::optional<Response> response;
    if (decoder.peek() >= '0' && decoder.peek() <= '9') {
        response = decodeNumbered(decoder, *m_memory);
    } else if (decoder.peek() == '[') {
        // home.pl sends "* [COPYUID …]" without OK (MailKit issue 115).
        response = decodeStatus(decoder, {}, StatusKind::Ok);
    } else {
        QByteArrayView keyword;
        decoder.keyword(keyword);
        const auto kind = statusKind(keyword);
        if (kind && endsWord(decoder))
            response = decodeStatus(decoder, {}, *kind);
        else
            response = decodeUntagged(decoder, keyword,
                                      m_options.utf8 ? MailboxEncoding::Utf8 : MailboxEncoding::ModifiedUtf7);
    }
    if (decoder.isFailed())
        return rejected(decoder.why(), decoder.position());
    if (!response)
        return unknown(behindStar, true);
    return std::move(*response);
}

} // namespace kittiwake::imap
