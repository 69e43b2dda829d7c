// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/store/headersource.h"

#include <algorithm>
#include <array>

namespace kittiwake::bench
{

namespace
{

constexpr std::array<QStringView, 24> words{u"Rechnung", u"meeting", u"Größe",   u"budget",   u"réunion", u"release",
                                            u"notes",    u"Projekt", u"update",  u"question", u"résumé",  u"shipment",
                                            u"order",    u"Termin",  u"invoice", u"patch",    u"review",  u"holiday",
                                            u"weekend",  u"server",  u"会議",    u"отчёт",    u"draft",   u"report"};
constexpr std::array<QStringView, 12> givenNames{u"Anna",  u"Bjørn",  u"Chloé", u"David",  u"Elif",  u"Fatima",
                                                 u"Georg", u"Hanako", u"Иван",  u"Jürgen", u"Karin", u"Luís"};
constexpr std::array<QStringView, 12> familyNames{u"Schmidt", u"García", u"O'Neill", u"Yılmaz", u"Müller",   u"Tanaka",
                                                  u"Петров",  u"Dubois", u"Nielsen", u"Smith",  u"Kowalski", u"Silva"};
constexpr std::array<QStringView, 6> domains{u"example.org",        u"mail.example.com", u"lists.example.net",
                                             u"corp.example.co.uk", u"example.de",       u"uni.example.edu"};

/** SplitMix64 of a number: a stream of random bits for each message. */
class Bits
{
public:
    explicit Bits(std::int64_t seed) : m_state(static_cast<std::uint64_t>(seed) * 0x9E3779B97F4A7C15U + 1) { }
    std::uint64_t next()
    {
        m_state += 0x9E3779B97F4A7C15U;
        std::uint64_t value = m_state;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
        return value ^ (value >> 31);
    }
    qsizetype below(std::size_t bound) { return static_cast<qsizetype>(next() % bound); }
    bool chance(int percent) { return below(100) < percent; }

private:
    std::uint64_t m_state;
};

mail::Address person(Bits &bits)
{
    const QStringView given = givenNames.at(static_cast<std::size_t>(bits.below(givenNames.size())));
    const QStringView family = familyNames.at(static_cast<std::size_t>(bits.below(familyNames.size())));
    const QStringView domain = domains.at(static_cast<std::size_t>(bits.below(domains.size())));
    QString address = QStringLiteral("user%1@").arg(bits.below(3000));
    address += domain;
    QString name = given.toString();
    name += u' ';
    name += family;
    return {name, address};
}

mail::AddressList people(Bits &bits, std::size_t most)
{
    mail::AddressList result;
    const qsizetype count = bits.below(most) + 1;
    for (qsizetype index = 0; index < count; ++index)
        result.push_back(person(bits));
    return result;
}

QByteArray messageId(std::int64_t index)
{
    Bits bits(index ^ 0x5DEECE66D);
    return '<' + QByteArray::number(static_cast<qulonglong>(bits.next()), 16) + '.'
        + QByteArray::number(static_cast<qulonglong>(index)) + "@mail.example.com>";
}

} // namespace

std::int64_t HeaderSource::parent(std::int64_t index) const
{
    Bits bits(index ^ 0x2545F491);
    if (index == 0 || bits.chance(40))
        return -1;
    return index - 1 - bits.below(static_cast<std::size_t>(std::min<std::int64_t>(index, 40)));
}

mail::MessageHeader HeaderSource::header(std::int64_t index) const
{
    Bits bits(index);
    mail::MessageHeader header;
    header.uid = Uid(static_cast<std::uint32_t>(index + 1));
    header.flags.set(mail::SystemFlag::Seen, bits.chance(85));
    header.flags.set(mail::SystemFlag::Answered, bits.chance(20));
    header.flags.set(mail::SystemFlag::Flagged, bits.chance(3));
    if (bits.chance(5))
        header.flags.addKeyword(QByteArrayLiteral("$Forwarded"));
    header.modseq = ModSeq(static_cast<std::uint64_t>(index + 1000));
    header.internalDate = 1'300'000'000 + index * 400;
    header.date = header.internalDate - bits.below(300);
    header.size = static_cast<std::uint64_t>(1500 + bits.below(60'000));
    if (bits.chance(50))
        header.subject = QStringLiteral("Re: ");
    const qsizetype length = 3 + bits.below(7);
    for (qsizetype word = 0; word < length; ++word) {
        header.subject += words.at(static_cast<std::size_t>(bits.below(words.size())));
        header.subject += u' ';
    }
    header.from.push_back(person(bits));
    header.to = people(bits, 3);
    if (bits.chance(30))
        header.cc = people(bits, 4);
    if (bits.chance(10))
        header.replyTo = people(bits, 1);
    header.messageId = messageId(index);
    header.hasAttachment = bits.chance(15);
    for (std::int64_t at = parent(index); at >= 0 && header.references.size() < 10; at = parent(at))
        header.references.prepend(messageId(at));
    return header;
}

std::vector<mail::MessageHeader> HeaderSource::batch(std::int64_t first, std::int64_t count) const
{
    std::vector<mail::MessageHeader> result;
    for (std::int64_t index = m_total - 1 - first; index >= 0 && count > 0; --index, --count)
        result.push_back(header(index));
    return result;
}

} // namespace kittiwake::bench
