// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/csstokens.h"

namespace kittiwake::mime
{

namespace
{

using Type = CssToken::Type;

constexpr int endOfInput = -1;

bool isWhitespace(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool isNewline(int c)
{
    return c == '\n' || c == '\r' || c == '\f';
}

bool isDigit(int c)
{
    return c >= '0' && c <= '9';
}

int hexValue(int c)
{
    if (isDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Bytes of UTF-8 beyond ASCII belong to names; so does NUL, which the standard reads as U+FFFD.
bool isNameStart(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80 || c == 0;
}

bool isName(int c)
{
    return isNameStart(c) || isDigit(c) || c == '-';
}

bool isNonPrintable(int c)
{
    return (c >= 1 && c <= 8) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F;
}

void appendUtf8(QByteArray &out, unsigned code)
{
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = 0xFFFD;
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | code >> 6U);
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | code >> 12U);
        out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | code >> 18U);
        out += static_cast<char>(0x80U | (code >> 12U & 0x3FU));
        out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

void appendByte(QByteArray &out, int c)
{
    if (c == 0)
        appendUtf8(out, 0xFFFD);
    else
        out += static_cast<char>(c);
}

} // namespace

int CssTokeniser::peek(qsizetype ahead) const
{
    return m_at + ahead < m_css.size() ? static_cast<unsigned char>(m_css[m_at + ahead]) : endOfInput;
}

/// Section 4.3.8. A backslash at the very end is an escape as well.
bool CssTokeniser::isEscape(qsizetype ahead) const
{
    return peek(ahead) == '\\' && !isNewline(peek(ahead + 1));
}

/// Section 4.3.9.
bool CssTokeniser::startsIdent(qsizetype ahead) const
{
    if (peek(ahead) == '-')
        return isNameStart(peek(ahead + 1)) || peek(ahead + 1) == '-' || isEscape(ahead + 1);
    return isNameStart(peek(ahead)) || isEscape(ahead);
}

/// Section 4.3.10.
bool CssTokeniser::startsNumber() const
{
    const qsizetype ahead = peek() == '+' || peek() == '-' ? 1 : 0;
    return isDigit(peek(ahead)) || (peek(ahead) == '.' && isDigit(peek(ahead + 1)));
}

void CssTokeniser::skipComments()
{
    while (peek() == '/' && peek(1) == '*') {
        const qsizetype end = m_css.indexOf(QByteArrayView("*/"), m_at + 2);
        m_at = end < 0 ? m_css.size() : end + 2;
    }
}

/// Section 4.3.7; the backslash is still there.
void CssTokeniser::consumeEscape(QByteArray &out)
{
    ++m_at;
    const int c = peek();
    if (c == endOfInput) {
        appendUtf8(out, 0xFFFD);
        return;
    }
    if (hexValue(c) < 0) {
        appendByte(out, c);
        ++m_at;
        return;
    }
    unsigned code = 0;
    for (int digits = 0; digits < 6 && hexValue(peek()) >= 0; ++digits, ++m_at)
        code = code * 16 + static_cast<unsigned>(hexValue(peek()));
    if (peek() == '\r' && peek(1) == '\n')
        ++m_at;
    if (isWhitespace(peek()))
        ++m_at;
    appendUtf8(out, code);
}

QByteArray CssTokeniser::consumeName()
{
    QByteArray name;
    while (true) {
        const qsizetype from = m_at;
        while (isName(peek()) && peek() != 0)
            ++m_at;
        name.append(m_css.sliced(from, m_at - from));
        if (peek() == 0) {
            appendUtf8(name, 0xFFFD);
            ++m_at;
        } else if (isEscape(0)) {
            consumeEscape(name);
        } else {
            return name;
        }
    }
}

CssToken CssTokeniser::consumeNumeric()
{
    const qsizetype from = m_at;
    if (peek() == '+' || peek() == '-')
        ++m_at;
    while (isDigit(peek()))
        ++m_at;
    if (peek() == '.' && isDigit(peek(1))) {
        ++m_at;
        while (isDigit(peek()))
            ++m_at;
    }
    const qsizetype sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && isDigit(peek(1 + sign))) {
        m_at += 1 + sign;
        while (isDigit(peek()))
            ++m_at;
    }
    CssToken token{Type::Number, {}, m_css.sliced(from, m_at - from).toByteArray()};
    if (peek() == '%') {
        ++m_at;
        token.type = Type::Percentage;
    } else if (startsIdent(0)) {
        token.type = Type::Dimension;
        token.text = consumeName();
    }
    return token;
}

CssToken CssTokeniser::consumeIdentLike()
{
    QByteArray name = consumeName();
    if (peek() != '(')
        return {Type::Ident, std::move(name), {}};
    ++m_at;
    if (name.compare("url", Qt::CaseInsensitive) != 0)
        return {Type::Function, std::move(name), {}};
    qsizetype ahead = 0;
    while (isWhitespace(peek(ahead)))
        ++ahead;
    if (peek(ahead) == '"' || peek(ahead) == '\'')
        return {Type::Function, std::move(name), {}};
    m_at += ahead;
    return consumeUrl();
}

CssToken CssTokeniser::consumeString(int quote)
{
    CssToken token{Type::String, {}, {}};
    ++m_at;
    while (true) {
        const int c = peek();
        if (c == endOfInput)
            return token;
        if (c == quote) {
            ++m_at;
            return token;
        }
        if (isNewline(c)) {
            token.type = Type::BadString;
            return token;
        }
        if (c != '\\') {
            appendByte(token.text, c);
            ++m_at;
        } else if (peek(1) == endOfInput) {
            ++m_at;
        } else if (isNewline(peek(1))) {
            m_at += peek(1) == '\r' && peek(2) == '\n' ? 3 : 2;
        } else {
            consumeEscape(token.text);
        }
    }
}

CssToken CssTokeniser::consumeUrl()
{
    CssToken token{Type::Url, {}, {}};
    while (true) {
        const int c = peek();
        if (c == endOfInput)
            return token;
        if (c == ')') {
            ++m_at;
            return token;
        }
        if (isWhitespace(c)) {
            while (isWhitespace(peek()))
                ++m_at;
            if (peek() == endOfInput || peek() == ')')
                continue;
            break;
        }
        if (c == '"' || c == '\'' || c == '(' || isNonPrintable(c))
            break;
        if (c == '\\') {
            if (!isEscape(0))
                break;
            consumeEscape(token.text);
            continue;
        }
        appendByte(token.text, c);
        ++m_at;
    }
    consumeBadUrl();
    token.type = Type::BadUrl;
    return token;
}

void CssTokeniser::consumeBadUrl()
{
    QByteArray ignored;
    while (true) {
        const int c = peek();
        if (c == endOfInput)
            return;
        if (c == ')') {
            ++m_at;
            return;
        }
        if (isEscape(0))
            consumeEscape(ignored);
        else
            ++m_at;
    }
}

CssToken CssTokeniser::next()
{
    skipComments();
    const int c = peek();
    if (c == endOfInput)
        return {};
    if (isWhitespace(c)) {
        while (isWhitespace(peek()))
            ++m_at;
        return {Type::Whitespace, {}, {}};
    }
    if (c == '"' || c == '\'')
        return consumeString(c);
    if (startsNumber())
        return consumeNumeric();
    if (c == '-' && peek(1) == '-' && peek(2) == '>') {
        m_at += 3;
        return {Type::Cdc, {}, {}};
    }
    if (c == '<' && peek(1) == '!' && peek(2) == '-' && peek(3) == '-') {
        m_at += 4;
        return {Type::Cdo, {}, {}};
    }
    if (c == '#' && (isName(peek(1)) || isEscape(1))) {
        ++m_at;
        return {Type::Hash, consumeName(), {}};
    }
    if (c == '@' && startsIdent(1)) {
        ++m_at;
        return {Type::AtKeyword, consumeName(), {}};
    }
    if (startsIdent(0))
        return consumeIdentLike();
    ++m_at;
    switch (c) {
    case ':':
        return {Type::Colon, {}, {}};
    case ';':
        return {Type::Semicolon, {}, {}};
    case ',':
        return {Type::Comma, {}, {}};
    case '[':
        return {Type::OpenSquare, {}, {}};
    case ']':
        return {Type::CloseSquare, {}, {}};
    case '(':
        return {Type::OpenRound, {}, {}};
    case ')':
        return {Type::CloseRound, {}, {}};
    case '{':
        return {Type::OpenCurly, {}, {}};
    case '}':
        return {Type::CloseCurly, {}, {}};
    default:
        return {Type::Delim, QByteArray(1, static_cast<char>(c)), {}};
    }
}

CssTokens tokeniseCss(QByteArrayView css)
{
    CssTokens tokens;
    CssTokeniser tokeniser(css);
    while (true) {
        CssToken token = tokeniser.next();
        if (token.type == Type::End)
            return tokens;
        tokens.push_back(std::move(token));
    }
}

} // namespace kittiwake::mime
