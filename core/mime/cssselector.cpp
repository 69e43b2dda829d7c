// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/cssselector.h"

#include "core/mime/cssfilter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace kittiwake::mime
{

namespace
{

using Type = CssToken::Type;
using Tokens = std::span<const CssToken>;

/// Compounds ("a.b:hover"); longer selectors are no style, and matching them costs the view time.
constexpr int maxCompounds = 30;
constexpr int maxSimples = 20; ///< within a compound

bool isTypeName(const QByteArray &name)
{
    return name.size() <= 20 && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           });
}

bool isPseudoClass(const QByteArray &name)
{
    constexpr std::array<std::string_view, 8> known{"link",        "visited",    "hover",      "active",
                                                    "first-child", "last-child", "only-child", "first-of-type"};
    const std::string_view wanted(name.constData(), static_cast<std::size_t>(name.size()));
    return std::find(known.begin(), known.end(), wanted) != known.end();
}

/// One selector without commas.
class SelectorFilter
{
public:
    SelectorFilter(Tokens tokens, const QByteArray &scope) : m_tokens(tokens), m_scope(scope) { }

    std::optional<QByteArray> run()
    {
        QByteArray out = '.' + m_scope;
        skipBlanks();
        if (m_at >= m_tokens.size())
            return std::nullopt;
        bool first = true;
        int compounds = 0;
        bool atRoot = true; ///< only compounds that mean the mail's html or body so far
        char combinator = ' ';
        while (m_at < m_tokens.size()) {
            m_root = false;
            const auto compound = readCompound(first);
            if (!compound)
                return std::nullopt;
            compounds += m_root ? 0 : 1;
            if (compounds > maxCompounds)
                return std::nullopt;
            if (m_root) {
                if (!atRoot || (combinator != ' ' && combinator != '>'))
                    return std::nullopt;
                out += *compound;
            } else {
                out += combinator + *compound;
                atRoot = false;
            }
            first = false;
            combinator = readCombinator();
        }
        return combinator == ' ' ? std::optional(out) : std::nullopt;
    }

private:
    void skipBlanks()
    {
        while (m_at < m_tokens.size() && m_tokens[m_at].type == Type::Whitespace)
            ++m_at;
    }

    char readCombinator()
    {
        skipBlanks();
        char combinator = ' ';
        if (m_at < m_tokens.size()) {
            const CssToken &token = m_tokens[m_at];
            if (token.isDelim('>') || token.isDelim('+') || token.isDelim('~')) {
                combinator = token.text.at(0);
                ++m_at;
                skipBlanks();
            }
        }
        return combinator;
    }

    std::optional<QByteArray> readCompound(bool first)
    {
        QByteArray out;
        const std::size_t from = m_at;
        if (m_tokens[m_at].type == Type::Ident) {
            const QByteArray name = m_tokens[m_at].text.toLower();
            if (!isTypeName(name))
                return std::nullopt;
            ++m_at;
            if (name == "html" || name == "body")
                m_root = true;
            else
                out += name;
        } else if (m_tokens[m_at].isDelim('*')) {
            ++m_at;
            out += '*';
        }
        for (int simples = 0; m_at < m_tokens.size(); ++simples) {
            const CssToken &token = m_tokens[m_at];
            std::optional<QByteArray> simple;
            if (simples > maxSimples)
                return std::nullopt;
            if (token.isDelim('.'))
                simple = readClass(first && m_at == from);
            else if (token.type == Type::Hash)
                simple = readId();
            else if (token.type == Type::Colon)
                simple = readPseudoClass();
            else if (token.type == Type::OpenSquare)
                simple = readAttribute();
            else
                break;
            if (!simple)
                return std::nullopt;
            if (simple->isEmpty())
                --simples; // the scope itself
            out += *simple;
        }
        if (m_at == from)
            return std::nullopt;
        return out;
    }

    /// The scope's own class in front is what this filter wrote: it is not written twice.
    std::optional<QByteArray> readClass(bool mayBeScope)
    {
        ++m_at;
        if (m_at >= m_tokens.size() || m_tokens[m_at].type != Type::Ident)
            return std::nullopt;
        const QByteArray &name = m_tokens[m_at++].text;
        if (mayBeScope && name == m_scope) {
            m_root = true;
            return QByteArrayLiteral("");
        }
        const QByteArray filtered = filterName(name);
        return filtered.isNull() ? std::nullopt : std::optional(QByteArray('.' + filtered));
    }

    std::optional<QByteArray> readId()
    {
        const QByteArray filtered = filterName(m_tokens[m_at++].text);
        return filtered.isNull() ? std::nullopt : std::optional(QByteArray('#' + filtered));
    }

    std::optional<QByteArray> readPseudoClass()
    {
        ++m_at;
        if (m_at >= m_tokens.size() || m_tokens[m_at].type != Type::Ident)
            return std::nullopt;
        const QByteArray name = m_tokens[m_at++].text.toLower();
        if (name == "root") {
            m_root = true;
            return QByteArrayLiteral("");
        }
        return isPseudoClass(name) ? std::optional(QByteArray(':' + name)) : std::nullopt;
    }

    /// [class="x"] and [class~="x"], which old newsletters use, mean the class; other attributes are not kept as they
    /// were, so that nothing can be said of them.
    std::optional<QByteArray> readAttribute()
    {
        ++m_at;
        skipBlanks();
        if (m_at >= m_tokens.size() || !m_tokens[m_at].is(Type::Ident, "class"))
            return std::nullopt;
        ++m_at;
        skipBlanks();
        if (m_at < m_tokens.size() && m_tokens[m_at].isDelim('~'))
            ++m_at;
        if (m_at >= m_tokens.size() || !m_tokens[m_at].isDelim('='))
            return std::nullopt;
        ++m_at;
        skipBlanks();
        if (m_at >= m_tokens.size() || (m_tokens[m_at].type != Type::Ident && m_tokens[m_at].type != Type::String))
            return std::nullopt;
        const QByteArray filtered = filterName(m_tokens[m_at++].text);
        skipBlanks();
        if (filtered.isNull() || m_at >= m_tokens.size() || m_tokens[m_at].type != Type::CloseSquare)
            return std::nullopt;
        ++m_at;
        return QByteArray('.' + filtered);
    }

    Tokens m_tokens;
    const QByteArray &m_scope;
    std::size_t m_at = 0;
    bool m_root = false;
};

} // namespace

QByteArray filterSelectors(std::span<const CssToken> tokens, const QByteArray &scope, std::uint64_t &removed)
{
    QByteArray out;
    std::size_t from = 0;
    while (from <= tokens.size()) {
        std::size_t to = from;
        while (to < tokens.size() && tokens[to].type != Type::Comma)
            ++to;
        const Tokens one = tokens.subspan(from, to - from);
        const auto filtered = SelectorFilter(one, scope).run();
        if (filtered) {
            if (!out.isEmpty())
                out += ',';
            out += *filtered;
        } else {
            ++removed;
        }
        from = to + 1;
    }
    return out;
}

} // namespace kittiwake::mime
