// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string_view>

/** What the tokens of a style may say, and how they are written again. */
namespace kittiwake::mime
{

/** ASCII letters and digits, "-" and "_". */
[[nodiscard]] bool isCssWordCharacter(char c);
/** 1 to 40 such characters. */
[[nodiscard]] bool isCssWord(const QByteArray &word);
/** Whether words, separated and surrounded by blanks, hold word in any case. */
[[nodiscard]] bool containsCssWord(std::string_view words, const QByteArray &word);
/** Names of colours are letters; one that no browser knows is ignored there. */
[[nodiscard]] bool isCssColourName(const QByteArray &word);
/** 3, 4, 6 or 8 hexadecimal digits (CSS Color 4 section 5.2), without the "#". */
[[nodiscard]] bool isCssHexColour(const QByteArray &word);
/** At most 32,767, and not below 0, or below -32,767: sizes beyond any screen only make the page unusable. */
[[nodiscard]] bool isSaneCssNumber(const QByteArray &number, bool negative);

/** Writes tokens with a blank between any two that could run into one. */
class CssValueWriter
{
public:
    void word(const QByteArray &text)
    {
        if (m_needsBlank)
            m_out += ' ';
        m_out += text;
        m_needsBlank = true;
    }
    void mark(char c)
    {
        m_out += c;
        m_needsBlank = false;
    }
    void open(const QByteArray &function)
    {
        word(function);
        mark('(');
    }
    void close()
    {
        m_out += ')';
        m_needsBlank = true;
    }
    void operation(char c)
    {
        m_out += ' ';
        m_out += c;
        m_needsBlank = true;
    }
    [[nodiscard]] QByteArray take() { return std::move(m_out); }

private:
    QByteArray m_out;
    bool m_needsBlank = false;
};

} // namespace kittiwake::mime
