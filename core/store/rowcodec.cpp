// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/rowcodec.h"

#include "core/store/flagshash.h"
#include "core/store/hash64.h"
#include "core/store/limits.h"
#include "core/store/rowidentity.h"

#include <algorithm>
#include <limits>

namespace kittiwake::store
{

namespace
{

constexpr QChar unitSeparator(0x1F);
constexpr QChar recordSeparator(0x1E);

void appendWithoutSeparators(QStringView text, QString &result)
{
    const qsizetype start = result.size();
    result.append(text);
    const auto isSeparator = [](QChar c) { return c == unitSeparator || c == recordSeparator; };
    if (std::any_of(text.begin(), text.end(), isSeparator))
        std::replace_if(result.begin() + start, result.end(), isSeparator, QChar(u' '));
}

bool isAtom(const QByteArray &keyword)
{
    return !keyword.isEmpty() && keyword.size() <= limits::keyword
        && std::all_of(keyword.begin(), keyword.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

mail::AddressList storedAddresses(std::span<const mail::Address> addresses)
{
    QString text;
    appendAddresses(addresses, text);
    return parseAddresses(storedText(text));
}

} // namespace

QStringView cut(QStringView text, qsizetype limit)
{
    if (text.size() <= limit)
        return text;
    return text.first(text.at(limit - 1).isHighSurrogate() ? limit - 1 : limit);
}

QString storedText(QStringView text)
{
    QString result = text.toString();
    const qsizetype size = result.size();
    for (qsizetype index = 0; index < size; ++index) {
        const QChar here = text.at(index);
        if (here.isHighSurrogate() && index + 1 < size && text.at(index + 1).isLowSurrogate())
            ++index;
        else if (here.isNull() || here.isSurrogate())
            result[index] = QChar(QChar::ReplacementCharacter);
    }
    return result;
}

void appendAddresses(std::span<const mail::Address> addresses, QString &result)
{
    bool first = true;
    for (const mail::Address &address : addresses.first(std::min<std::size_t>(addresses.size(), limits::addresses))) {
        if (!first)
            result.append(recordSeparator);
        first = false;
        appendWithoutSeparators(cut(address.name, limits::addressName), result);
        result.append(unitSeparator);
        appendWithoutSeparators(cut(address.address, limits::address), result);
    }
}

mail::AddressList parseAddresses(const QString &text)
{
    mail::AddressList result;
    if (text.isEmpty())
        return result;
    for (const QStringView entry : QStringView(text).tokenize(recordSeparator)) {
        const qsizetype at = entry.indexOf(unitSeparator);
        // Without a separator it was not written by us; an address is the better guess.
        if (at < 0)
            result.push_back({{}, entry.toString()});
        else
            result.push_back({entry.first(at).toString(), entry.sliced(at + 1).toString()});
    }
    return result;
}

QByteArray joinKeywords(const mail::Flags &flags)
{
    QByteArray result;
    qsizetype count = 0;
    for (const QByteArray &keyword : flags.keywords()) {
        if (!isAtom(keyword))
            continue;
        if (++count > limits::keywords)
            break;
        if (!result.isEmpty())
            result.append(' ');
        result.append(keyword);
    }
    return result;
}

mail::Flags parseFlags(std::uint32_t systemBits, const QByteArray &keywords)
{
    mail::Flags flags;
    flags.setSystemBits(systemBits);
    if (!keywords.isEmpty()) {
        for (const QByteArray &keyword : keywords.split(' '))
            flags.addKeyword(keyword);
    }
    return flags;
}

mail::MessageHeader asStored(const mail::MessageHeader &header)
{
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    mail::MessageHeader result;
    result.uid = header.uid;
    result.flags = parseFlags(header.flags.systemBits(), joinKeywords(header.flags));
    result.modseq = ModSeq(std::min(header.modseq.value(), largest));
    result.internalDate = header.internalDate;
    result.date = header.date;
    result.size = std::min(header.size, largest);
    result.subject = storedText(cut(header.subject, limits::subject));
    const std::span from(header.from);
    if (!from.empty()) {
        const mail::Address author{storedText(cut(from.front().name, limits::addressName)),
                                   storedText(cut(from.front().address, limits::address))};
        const mail::AddressList others = storedAddresses(from.subspan(1));
        if (!others.empty() || !author.name.isEmpty() || !author.address.isEmpty()) {
            result.from.push_back(author);
            result.from.insert(result.from.end(), others.begin(), others.end());
        }
    }
    result.to = storedAddresses(header.to);
    result.cc = storedAddresses(header.cc);
    result.replyTo = storedAddresses(header.replyTo);
    if (header.messageId.size() <= limits::messageId)
        result.messageId = header.messageId;
    result.hasAttachment = header.hasAttachment;
    if (isObjectId(header.emailId))
        result.emailId = header.emailId;
    return result;
}

std::uint64_t flagsHash(const mail::Flags &flags)
{
    return flagsHash(flags.systemBits(), joinKeywords(flags));
}

std::uint64_t flagsHash(std::uint32_t systemBits, QByteArrayView keywords)
{
    if (keywords.isEmpty())
        return systemBits;
    // The top bit keeps it apart from system bits alone.
    return hash64(keywords, systemBits) | (std::uint64_t(1) << 63);
}

} // namespace kittiwake::store
