// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/decoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace kittiwake::imap
{

namespace
{

enum CharacterClass : unsigned char {
    KeywordChar = 1,
    AtomChar = 2,
    PlainQuotedChar = 4, ///< neither quote nor backslash nor line end
};

constexpr std::array<unsigned char, 256> makeClasses()
{
    std::array<unsigned char, 256> classes{};
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        unsigned char bits = 0;
        const bool boundary = c == ' ' || c == '(' || c == ')' || c == '\r' || c == '\n' || c == '\0';
        if (!boundary)
            bits |= AtomChar;
        if (i > 0x20 && i < 0x7f && !boundary && c != '[' && c != ']' && c != '<' && c != '>' && c != '{' && c != '"'
            && c != '\\' && c != '%' && c != '*')
            bits |= KeywordChar;
        if (c != '"' && c != '\\' && c != '\n' && c != '\r')
            bits |= PlainQuotedChar;
        classes[static_cast<std::size_t>(i)] = bits;
    }
    return classes;
}

constexpr std::array<unsigned char, 256> classes = makeClasses();

bool is(char c, CharacterClass wanted)
{
    return (classes[static_cast<unsigned char>(c)] & wanted) != 0;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/** Behind digits: "." or an exponent, and not the name of the next item, which may be glued to a number. */
bool startsFraction(const char *at, const char *end)
{
    if (at == end)
        return false;
    const bool exponent
        = (*at == 'e' || *at == 'E') && end - at > 1 && (at[1] == '+' || at[1] == '-' || isDigit(at[1]));
    return *at == '.' || exponent;
}

/** "9.3736e+06" and the like, without locale; no value below 0 or from 2^53 on. */
bool parseDecimal(QByteArrayView text, std::uint64_t &value)
{
    double number = 0;
    double scale = 0;
    qsizetype at = 0;
    for (; at < text.size() && (isDigit(text[at]) || (text[at] == '.' && scale == 0)); ++at) {
        if (text[at] == '.') {
            scale = 1;
            continue;
        }
        number = number * 10 + (text[at] - '0');
        scale *= 10;
    }
    int exponent = 0;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        const bool negative = at < text.size() && text[at] == '-';
        if (at < text.size() && (text[at] == '-' || text[at] == '+'))
            ++at;
        if (at == text.size())
            return false;
        for (; at < text.size() && isDigit(text[at]) && exponent < 100; ++at)
            exponent = exponent * 10 + (text[at] - '0');
        if (negative)
            exponent = -exponent;
    }
    if (at != text.size())
        return false;
    number = number / (scale == 0 ? 1 : scale) * std::pow(10.0, exponent);
    if (!(number >= 0 && number < 9007199254740992.0))
        return false;
    value = static_cast<std::uint64_t>(std::llround(number));
    return true;
}

} // namespace

bool Decoder::fail(const char *why)
{
    if (!m_why)
        m_why = why;
    return false;
}

bool Decoder::expectEnd()
{
    spaces();
    return (!m_why && atEnd()) || fail("something follows where the message should end");
}

bool Decoder::keyword(QByteArrayView &value)
{
    if (m_why)
        return false;
    const char *const start = m_at;
    while (m_at != m_end && is(*m_at, KeywordChar))
        ++m_at;
    value = {start, m_at - start};
    return m_at != start;
}

bool Decoder::atom(QByteArrayView &value)
{
    if (m_why)
        return false;
    const char *const start = m_at;
    while (m_at != m_end && is(*m_at, AtomChar))
        ++m_at;
    value = {start, m_at - start};
    return m_at != start;
}

bool Decoder::nil()
{
    if (m_why || m_end - m_at < 3 || !isWord({m_at, 3}, "NIL") || (m_end - m_at > 3 && is(m_at[3], AtomChar)))
        return false;
    m_at += 3;
    return true;
}

bool Decoder::number(std::uint64_t &value, std::uint64_t maximum)
{
    if (m_why || m_at == m_end || !isDigit(*m_at))
        return false;
    std::uint64_t result = 0;
    while (m_at != m_end && isDigit(*m_at)) {
        const auto digit = static_cast<std::uint64_t>(*m_at - '0');
        if (result > (maximum - digit) / 10 || maximum < digit)
            return fail("a number is too large");
        result = result * 10 + digit;
        ++m_at;
    }
    if (startsFraction(m_at, m_end))
        return fail("a number is no integer");
    value = result;
    return true;
}

bool Decoder::expectNumber(std::uint32_t &value)
{
    std::uint64_t wide = 0;
    if (!number(wide, std::numeric_limits<std::uint32_t>::max()))
        return fail("a number is missing");
    value = static_cast<std::uint32_t>(wide);
    return true;
}

bool Decoder::expectNumber64(std::uint64_t &value)
{
    return number(value, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        || fail("a number is missing");
}

bool Decoder::expectSize(std::uint64_t &value)
{
    const char *const start = m_at;
    const char *end = m_at;
    while (end != m_end && isDigit(*end))
        ++end;
    if ((end != start && !startsFraction(end, m_end)) || m_why)
        return expectNumber64(value);
    QByteArrayView token;
    if (!expectAtom(token))
        return false;
    if (isWord(token, "NIL") || (token.size() > 1 && token[0] == '-' && isDigit(token[1]))) {
        value = 0;
        return true;
    }
    return parseDecimal(token, value) || fail("a size is no number");
}

bool Decoder::expectModSeq(std::uint64_t &value)
{
    if (peek() != '-')
        return expectNumber64(value);
    QByteArrayView token;
    value = 0;
    return expectAtom(token);
}

/**
 * A quote that is followed by none of the characters that can follow a string is part of it: iCloud sends
 * "<"abc"@example.com>" as a Message-ID (mailcore2 issue 1967).
 */
bool Decoder::quoted(StringToken &value)
{
    const char *const start = ++m_at;
    bool escaped = false;
    while (true) {
        while (m_at != m_end && is(*m_at, PlainQuotedChar))
            ++m_at;
        if (m_at == m_end || *m_at == '\n' || *m_at == '\r')
            return fail("a quoted string has no end");
        if (*m_at == '\\') {
            if (m_end - m_at < 2)
                return fail("a quoted string has no end");
            escaped = true;
            m_at += 2;
            continue;
        }
        ++m_at;
        if (m_at == m_end || *m_at == ' ' || *m_at == ')' || *m_at == ']')
            break;
    }
    value.view = {start, m_at - 1 - start};
    if (!escaped)
        return true;
    QByteArray plain;
    plain.reserve(value.view.size());
    for (qsizetype i = 0; i < value.view.size(); ++i) {
        const bool escape = value.view[i] == '\\' && i + 1 < value.view.size()
            && (value.view[i + 1] == '"' || value.view[i + 1] == '\\');
        plain.append(value.view[escape ? ++i : i]);
    }
    value.owned = std::move(plain);
    value.view = value.owned;
    return true;
}

/** ["~"] "{" number ["+"] "}" line end, and that many octets. */
bool Decoder::literal(StringToken &value)
{
    special('~');
    std::uint64_t size = 0;
    if (!expectSpecial('{') || !expectNumber64(size))
        return false;
    if (!special('+'))
        special('-');
    if (!expectSpecial('}'))
        return false;
    while (m_at != m_end && (*m_at == '\r' || *m_at == '\0'))
        ++m_at;
    if (!expectSpecial('\n'))
        return false;
    while (!m_literals.empty() && m_literals.front().position < position())
        m_literals = m_literals.subspan(1);
    if (!m_literals.empty() && m_literals.front().position == position()) {
        value.owned = m_literals.front().bytes;
        value.view = value.owned;
        m_literals = m_literals.subspan(1);
        return static_cast<std::uint64_t>(value.owned.size()) == size || fail("a literal has another length");
    }
    if (size > static_cast<std::uint64_t>(m_end - m_at))
        return fail("a literal is cut off");
    value.view = {m_at, static_cast<qsizetype>(size)};
    m_at += size;
    return true;
}

bool Decoder::string(StringToken &value)
{
    switch (peek()) {
    case '"':
        return quoted(value);
    case '~':
        return m_end - m_at > 1 && m_at[1] == '{' && literal(value);
    case '{':
        return literal(value);
    default:
        return false;
    }
}

bool Decoder::expectNString(StringToken &value)
{
    if (string(value))
        return true;
    if (nil()) {
        value.isNil = true;
        return true;
    }
    return atom(value.view) || fail("a string is missing");
}

bool Decoder::expectNString(QByteArray &value)
{
    StringToken token;
    if (!expectNString(token))
        return false;
    value = token.toByteArray();
    return true;
}

bool Decoder::expectAString(StringToken &value)
{
    return string(value) || atom(value.view) || fail("a string is missing");
}

bool Decoder::expectAString(QByteArray &value)
{
    StringToken token;
    if (!expectAString(token))
        return false;
    value = token.toByteArray();
    return true;
}

bool Decoder::expectStringList(QByteArrayList &values, int maximum)
{
    QByteArray value;
    if (!enter()) {
        StringToken single;
        if (!expectNString(single))
            return false;
        if (!single.isNil)
            values.append(single.toByteArray());
        return true;
    }
    while (more()) {
        if (values.size() >= maximum)
            return fail("a list is too long");
        if (!expectAString(value))
            return false;
        values.append(value);
        spaces();
    }
    return !isFailed();
}

bool Decoder::enter()
{
    if (!special('('))
        return false;
    if (++m_depth > maximumDepth)
        return fail("parentheses are nested too deep");
    return true;
}

bool Decoder::leave()
{
    spaces();
    if (!special(')'))
        return false;
    --m_depth;
    return true;
}

bool Decoder::expectAnyValue()
{
    const int outside = m_depth;
    do {
        spaces();
        StringToken token;
        if (enter() || (m_depth > outside && leave()))
            continue;
        if (isFailed() || !expectAString(token))
            return false;
    } while (m_depth > outside);
    return true;
}

} // namespace kittiwake::imap
