// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/csswords.h"

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype longestWord = 40;

} // namespace

bool isCssWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool isCssWord(const QByteArray &word)
{
    return !word.isEmpty() && word.size() <= longestWord && std::all_of(word.begin(), word.end(), isCssWordCharacter);
}

bool containsCssWord(std::string_view words, const QByteArray &word)
{
    if (!isCssWord(word))
        return false;
    std::array<char, longestWord + 2> padded{};
    const auto size = static_cast<std::size_t>(word.size());
    padded[0] = ' ';
    std::transform(word.begin(), word.end(), padded.begin() + 1,
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    padded[size + 1] = ' ';
    return words.find(std::string_view(padded.data(), size + 2)) != std::string_view::npos;
}

bool isCssColourName(const QByteArray &word)
{
    return word.size() <= 24 && std::all_of(word.begin(), word.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

bool isCssHexColour(const QByteArray &word)
{
    return (word.size() == 3 || word.size() == 4 || word.size() == 6 || word.size() == 8)
        && std::all_of(word.begin(), word.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

bool isSaneCssNumber(const QByteArray &number, bool negative)
{
    if (number.isEmpty() || number.size() > 24 || number.contains('e') || number.contains('E'))
        return false;
    bool ok = false;
    const double value = number.toDouble(&ok);
    return ok && value <= 32767 && value >= (negative ? -32767 : 0);
}

} // namespace kittiwake::mime
