// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/cssvalues.h"

#include "core/mime/cssproperties.h"
#include "core/mime/csswords.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace kittiwake::mime
{

namespace
{

using Type = CssToken::Type;
using Tokens = std::span<const CssToken>;

/// Values longer than this are no style.
constexpr std::ptrdiff_t maxTokens = 200;

constexpr std::string_view lengthUnits = " px em rem ex ch pt pc cm mm in q vw vh vmin vmax ";
constexpr std::string_view angleUnits = " deg rad grad turn ";

class ValueFilter
{
public:
    ValueFilter(const CssProperty &property, Tokens tokens) : m_property(property), m_tokens(tokens) { }

    std::optional<QByteArray> run()
    {
        while (m_at < m_tokens.size()) {
            if (!filterToken())
                return std::nullopt;
        }
        QByteArray value = m_writer.take();
        if (value.isEmpty())
            return std::nullopt;
        return value;
    }

private:
    [[nodiscard]] bool allows(unsigned what) const { return (m_property.allows & what) != 0; }

    bool filterToken()
    {
        const CssToken &token = m_tokens[m_at];
        switch (token.type) {
        case Type::Whitespace:
            ++m_at;
            return true;
        case Type::Function:
            return filterFunction(token);
        case Type::Url:
            // "background: #fff url(x) no-repeat" keeps its colour.
            ++m_at;
            return allows(AllowColourOnly);
        case Type::Ident:
            ++m_at;
            return filterWord(token.text);
        case Type::String:
            ++m_at;
            return allows(AllowFamily) && writeFamily(token.text);
        case Type::Hash:
            ++m_at;
            if (!allows(AllowColour) || !isCssHexColour(token.text))
                return false;
            m_writer.word('#' + token.text);
            return true;
        case Type::Number:
        case Type::Percentage:
        case Type::Dimension:
            ++m_at;
            return allows(AllowColourOnly) || (numberFits(token) && writeNumber(token, allows(AllowNegative)));
        case Type::Comma:
            ++m_at;
            if (allows(AllowComma))
                m_writer.mark(',');
            return allows(AllowComma);
        case Type::Delim:
            ++m_at;
            if (token.isDelim('/') && allows(AllowSlash)) {
                m_writer.mark('/');
                return true;
            }
            return token.isDelim('/') && allows(AllowColourOnly);
        default:
            return false;
        }
    }

    bool filterWord(const QByteArray &word)
    {
        if (containsCssWord(" inherit initial unset ", word) || containsCssWord(m_property.keywords, word)) {
            m_writer.word(word.toLower());
            return true;
        }
        if (allows(AllowColourOnly)
            && containsCssWord(" repeat repeat-x repeat-y no-repeat round space fixed local scroll left right "
                               "top bottom center cover contain auto border-box padding-box content-box ",
                               word))
            return true;
        if (allows(AllowColour) && isCssColourName(word)) {
            m_writer.word(word.toLower());
            return true;
        }
        return allows(AllowFamily) && writeFamilyWord(word);
    }

    [[nodiscard]] bool numberFits(const CssToken &token) const
    {
        if (token.type == Type::Number)
            // Unitless zero is a length; other unitless lengths are what mail for old browsers has, and harmless.
            return allows(AllowNumber | AllowLength);
        if (token.type == Type::Percentage)
            return allows(AllowLength);
        return allows(AllowLength) && containsCssWord(lengthUnits, token.text);
    }

    bool writeNumber(const CssToken &token, bool negative)
    {
        if (!isSaneCssNumber(token.number, negative))
            return false;
        QByteArray text = token.number;
        if (token.type == Type::Percentage)
            text += '%';
        else if (token.type == Type::Dimension)
            text += token.text.toLower();
        m_writer.word(text);
        return true;
    }

    bool writeFamilyWord(const QByteArray &word)
    {
        if (!isCssWord(word))
            return false;
        m_writer.word(word);
        return true;
    }

    /// Strings come out in apostrophes, with nothing inside that could end them.
    bool writeFamily(const QByteArray &name)
    {
        const bool harmless
            = name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
                  return (c & 0x80) != 0 || isCssWordCharacter(c) || c == ' ' || c == '.' || c == ',' || c == '+';
              });
        if (!harmless)
            return false;
        m_writer.word('\'' + name + '\'');
        return true;
    }

    bool filterFunction(const CssToken &token)
    {
        ++m_at;
        const QByteArray name = token.text.toLower();
        if (name == "url" && allows(AllowColourOnly))
            return skipFunction();
        if (containsCssWord(" rgb rgba hsl hsla ", name) && allows(AllowColour | AllowGradient))
            return filterColour(name);
        if (containsCssWord(" calc min max clamp ", name) && allows(AllowLength))
            return filterCalculation(name);
        if (containsCssWord(" linear-gradient radial-gradient repeating-linear-gradient repeating-radial-gradient ",
                            name)
            && allows(AllowGradient))
            return filterGradient(name);
        return false;
    }

    bool skipFunction()
    {
        int depth = 1;
        for (; m_at < m_tokens.size(); ++m_at) {
            const Type type = m_tokens[m_at].type;
            if (type == Type::Function || type == Type::OpenRound)
                ++depth;
            else if (type == Type::CloseRound && --depth == 0) {
                ++m_at;
                return true;
            }
        }
        return true;
    }

    bool filterColour(const QByteArray &name)
    {
        m_writer.open(name);
        for (; m_at < m_tokens.size(); ++m_at) {
            const CssToken &token = m_tokens[m_at];
            if (token.type == Type::CloseRound) {
                ++m_at;
                m_writer.close();
                return true;
            }
            if (token.type == Type::Whitespace)
                continue;
            if (token.type == Type::Comma)
                m_writer.mark(',');
            else if (token.isDelim('/'))
                m_writer.mark('/');
            else if (token.type == Type::Number || token.type == Type::Percentage
                     || (token.type == Type::Dimension && containsCssWord(angleUnits, token.text))) {
                if (!writeNumber(token, true))
                    return false;
            } else
                return false;
        }
        return false;
    }

    bool filterCalculation(const QByteArray &name)
    {
        m_writer.open(name);
        int depth = 1;
        for (; m_at < m_tokens.size(); ++m_at) {
            const CssToken &token = m_tokens[m_at];
            if (token.type == Type::CloseRound) {
                m_writer.close();
                if (--depth == 0) {
                    ++m_at;
                    return true;
                }
            } else if (token.type == Type::OpenRound || token.is(Type::Function, "calc")) {
                m_writer.open({});
                ++depth;
            } else if (token.type == Type::Comma) {
                m_writer.mark(',');
            } else if (token.type == Type::Delim && QByteArrayView("+-*/").contains(token.text.at(0))) {
                m_writer.operation(token.text.at(0));
            } else if (token.type == Type::Number || token.type == Type::Percentage
                       || (token.type == Type::Dimension && containsCssWord(lengthUnits, token.text))) {
                if (!writeNumber(token, true))
                    return false;
            } else if (token.type != Type::Whitespace) {
                return false;
            }
        }
        return false;
    }

    bool filterGradient(const QByteArray &name)
    {
        m_writer.open(name);
        while (m_at < m_tokens.size()) {
            const CssToken &token = m_tokens[m_at];
            if (token.type == Type::CloseRound) {
                ++m_at;
                m_writer.close();
                return true;
            }
            if (token.type == Type::Function) {
                ++m_at;
                const QByteArray function = token.text.toLower();
                if (!containsCssWord(" rgb rgba hsl hsla ", function) || !filterColour(function))
                    return false;
                continue;
            }
            ++m_at;
            if (token.type == Type::Whitespace)
                continue;
            if (token.type == Type::Comma)
                m_writer.mark(',');
            else if (token.type == Type::Hash && isCssHexColour(token.text))
                m_writer.word('#' + token.text);
            else if (token.type == Type::Ident
                     && (isCssColourName(token.text)
                         || containsCssWord(" closest-side farthest-side closest-corner farthest-corner ", token.text)))
                m_writer.word(token.text.toLower());
            else if (token.type == Type::Number || token.type == Type::Percentage
                     || (token.type == Type::Dimension
                         && (containsCssWord(lengthUnits, token.text) || containsCssWord(angleUnits, token.text)))) {
                if (!writeNumber(token, true))
                    return false;
            } else
                return false;
        }
        return false;
    }

    const CssProperty &m_property;
    Tokens m_tokens;
    std::size_t m_at = 0;
    CssValueWriter m_writer;
};

/// Takes "!important" from the end.
bool takeImportant(Tokens &tokens)
{
    std::size_t end = tokens.size();
    const auto skipBlanks = [&] {
        while (end > 0 && tokens[end - 1].type == Type::Whitespace)
            --end;
    };
    skipBlanks();
    if (end == 0 || !tokens[end - 1].is(Type::Ident, "important"))
        return false;
    --end;
    skipBlanks();
    if (end == 0 || !tokens[end - 1].isDelim('!'))
        return false;
    tokens = tokens.first(end - 1);
    return true;
}

} // namespace

QByteArray filterCssValue(const QByteArray &property, std::span<const CssToken> value)
{
    const CssProperty *known = findCssProperty(property);
    const auto tokens = std::count_if(value.begin(), value.end(),
                                      [](const CssToken &token) { return token.type != Type::Whitespace; });
    if (known == nullptr || tokens > maxTokens)
        return {};
    const bool important = takeImportant(value);
    auto filtered = ValueFilter(*known, value).run();
    if (!filtered)
        return {};
    return important ? QByteArray(*filtered + " !important") : *std::move(filtered);
}

QByteArray cssReference(std::span<const CssToken> value)
{
    for (std::size_t at = 0; at < value.size(); ++at) {
        const CssToken &token = value[at];
        if (token.type == Type::Url && !token.text.isEmpty())
            return token.text;
        if (token.type != Type::Function
            || !(token.is(Type::Function, "url") || token.text.toLower().contains("image")))
            continue;
        // Its string is near; looking further would make a row of openers quadratic.
        const std::size_t end = std::min(value.size(), at + 8);
        for (std::size_t next = at + 1; next < end && value[next].type != Type::CloseRound; ++next) {
            if (value[next].type == Type::String)
                return value[next].text;
        }
    }
    return {};
}

} // namespace kittiwake::mime
