// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/rowcodec.h"

#include "core/store/flagshash.h"
#include "core/store/hash64.h"
#include "core/store/limits.h"

#include <algorithm>

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

} // namespace

QStringView cut(QStringView text, qsizetype limit)
{
    if (text.size() <= limit)
        return text;
    return text.first(text.at(limit - 1).isHighSurrogate() ? limit - 1 : limit);
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
