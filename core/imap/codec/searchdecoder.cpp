// SPDX-License-Identifier: GPL-3.0-or-later
// SEARCH, ESEARCH, SORT, THREAD, VANISHED: answers full of numbers.
#include "core/imap/codec/responsedecoder.h"

#include <limits>

namespace kittiwake::imap
{

namespace
{

/** *(SP nz-number) [SP "(" "MODSEQ" SP mod-sequence-value ")"] (RFC 7162 section 7). Zeros are left out. */
bool expectNumbers(Decoder &decoder, std::vector<std::uint32_t> &numbers, ModSeq &modseq)
{
    decoder.spaces();
    while (!decoder.atEnd() && decoder.peek() != '(') {
        std::uint32_t number = 0;
        if (!decoder.expectNumber(number))
            return false;
        if (number != 0)
            numbers.push_back(number);
        if (!decoder.atEnd() && !decoder.expectSpace())
            return false;
        decoder.spaces();
    }
    if (decoder.enter()) {
        QByteArrayView name;
        std::uint64_t value = 0;
        if (!decoder.expectKeyword(name) || !isWord(name, "MODSEQ") || !decoder.expectSpace()
            || !decoder.expectModSeq(value) || !decoder.expectLeave())
            return decoder.fail("MODSEQ is missing");
        modseq = ModSeq(value);
    }
    return decoder.expectEnd();
}

bool expectSet(Decoder &decoder, SequenceSet &set)
{
    QByteArrayView text;
    if (!decoder.expectAtom(text))
        return false;
    auto parsed = SequenceSet::parse(text, SequenceSet::Star::Refused);
    if (!parsed)
        return decoder.fail("a set of numbers is malformed");
    set = std::move(*parsed);
    return true;
}

bool expectPosition(Decoder &decoder, std::int64_t &position)
{
    const bool negative = decoder.special('-');
    std::uint32_t value = 0;
    if (!decoder.expectNumber(value))
        return false;
    position = negative ? -std::int64_t{value} : std::int64_t{value};
    return true;
}

/** "(" partial-range SP (sequence-set / "NIL") ")" (RFC 9394 section 3.1). */
bool expectPartial(Decoder &decoder, ESearchPartial &partial)
{
    if (!decoder.expectEnter() || !expectPosition(decoder, partial.first) || !decoder.expectSpecial(':')
        || !expectPosition(decoder, partial.last) || !decoder.expectSpace())
        return false;
    return (decoder.nil() || expectSet(decoder, partial.numbers)) && decoder.expectLeave();
}

/** search-return-data */
bool expectReturnData(Decoder &decoder, QByteArrayView name, ESearchData &search)
{
    decoder.spaces();
    if (isWord(name, "MIN"))
        return decoder.expectNumber(search.minimum.emplace());
    if (isWord(name, "MAX"))
        return decoder.expectNumber(search.maximum.emplace());
    if (isWord(name, "COUNT"))
        return decoder.expectNumber(search.count.emplace());
    if (isWord(name, "ALL"))
        return expectSet(decoder, search.all.emplace());
    if (isWord(name, "PARTIAL"))
        return expectPartial(decoder, search.partial.emplace());
    if (isWord(name, "MODSEQ")) {
        std::uint64_t value = 0;
        const bool read = decoder.expectModSeq(value);
        search.modseq = ModSeq(value);
        return read;
    }
    return decoder.expectAnyValue();
}

} // namespace

bool expectSearch(Decoder &decoder, SearchData &search)
{
    std::vector<std::uint32_t> numbers;
    if (!expectNumbers(decoder, numbers, search.modseq))
        return false;
    search.numbers = SequenceSet::fromNumbers(std::move(numbers));
    return true;
}

bool expectSort(Decoder &decoder, SortData &sort)
{
    return expectNumbers(decoder, sort.numbers, sort.modseq);
}

bool expectESearch(Decoder &decoder, ESearchData &search)
{
    decoder.spaces();
    if (decoder.enter()) {
        QByteArrayView name;
        if (!decoder.expectKeyword(name) || !isWord(name, "TAG") || !decoder.expectSpace()
            || !decoder.expectAString(search.tag) || !decoder.expectLeave())
            return decoder.fail("the tag of ESEARCH is missing");
    }
    decoder.spaces();
    while (!decoder.atEnd()) {
        QByteArrayView name;
        if (!decoder.expectKeyword(name))
            return false;
        if (isWord(name, "UID"))
            search.uid = true;
        else if (!expectReturnData(decoder, name, search))
            return false;
        decoder.spaces();
    }
    return !decoder.isFailed();
}

bool expectThread(Decoder &decoder, ThreadData &thread)
{
    decoder.spaces();
    const QByteArrayView text = decoder.rest();
    if (text.contains('\n'))
        return decoder.fail("a thread holds a literal");
    while (!decoder.atEnd()) {
        if (!decoder.expectAnyValue())
            return false;
        decoder.spaces();
    }
    thread.text = text.toByteArray();
    return true;
}

bool expectVanished(Decoder &decoder, VanishedData &vanished)
{
    decoder.spaces();
    if (decoder.enter()) {
        QByteArrayView name;
        if (!decoder.expectKeyword(name) || !isWord(name, "EARLIER") || !decoder.expectLeave())
            return decoder.fail("EARLIER is missing");
        vanished.earlier = true;
        decoder.spaces();
    }
    if (decoder.atEnd())
        return true; // iCloud: nothing has vanished
    SequenceSet numbers;
    if (!expectSet(decoder, numbers))
        return false;
    vanished.uids = UidSet(std::move(numbers));
    return decoder.expectEnd();
}

} // namespace kittiwake::imap
