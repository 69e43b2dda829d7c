// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/wireline.h"

#include <limits>

namespace kittiwake::imap
{

bool startsWithWord(QByteArrayView text, QByteArrayView prefix)
{
    return text.size() >= prefix.size() && text.first(prefix.size()).compare(prefix, Qt::CaseInsensitive) == 0;
}

std::optional<QByteArrayView> behindStatusWord(QByteArrayView text)
{
    for (const QByteArrayView word : {"OK", "NO", "BAD", "BYE", "PREAUTH"}) {
        if (startsWithWord(text, word)) {
            const QByteArrayView rest = text.sliced(word.size());
            if (rest.isEmpty() || rest.front() == ' ' || rest.front() == '\r' || rest.front() == '\0')
                return rest;
        }
    }
    return std::nullopt;
}

bool opensCode(QByteArrayView behindWord)
{
    return behindWord.size() > 1 && behindWord[1] == '[';
}

std::optional<std::uint64_t> literalSize(QByteArrayView line)
{
    if (line.isEmpty() || line.back() != '}')
        return std::nullopt;
    qsizetype at = line.size() - 2;
    if (at >= 0 && (line[at] == '+' || line[at] == '-'))
        --at;
    const qsizetype lastDigit = at;
    while (at >= 0 && line[at] >= '0' && line[at] <= '9')
        --at;
    if (at == lastDigit || at < 0 || line[at] != '{')
        return std::nullopt;
    constexpr std::uint64_t top = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t size = 0;
    for (qsizetype i = at + 1; i <= lastDigit; ++i) {
        const auto digit = static_cast<std::uint64_t>(line[i] - '0');
        if (size > (top - digit) / 10)
            return top;
        size = size * 10 + digit;
    }
    return size;
}

} // namespace kittiwake::imap
