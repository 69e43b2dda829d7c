// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/fetchdecoder.h"

#include <algorithm>

namespace kittiwake::imap
{

namespace
{

constexpr int maximumFlags = 10'000;
constexpr int maximumFields = 1000; ///< header fields in one section
constexpr std::size_t maximumSections = 10'000;
constexpr int maximumLabels = 10'000;
constexpr int maximumUnknownItems = 100;

/** nz-number *("." nz-number), as far as it stands there. */
QByteArray takePartNumber(Decoder &decoder)
{
    const QByteArrayView rest = decoder.rest();
    qsizetype end = 0;
    for (qsizetype at = 0; at < rest.size(); ++at) {
        if (rest[at] >= '0' && rest[at] <= '9')
            end = at + 1;
        else if (rest[at] != '.' || end != at)
            break;
    }
    decoder.skip(end);
    return rest.first(end).toByteArray();
}

std::optional<Section::Text> sectionText(QByteArrayView keyword)
{
    if (isWord(keyword, "HEADER"))
        return Section::Text::Header;
    if (isWord(keyword, "HEADER.FIELDS"))
        return Section::Text::HeaderFields;
    if (isWord(keyword, "HEADER.FIELDS.NOT"))
        return Section::Text::HeaderFieldsNot;
    if (isWord(keyword, "TEXT"))
        return Section::Text::BodyText;
    if (isWord(keyword, "MIME"))
        return Section::Text::Mime;
    return std::nullopt;
}

/** section-spec, between the brackets. */
bool expectSectionSpec(Decoder &decoder, Section &section)
{
    section.part = takePartNumber(decoder);
    if (!section.part.isEmpty() && !decoder.special('.'))
        return true;
    QByteArrayView keyword;
    if (!decoder.keyword(keyword))
        return section.part.isEmpty() || decoder.fail("a section has no name");
    const auto text = sectionText(keyword);
    if (!text)
        return decoder.fail("a section is unknown");
    section.text = *text;
    decoder.spaces();
    if (decoder.peek() == '(') {
        QByteArrayList fields;
        if (!decoder.expectStringList(fields, maximumFields))
            return false;
        section.fields = Section::headerFields(fields).fields;
    }
    return true;
}

/** ["<" number ">"] */
bool expectOrigin(Decoder &decoder, std::optional<std::uint64_t> &origin)
{
    if (!decoder.special('<'))
        return true;
    std::uint64_t value = 0;
    if (!decoder.expectNumber64(value) || !decoder.expectSpecial('>'))
        return false;
    origin = value;
    return true;
}

/** nstring, literal8. Yandex leaves it out: then the next item or the end stands there. */
bool expectSectionData(Decoder &decoder, std::optional<QByteArray> &data)
{
    decoder.spaces();
    StringToken token;
    if (decoder.string(token)) {
        data = token.toByteArray();
        if (data->isNull())
            data = QByteArrayLiteral("");
        return true;
    }
    decoder.nil();
    return !decoder.isFailed();
}

bool expectFetchedSection(Decoder &decoder, FetchMemory &memory, FetchData &data, bool binary)
{
    if (data.sections.size() >= maximumSections)
        return decoder.fail("too many sections");
    FetchedSection &fetched = data.sections.emplace_back();
    fetched.binary = binary;
    return expectSection(decoder, memory, fetched.section) && expectOrigin(decoder, fetched.origin)
        && expectSectionData(decoder, fetched.data);
}

bool expectRfc822(Decoder &decoder, FetchData &data, Section::Text text)
{
    if (data.sections.size() >= maximumSections)
        return decoder.fail("too many sections");
    FetchedSection &fetched = data.sections.emplace_back();
    fetched.section.text = text;
    return expectSectionData(decoder, fetched.data);
}

bool expectUid(Decoder &decoder, FetchData &data)
{
    std::uint32_t value = 0;
    if (!decoder.expectNumber(value))
        return false;
    data.uid = Uid(value);
    return true;
}

bool expectInternalDate(Decoder &decoder, FetchData &data)
{
    StringToken token;
    if (!decoder.expectNString(token))
        return false;
    // A date that makes no sense is no reason to lose the message (CVE-2018-14350 was its length).
    data.internalDate = parseDateTime(token.view);
    return true;
}

/** "(" mod-sequence-value ")" */
bool expectModSeqItem(Decoder &decoder, FetchData &data)
{
    std::uint64_t value = 0;
    const bool enclosed = decoder.enter();
    decoder.spaces();
    if (!decoder.expectModSeq(value) || (enclosed && !decoder.expectLeave()))
        return false;
    data.modseq = ModSeq(value);
    return true;
}

/** "(" objectid ")" / NIL (RFC 8474); Yahoo is known to leave the parentheses out. */
bool expectObjectId(Decoder &decoder, QByteArray &id)
{
    QByteArrayList ids;
    if (!decoder.expectStringList(ids, 1))
        return false;
    id = ids.isEmpty() ? QByteArray() : ids.first();
    return true;
}

bool expectBodyStructure(Decoder &decoder, FetchMemory &memory, FetchData &data)
{
    std::optional<mail::BodyPart> part;
    if (!expectBody(decoder, memory, part))
        return false;
    if (part)
        data.bodyStructure = std::move(part);
    return true;
}

bool expectUnknownItem(Decoder &decoder, QByteArrayView name, FetchData &data)
{
    const bool hasSection = decoder.peek() == '[';
    if (data.unknownItems.size() < maximumUnknownItems)
        data.unknownItems.append(name.toByteArray().toUpper() + (hasSection ? "[]" : ""));
    if (hasSection) {
        StringToken ignored;
        while (!decoder.special(']')) {
            decoder.spaces();
            if (decoder.peek() == '(' ? !decoder.expectAnyValue() : !decoder.string(ignored)) {
                if (decoder.atEnd() || decoder.isFailed())
                    return decoder.fail("a section has no end");
                decoder.skip(1);
            }
        }
        QByteArrayView origin;
        if (decoder.peek() == '<')
            decoder.atom(origin);
    }
    decoder.spaces();
    return decoder.peek() == ')' || decoder.expectAnyValue();
}

bool expectBinarySize(Decoder &decoder, FetchMemory &memory, FetchData &data)
{
    if (data.binarySizes.size() >= maximumSections)
        return decoder.fail("too many sections");
    BinarySize &size = data.binarySizes.emplace_back();
    if (!expectSection(decoder, memory, size.section))
        return false;
    decoder.spaces();
    return decoder.expectSize(size.size);
}

bool expectItem(Decoder &decoder, FetchMemory &memory, FetchData &data)
{
    QByteArrayView name;
    if (!decoder.expectKeyword(name))
        return false;
    if (decoder.peek() == '[') {
        if (isWord(name, "BODY"))
            return expectFetchedSection(decoder, memory, data, false);
        if (isWord(name, "BINARY"))
            return expectFetchedSection(decoder, memory, data, true);
        if (isWord(name, "BINARY.SIZE"))
            return expectBinarySize(decoder, memory, data);
        return expectUnknownItem(decoder, name, data);
    }
    decoder.spaces();
    if (isWord(name, "UID"))
        return expectUid(decoder, data);
    if (isWord(name, "FLAGS"))
        return expectFlagList(decoder, data.flags.emplace());
    if (isWord(name, "ENVELOPE"))
        return decoder.nil() || expectEnvelope(decoder, memory, data.envelope.emplace());
    if (isWord(name, "BODYSTRUCTURE") || isWord(name, "BODY"))
        return expectBodyStructure(decoder, memory, data);
    if (isWord(name, "INTERNALDATE"))
        return expectInternalDate(decoder, data);
    if (isWord(name, "RFC822.SIZE"))
        return decoder.expectSize(data.size.emplace());
    if (isWord(name, "MODSEQ"))
        return expectModSeqItem(decoder, data);
    if (isWord(name, "RFC822"))
        return expectRfc822(decoder, data, Section::Text::All);
    if (isWord(name, "RFC822.HEADER"))
        return expectRfc822(decoder, data, Section::Text::Header);
    if (isWord(name, "RFC822.TEXT"))
        return expectRfc822(decoder, data, Section::Text::BodyText);
    if (isWord(name, "EMAILID"))
        return expectObjectId(decoder, data.emailId);
    if (isWord(name, "THREADID"))
        return expectObjectId(decoder, data.threadId);
    if (isWord(name, "X-GM-MSGID"))
        return decoder.number(data.gmailMessageId, ~std::uint64_t{0}) || decoder.fail("a number is missing");
    if (isWord(name, "X-GM-THRID"))
        return decoder.number(data.gmailThreadId, ~std::uint64_t{0}) || decoder.fail("a number is missing");
    if (isWord(name, "X-GM-LABELS"))
        return decoder.expectStringList(data.gmailLabels.emplace(), maximumLabels);
    return expectUnknownItem(decoder, name, data);
}

} // namespace

bool expectMessageAttributes(Decoder &decoder, FetchMemory &memory, FetchData &data)
{
    if (!decoder.expectEnter())
        return false;
    // Items are told apart by their names, not by the space between them: Zimbra before 5.08 wrote "UID 12MODSEQ (34)".
    while (decoder.more()) {
        if (!expectItem(decoder, memory, data))
            return false;
        decoder.spaces();
    }
    return !decoder.isFailed();
}

bool expectSection(Decoder &decoder, FetchMemory &memory, Section &section)
{
    if (!decoder.expectSpecial('['))
        return false;
    const QByteArrayView known = memory.sectionText;
    if (!known.isEmpty() && decoder.rest().startsWith(known)) {
        decoder.skip(known.size());
        section = memory.section;
        return true;
    }
    const QByteArrayView spelled = decoder.rest();
    const qsizetype start = decoder.position();
    if (!expectSectionSpec(decoder, section) || !decoder.expectSpecial(']'))
        return false;
    if (!section.isValid())
        return decoder.fail("a section makes no sense");
    const qsizetype length = decoder.position() - start;
    if (!section.fields.isEmpty() && length <= 1000 && !spelled.first(length).contains('{')) {
        memory.sectionText = spelled.first(length).toByteArray();
        memory.section = section;
    }
    return true;
}

bool expectFlagList(Decoder &decoder, mail::Flags &flags, bool *newKeywords)
{
    if (decoder.nil())
        return true;
    if (!decoder.expectEnter())
        return false;
    QByteArrayList keywords;
    while (decoder.more()) {
        QByteArrayView flag;
        if (!decoder.expectAtom(flag))
            return false;
        if (flag == "\\*") {
            if (newKeywords)
                *newKeywords = true;
        } else if (flag.front() == '\\') {
            if (const auto known = mail::Flags::systemFlag(flag))
                flags.set(*known);
        } else {
            if (keywords.size() >= maximumFlags)
                return decoder.fail("too many flags");
            keywords.append(flag.toByteArray());
        }
        decoder.spaces();
    }
    if (!keywords.isEmpty())
        flags.addKeywords(std::move(keywords));
    return !decoder.isFailed();
}

const FetchedSection *FetchData::find(const Section &section) const
{
    const auto found = std::find_if(sections.begin(), sections.end(), [&](const FetchedSection &each) {
        return !each.origin && each.data && each.section == section;
    });
    return found == sections.end() ? nullptr : &*found;
}

} // namespace kittiwake::imap
