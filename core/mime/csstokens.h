// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <vector>

namespace kittiwake::mime
{

/** A token of CSS Syntax Module Level 3 section 4. Escapes are resolved, so that "\75rl(" is the Url that it is. */
struct CssToken {
    enum class Type {
        Ident,
        Function, ///< its name, without '('
        AtKeyword, ///< without '@'
        Hash, ///< without '#'
        String,
        BadString,
        Url, ///< the unquoted form; url("…") is a Function and a String
        BadUrl,
        Delim, ///< one character
        Number,
        Percentage,
        Dimension,
        Whitespace,
        Cdo,
        Cdc,
        Colon,
        Semicolon,
        Comma,
        OpenSquare,
        CloseSquare,
        OpenRound,
        CloseRound,
        OpenCurly,
        CloseCurly,
        End,
    };
    Type type = Type::End;
    QByteArray text; ///< UTF-8: name, contents, or the unit of a Dimension
    QByteArray number; ///< as written, of Number, Percentage and Dimension

    /** Compared without regard to ASCII case. */
    [[nodiscard]] bool is(Type wanted, QByteArrayView word) const
    {
        return type == wanted && text.compare(word, Qt::CaseInsensitive) == 0;
    }
    [[nodiscard]] bool isDelim(char c) const { return type == Type::Delim && text.size() == 1 && text.at(0) == c; }
};

/** Tokenises UTF-8 text in one pass; comments are left out. The view must outlive the tokeniser. */
class CssTokeniser
{
public:
    explicit CssTokeniser(QByteArrayView css) : m_css(css) { }

    [[nodiscard]] CssToken next();

private:
    [[nodiscard]] int peek(qsizetype ahead = 0) const;
    [[nodiscard]] bool isEscape(qsizetype ahead) const;
    [[nodiscard]] bool startsIdent(qsizetype ahead) const;
    [[nodiscard]] bool startsNumber() const;
    void skipComments();
    void consumeEscape(QByteArray &out);
    [[nodiscard]] QByteArray consumeName();
    [[nodiscard]] CssToken consumeNumeric();
    [[nodiscard]] CssToken consumeIdentLike();
    [[nodiscard]] CssToken consumeString(int quote);
    [[nodiscard]] CssToken consumeUrl();
    void consumeBadUrl();

    QByteArrayView m_css;
    qsizetype m_at = 0;
};

using CssTokens = std::vector<CssToken>;

/** All tokens of a text, without the End. */
[[nodiscard]] CssTokens tokeniseCss(QByteArrayView css);

} // namespace kittiwake::mime
