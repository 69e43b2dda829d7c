// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/cssfilter.h"

#include "core/mime/csscolour.h"
#include "core/mime/cssselector.h"
#include "core/mime/csstokens.h"
#include "core/mime/cssvalues.h"
#include "core/mime/sanitiser.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace kittiwake::mime
{

namespace
{

using Type = CssToken::Type;
using Tokens = std::span<const CssToken>;

constexpr qsizetype maxAttributeBytes = 32 * 1024;
constexpr QByteArrayView namePrefix("m-");

void note(CssLosses &losses, Tokens tokens)
{
    ++losses.removed;
    const QByteArray reference = cssReference(tokens);
    if (!reference.isEmpty() && static_cast<std::size_t>(losses.references.size()) < SanitiserLimits::blocked)
        losses.references.append(reference);
}

Tokens trimmed(Tokens tokens)
{
    while (!tokens.empty() && tokens.front().type == Type::Whitespace)
        tokens = tokens.subspan(1);
    while (!tokens.empty() && tokens.back().type == Type::Whitespace)
        tokens = tokens.first(tokens.size() - 1);
    return tokens;
}

int depthChange(Type type)
{
    switch (type) {
    case Type::Function:
    case Type::OpenRound:
    case Type::OpenSquare:
    case Type::OpenCurly:
        return 1;
    case Type::CloseRound:
    case Type::CloseSquare:
    case Type::CloseCurly:
        return -1;
    default:
        return 0;
    }
}

/// Index of the first token of that type outside of brackets, or the size.
std::size_t findAtTop(Tokens tokens, std::size_t from, std::initializer_list<Type> wanted)
{
    int depth = 0;
    for (std::size_t at = from; at < tokens.size(); ++at) {
        if (depth <= 0 && std::find(wanted.begin(), wanted.end(), tokens[at].type) != wanted.end())
            return at;
        depth = std::max(0, depth + depthChange(tokens[at].type));
    }
    return tokens.size();
}

/// Index of the bracket that closes the one at open, or the size.
std::size_t closing(Tokens tokens, std::size_t open)
{
    int depth = 0;
    for (std::size_t at = open; at < tokens.size(); ++at) {
        depth += depthChange(tokens[at].type);
        if (depth <= 0)
            return at;
    }
    return tokens.size();
}

constexpr QByteArrayView importance(" !important");

/// Where declarations stand: dark mode has to win over an attribute, and is beside a rule.
enum class Place { Attribute, Rule };

void append(QByteArray &out, const QByteArray &property, const QByteArray &value)
{
    if (!out.isEmpty())
        out += ';';
    out += property + ':' + value;
}

/// A rule's colours are repeated even where they stay, so that rules win over each other as they did. value loses its
/// importance where it would win over what is added.
void addDark(QByteArray &dark, const QByteArray &property, QByteArray &value, Place place)
{
    const bool important = value.endsWith(importance);
    const QByteArray plain = important ? value.chopped(importance.size()) : value;
    const QByteArray adapted = darkCssValue(property, plain);
    if (adapted.isEmpty())
        return;
    if (place == Place::Attribute)
        value = plain;
    if (place == Place::Rule)
        append(dark, property, important ? QByteArray(adapted + importance) : adapted);
    else if (adapted != plain)
        append(dark, property, adapted + importance);
}

QByteArray declarations(Tokens tokens, CssLosses &losses, Place place, QByteArray *dark)
{
    QByteArray out;
    std::size_t from = 0;
    while (from < tokens.size()) {
        const std::size_t to = findAtTop(tokens, from, {Type::Semicolon});
        const Tokens one = trimmed(tokens.subspan(from, to - from));
        from = to + 1;
        if (one.empty())
            continue;
        std::size_t colon = 1;
        while (colon < one.size() && one[colon].type == Type::Whitespace)
            ++colon;
        if (one.front().type != Type::Ident || colon >= one.size() || one[colon].type != Type::Colon) {
            note(losses, one);
            continue;
        }
        const QByteArray property = one.front().text.toLower();
        const Tokens value = one.subspan(colon + 1);
        QByteArray filtered = filterCssValue(property, value);
        // A shorthand that kept its colour may have lost an image.
        if (filtered.isEmpty() || !cssReference(value).isEmpty())
            note(losses, value);
        if (filtered.isEmpty())
            continue;
        if (dark != nullptr)
            addDark(*dark, property, filtered, place);
        append(out, property, filtered);
    }
    return out;
}

/// One media query: "screen and (max-width:600px)".
QByteArray mediaQuery(Tokens tokens)
{
    constexpr std::string_view words = " all screen print only not and ";
    constexpr std::string_view features
        = " width min-width max-width height min-height max-height device-width min-device-width max-device-width "
          "device-height min-device-height max-device-height orientation ";
    const auto isOneOf = [](std::string_view list, const QByteArray &word) {
        const QByteArray padded = ' ' + word.toLower() + ' ';
        return list.find(std::string_view(padded.constData(), static_cast<std::size_t>(padded.size())))
            != std::string_view::npos;
    };
    QByteArray out;
    std::size_t at = 0;
    while (at < tokens.size()) {
        const CssToken &token = tokens[at];
        if (token.type == Type::Whitespace) {
            ++at;
            continue;
        }
        if (!out.isEmpty())
            out += ' ';
        if (token.type == Type::Ident && isOneOf(words, token.text)) {
            out += token.text.toLower();
            ++at;
            continue;
        }
        const std::size_t end = closing(tokens, at);
        if (token.type != Type::OpenRound || end >= tokens.size())
            return {};
        const Tokens inner = trimmed(tokens.subspan(at + 1, end - at - 1));
        at = end + 1;
        const std::size_t colon = findAtTop(inner, 0, {Type::Colon});
        if (inner.empty() || inner.front().type != Type::Ident || !isOneOf(features, inner.front().text)
            || colon >= inner.size())
            return {};
        const QByteArray feature = inner.front().text.toLower();
        const Tokens value = trimmed(inner.subspan(colon + 1));
        QByteArray written;
        if (feature != "orientation")
            written = filterCssValue(QByteArrayLiteral("padding-top"), value); // any length
        else if (value.size() == 1 && value.front().type == Type::Ident
                 && isOneOf(" portrait landscape ", value.front().text))
            written = value.front().text.toLower();
        if (written.isEmpty())
            return {};
        out += '(' + feature + ':' + written + ')';
    }
    return out;
}

QByteArray mediaCondition(Tokens tokens)
{
    QByteArray out;
    std::size_t from = 0;
    while (from < tokens.size()) {
        const std::size_t to = findAtTop(tokens, from, {Type::Comma});
        const QByteArray one = mediaQuery(tokens.subspan(from, to - from));
        if (!one.isEmpty())
            out += (out.isEmpty() ? QByteArray() : QByteArrayLiteral(",")) + one;
        from = to + 1;
    }
    return out;
}

class SheetFilter
{
public:
    SheetFilter(const QByteArray &scope, CssLosses &losses) : m_scope(scope), m_losses(losses) { }

    FilteredSheet rules(Tokens tokens, bool nested = false)
    {
        FilteredSheet out;
        std::size_t at = 0;
        while (at < tokens.size()) {
            const Type type = tokens[at].type;
            // The marks of an HTML comment around a sheet, and stray ends, mean nothing here (section 5.4.1).
            if (type == Type::Whitespace || type == Type::Cdo || type == Type::Cdc) {
                ++at;
                continue;
            }
            const bool atRule = type == Type::AtKeyword;
            const std::size_t open = atRule ? findAtTop(tokens, at, {Type::OpenCurly, Type::Semicolon})
                                            : findAtTop(tokens, at, {Type::OpenCurly});
            if (open >= tokens.size() || tokens[open].type == Type::Semicolon) {
                noteStatement(tokens.subspan(at, open - at));
                at = open + 1;
                continue;
            }
            const std::size_t close = closing(tokens, open);
            const Tokens prelude = tokens.subspan(at, open - at);
            const Tokens block = tokens.subspan(open + 1, close - open - 1);
            const FilteredSheet rule = atRule ? mediaRule(prelude, block, nested) : styleRule(prelude, block);
            out.light += rule.light;
            out.dark += rule.dark;
            at = close + 1;
        }
        return out;
    }

private:
    /// @import "x" names its address as a string, too.
    void noteStatement(Tokens statement)
    {
        note(m_losses, statement);
        if (!statement.front().is(Type::AtKeyword, "import"))
            return;
        const auto string = std::find_if(statement.begin(), statement.end(),
                                         [](const CssToken &token) { return token.type == Type::String; });
        if (string != statement.end() && cssReference(statement).isEmpty()
            && static_cast<std::size_t>(m_losses.references.size()) < SanitiserLimits::blocked)
            m_losses.references.append(string->text);
    }

    FilteredSheet mediaRule(Tokens prelude, Tokens block, bool nested)
    {
        const QByteArray condition = prelude.front().is(Type::AtKeyword, "media") && !nested
            ? mediaCondition(prelude.subspan(1))
            : QByteArray();
        if (condition.isEmpty()) {
            note(m_losses, block);
            return {};
        }
        const FilteredSheet inner = rules(block, true);
        const auto within = [&condition](const QByteArray &some) {
            return some.isEmpty() ? some : QByteArray("@media " + condition + '{' + some + '}');
        };
        return {within(inner.light), within(inner.dark)};
    }

    FilteredSheet styleRule(Tokens prelude, Tokens block)
    {
        const QByteArray selectors = filterSelectors(prelude, m_scope, m_losses.removed);
        if (selectors.isEmpty()) {
            note(m_losses, block);
            return {};
        }
        QByteArray dark;
        const QByteArray inner = declarations(block, m_losses, Place::Rule, &dark);
        FilteredSheet out;
        if (!inner.isEmpty())
            out.light = selectors + '{' + inner + '}';
        if (!dark.isEmpty()) {
            // No selector that is written holds a comma of its own.
            QByteArray below = ".kw-dark " + selectors;
            below.replace(",", ",.kw-dark ");
            out.dark = below + '{' + dark + '}';
        }
        return out;
    }

    const QByteArray &m_scope;
    CssLosses &m_losses;
};

/// The last wall: whatever the code above has missed, nothing can end the element or attribute that it is put into.
bool isInert(const QByteArray &css)
{
    return std::none_of(css.begin(), css.end(), [](char c) { return c == '<' || c == '&' || c == '\\' || c == '"'; });
}

} // namespace

QByteArray filterDeclarations(QByteArrayView css, CssLosses &losses, QByteArray *dark)
{
    const CssTokens tokens = tokeniseCss(css.first(std::min(css.size(), maxAttributeBytes)));
    QByteArray out = declarations(tokens, losses, Place::Attribute, dark);
    if (isInert(out) && !out.contains('>'))
        return out;
    if (dark != nullptr)
        dark->clear();
    return {};
}

FilteredSheet filterStyleSheet(QByteArrayView css, const QByteArray &scope, CssLosses &losses)
{
    const CssTokens tokens = tokeniseCss(css.first(std::min(css.size(), SanitiserLimits::styleBytes)));
    FilteredSheet out = SheetFilter(scope, losses).rules(tokens);
    return isInert(out.light) && isInert(out.dark) ? out : FilteredSheet();
}

QByteArray filterMediaCondition(QByteArrayView css)
{
    const QByteArray out = mediaCondition(tokeniseCss(css.first(std::min<qsizetype>(css.size(), 1024))));
    return isInert(out) ? out : QByteArray();
}

QByteArray filterName(const QByteArray &name)
{
    const bool prefixed = name.startsWith(namePrefix);
    const bool plain = !name.isEmpty() && name.size() <= 200 + (prefixed ? namePrefix.size() : 0)
        && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
                   || c == '_';
           });
    if (!plain)
        return {};
    return prefixed ? name : QByteArray(namePrefix + name);
}

} // namespace kittiwake::mime
