// SPDX-License-Identifier: GPL-3.0-or-later
// ENVELOPE and BODYSTRUCTURE.
#include "core/imap/codec/fetchdecoder.h"

#include <algorithm>

namespace kittiwake::imap
{

namespace
{

constexpr std::size_t maximumAddresses = 10'000; ///< in one field: more is no mail that people read
constexpr std::size_t maximumParameters = 1000;
constexpr int maximumLanguages = 100;
constexpr int maximumPartDepth = Decoder::maximumDepth - 8; ///< room for what a part itself nests

QByteArray lowered(FetchMemory &memory, const StringToken &token)
{
    const bool isLower
        = std::none_of(token.view.begin(), token.view.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (isLower)
        return memory.strings.shared(token.view);
    // Types are short words in capitals on most servers: fold them without an allocation of their own.
    char buffer[32];
    if (token.view.size() > static_cast<qsizetype>(sizeof buffer))
        return token.view.toByteArray().toLower();
    std::transform(token.view.begin(), token.view.end(), buffer,
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c; });
    return memory.strings.shared({buffer, token.view.size()});
}

bool expectLower(Decoder &decoder, FetchMemory &memory, QByteArray &value)
{
    StringToken token;
    if (!decoder.expectNString(token))
        return false;
    value = lowered(memory, token);
    return true;
}

bool expectShared(Decoder &decoder, FetchMemory &memory, QByteArray &value)
{
    StringToken token;
    if (!decoder.expectNString(token))
        return false;
    value = memory.strings.shared(token.view);
    return true;
}

/**
 * Gmail sometimes sends name and mailbox in each other's place: ("<a@b>" NIL "Somebody" NIL) (MailKit issue 494, pull
 * request 1319). No group starts like that.
 */
void straightenSwappedName(mail::RawAddress &address)
{
    if (!address.host.isEmpty() || address.mailbox.isEmpty() || address.name.size() < 5 || address.name[0] != '<'
        || !address.name.endsWith('>'))
        return;
    const QByteArray inner = address.name.sliced(1, address.name.size() - 2);
    const qsizetype at = inner.lastIndexOf('@');
    if (at <= 0 || at == inner.size() - 1)
        return;
    address.name = std::exchange(address.mailbox, inner.left(at));
    address.host = inner.mid(at + 1);
}

/** address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")" */
bool expectAddress(Decoder &decoder, FetchMemory &memory, mail::RawAddress &address)
{
    if (!decoder.expectEnter())
        return false;
    QByteArray route;
    QByteArray *const slots[] = {&address.name, &route, &address.mailbox, &address.host};
    std::size_t index = 0;
    while (decoder.more()) {
        if (index == std::size(slots)) {
            // More than four: a name that the server cut up (MailKit issue 1369). The last three are what they are.
            address.name += ' ' + route;
            route = std::exchange(address.mailbox, std::exchange(address.host, {}));
            --index;
        }
        if (!expectShared(decoder, memory, *slots[index++]))
            return false;
        decoder.spaces();
    }
    straightenSwappedName(address);
    return !decoder.isFailed();
}

/** env-from and its kin: "(" 1*address ")" / NIL. */
bool expectAddresses(Decoder &decoder, FetchMemory &memory, std::vector<mail::RawAddress> &addresses)
{
    if (!decoder.enter()) {
        StringToken token; // NIL, and "" where a server means it
        return decoder.expectNString(token) && (token.view.isEmpty() || decoder.fail("an address list is missing"));
    }
    while (decoder.more()) {
        // SmarterMail puts NIL between addresses (MailKit issue 991).
        if (!decoder.nil()) {
            if (addresses.size() >= maximumAddresses)
                return decoder.fail("too many addresses");
            if (!expectAddress(decoder, memory, addresses.emplace_back()))
                return false;
        }
        decoder.spaces();
    }
    return !decoder.isFailed();
}

bool isMultipartSubtype(QByteArrayView lowerCase)
{
    for (const QByteArrayView known : {"mixed", "alternative", "related", "signed", "encrypted", "report", "digest",
                                       "parallel", "appledouble", "form-data"}) {
        if (lowerCase == known)
            return true;
    }
    return false;
}

/** body-fld-param = "(" string SP string *(SP string SP string) ")" / NIL; mail.ru sends ("boundary" NIL). */
bool expectParameters(Decoder &decoder, FetchMemory &memory, mail::BodyParameters &parameters)
{
    if (!decoder.enter()) {
        StringToken token;
        return decoder.expectNString(token) && (token.view.isEmpty() || decoder.fail("parameters are missing"));
    }
    while (decoder.more()) {
        if (parameters.size() >= maximumParameters)
            return decoder.fail("too many parameters");
        auto &[name, value] = parameters.emplace_back();
        if (!expectShared(decoder, memory, name))
            return false;
        decoder.spaces();
        if (decoder.peek() == ')')
            continue; // a name without a value
        if (!expectShared(decoder, memory, value))
            return false;
        decoder.spaces();
    }
    return !decoder.isFailed();
}

/** body-fld-dsp = "(" string SP body-fld-param ")" / nstring; Exchange sends "inline" alone (MailKit issue 919). */
bool expectDisposition(Decoder &decoder, FetchMemory &memory, mail::BodyPart &part)
{
    if (!decoder.enter())
        return expectLower(decoder, memory, part.disposition);
    if (decoder.leave())
        return true;
    if (!expectLower(decoder, memory, part.disposition))
        return false;
    while (decoder.more()) {
        if (!expectParameters(decoder, memory, part.dispositionParameters))
            return false;
        decoder.spaces();
    }
    return !decoder.isFailed();
}

/** [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]] ")": what both kinds end with. */
bool expectExtensions(Decoder &decoder, FetchMemory &memory, mail::BodyPart &part)
{
    for (int index = 0; decoder.more(); ++index) {
        bool read = false;
        switch (index) {
        case 0:
            read = expectDisposition(decoder, memory, part);
            break;
        case 1:
            read = decoder.expectStringList(part.languages, maximumLanguages);
            break;
        case 2:
            read = decoder.peek() == '(' ? decoder.expectAnyValue() : decoder.expectNString(part.location);
            break;
        default:
            read = decoder.expectAnyValue();
        }
        if (!read)
            return false;
        decoder.spaces();
    }
    return !decoder.isFailed();
}

bool expectPart(Decoder &decoder, FetchMemory &memory, mail::BodyPart &part);

/** Behind the children of a multipart: SP media-subtype [SP body-ext-mpart] ")". */
bool expectMultipartTail(Decoder &decoder, FetchMemory &memory, mail::BodyPart &part)
{
    decoder.spaces();
    part.subtype = QByteArrayLiteral("mixed");
    if (decoder.leave())
        return true;
    StringToken subtype;
    if (!decoder.expectNString(subtype))
        return false;
    if (!subtype.view.isEmpty())
        part.subtype = lowered(memory, subtype);
    decoder.spaces();
    if (decoder.leave())
        return true;
    if (!expectParameters(decoder, memory, part.parameters))
        return false;
    decoder.spaces();
    return expectExtensions(decoder, memory, part);
}

/**
 * media-basic, media-message, media-text, and what stands there instead. Sets part.type to "multipart" when it is a
 * multipart without children: Gmail writes ("ALTERNATIVE" ("BOUNDARY" "x") …) for a part whose boundary is its
 * parent's (MailKit issues 205, 777), Dovecot (NIL "alternative" ("boundary" "x") …) (MailKit issue 1393).
 */
bool expectMediaType(Decoder &decoder, FetchMemory &memory, mail::BodyPart &part)
{
    StringToken first;
    if (!decoder.expectNString(first))
        return false;
    decoder.spaces();
    part.type = lowered(memory, first);
    if (decoder.peek() == '(') {
        // One word only: a type that has a usual subtype, or a subtype of what it cannot say (MailKit issue 371).
        if (isMultipartSubtype(part.type))
            part.subtype = std::exchange(part.type, QByteArrayLiteral("multipart"));
        else if (part.type == "text")
            part.subtype = QByteArrayLiteral("plain");
        else if (part.type == "multipart")
            part.subtype = QByteArrayLiteral("mixed");
        else
            part.subtype = std::exchange(part.type, QByteArrayLiteral("application"));
        return true;
    }
    if (!expectLower(decoder, memory, part.subtype))
        return false;
    decoder.spaces();
    if (part.type.isEmpty())
        part.type
            = isMultipartSubtype(part.subtype) ? QByteArrayLiteral("multipart") : QByteArrayLiteral("application");
    if (part.subtype.isEmpty()) {
        part.subtype = part.isMultipart() ? QByteArrayLiteral("mixed")
            : part.type == "text"         ? QByteArrayLiteral("plain")
                                          : QByteArrayLiteral("octet-stream");
    }
    return true;
}

/** Behind the size of a message/rfc822: SP envelope SP body SP body-fld-lines. */
bool expectMessageFields(Decoder &decoder, FetchMemory &memory, mail::BodyPart &part)
{
    auto envelope = std::make_shared<mail::Envelope>();
    if (!expectEnvelope(decoder, memory, *envelope))
        return false;
    part.envelope = std::move(envelope);
    decoder.spaces();
    std::optional<mail::BodyPart> body;
    if (!expectBody(decoder, memory, body))
        return false;
    if (body)
        part.children.push_back(std::move(*body));
    decoder.spaces();
    return decoder.peek() == ')' || decoder.expectSize(part.lines);
}

/** body-type-1part and body-type-mpart, the opening parenthesis taken. */
bool expectPart(Decoder &decoder, FetchMemory &memory, mail::BodyPart &part)
{
    if (decoder.peek() == '(') {
        part.type = QByteArrayLiteral("multipart");
        while (decoder.peek() == '(') {
            std::optional<mail::BodyPart> child;
            if (!expectBody(decoder, memory, child))
                return false;
            if (child)
                part.children.push_back(std::move(*child));
            decoder.spaces();
        }
        return expectMultipartTail(decoder, memory, part);
    }
    if (!expectMediaType(decoder, memory, part))
        return false;
    if (part.isMultipart()) {
        if (decoder.leave())
            return true;
        return expectParameters(decoder, memory, part.parameters) && expectExtensions(decoder, memory, part);
    }
    if (!expectParameters(decoder, memory, part.parameters))
        return false;
    decoder.spaces();
    if (!decoder.expectNString(part.id))
        return false;
    decoder.spaces();
    if (!decoder.expectNString(part.description))
        return false;
    decoder.spaces();
    if (!expectLower(decoder, memory, part.encoding))
        return false;
    decoder.spaces();
    if (!decoder.expectSize(part.size))
        return false;
    decoder.spaces();
    // Gmail sends a message/rfc822 that is in base64 as body-type-basic (MailKit issues 32, 59): no envelope, then.
    if (part.isMessage() && decoder.peek() == '(') {
        if (!expectMessageFields(decoder, memory, part))
            return false;
    } else if (part.type == "text" && decoder.peek() != ')') {
        if (!decoder.expectSize(part.lines))
            return false;
    }
    decoder.spaces();
    if (decoder.leave())
        return true;
    if (decoder.peek() != '(') { // a list is the disposition already: no MD5
        if (!decoder.expectNString(part.md5))
            return false;
        decoder.spaces();
    }
    return expectExtensions(decoder, memory, part);
}

} // namespace

bool expectEnvelope(Decoder &decoder, FetchMemory &memory, mail::Envelope &envelope)
{
    if (!decoder.expectEnter())
        return false;
    std::vector<mail::RawAddress> *const lists[]
        = {&envelope.from, &envelope.sender, &envelope.replyTo, &envelope.to, &envelope.cc, &envelope.bcc};
    if (!decoder.expectNString(envelope.date))
        return false;
    decoder.spaces();
    if (!decoder.expectNString(envelope.subject))
        return false;
    decoder.spaces();
    QByteArrayView authors; // env-from as it stands there
    for (std::vector<mail::RawAddress> *const list : lists) {
        // Nearly all messages repeat From as Sender and as Reply-To, byte for byte (RFC 9051 section 7.5.2).
        if (!authors.isEmpty() && (list == &envelope.sender || list == &envelope.replyTo)
            && decoder.rest().startsWith(authors)) {
            decoder.skip(authors.size());
            *list = envelope.from;
            decoder.spaces();
            continue;
        }
        const QByteArrayView before = decoder.rest();
        if (!expectAddresses(decoder, memory, *list))
            return false;
        // A literal may stand apart from the text: equal text is not equal content, then.
        if (list == &envelope.from && !list->empty()) {
            authors = before.first(before.size() - decoder.rest().size());
            if (authors.contains('{'))
                authors = {};
        }
        decoder.spaces();
    }
    // Some servers leave out the last one or two when the message has none (MailKit issues 669, 932).
    if (decoder.leave())
        return true;
    if (!decoder.expectNString(envelope.inReplyTo))
        return false;
    if (decoder.leave())
        return true;
    return decoder.expectNString(envelope.messageId) && decoder.expectLeave();
}

bool expectBody(Decoder &decoder, FetchMemory &memory, std::optional<mail::BodyPart> &part)
{
    if (decoder.nil())
        return true;
    if (decoder.depth() >= maximumPartDepth)
        return decoder.fail("parts are nested too deep");
    if (!decoder.expectEnter())
        return false;
    if (decoder.leave())
        return true; // "()" means NIL (MailKit issue 944)
    return expectPart(decoder, memory, part.emplace());
}

} // namespace kittiwake::imap
