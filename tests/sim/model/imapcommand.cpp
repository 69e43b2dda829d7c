// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/model/imapcommand.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace kittiwake::sim::model
{

namespace
{

constexpr int maxDepth = 20;

std::optional<std::uint64_t> parseNumber(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/** The size in "{n}", "{n+}" or "~{n}" at the end of a line. */
struct LiteralMark {
    std::uint64_t size = 0;
    bool waits = false;
};

std::optional<LiteralMark> literalAtEnd(std::string_view line)
{
    if (line.empty() || line.back() != '}')
        return std::nullopt;
    const std::size_t open = line.rfind('{');
    if (open == std::string_view::npos)
        return std::nullopt;
    std::string_view inner = line.substr(open + 1, line.size() - open - 2);
    LiteralMark mark;
    mark.waits = inner.empty() || inner.back() != '+';
    if (!mark.waits)
        inner.remove_suffix(1);
    const auto size = parseNumber(inner);
    if (!size || *size > 1'000'000)
        return std::nullopt;
    mark.size = *size;
    return mark;
}

class Parser
{
public:
    explicit Parser(std::string_view text) : m_text(text) { }

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] bool isSound() const { return m_sound; }

    std::string word()
    {
        const std::size_t begin = m_at;
        while (!atEnd() && m_text[m_at] != ' ')
            ++m_at;
        return std::string(m_text.substr(begin, m_at - begin));
    }
    bool space()
    {
        if (atEnd() || m_text[m_at] != ' ')
            return false;
        ++m_at;
        return true;
    }
    std::vector<Argument> arguments(bool inList, int depth)
    {
        std::vector<Argument> result;
        while (m_sound) {
            if (atEnd()) {
                m_sound = m_sound && !inList;
                break;
            }
            if (inList && m_text[m_at] == ')') {
                ++m_at;
                break;
            }
            if (!result.empty() && !space()) {
                m_sound = false;
                break;
            }
            result.push_back(argument(depth));
        }
        return result;
    }

private:
    Argument argument(int depth)
    {
        Argument result;
        if (atEnd() || depth > maxDepth) {
            m_sound = false;
            return result;
        }
        const char first = m_text[m_at];
        if (first == '(') {
            ++m_at;
            result.kind = Argument::Kind::List;
            result.items = arguments(true, depth + 1);
        } else if (first == '"') {
            result.kind = Argument::Kind::String;
            quoted(result.text);
        } else if (first == '{' || (first == '~' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '{')) {
            result.kind = Argument::Kind::String;
            literal(result.text);
        } else {
            atom(result.text);
        }
        return result;
    }
    void quoted(std::string &text)
    {
        for (++m_at; !atEnd() && m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\')
                ++m_at;
            if (!atEnd())
                text += m_text[m_at];
        }
        m_sound = m_sound && !atEnd();
        ++m_at;
    }
    void literal(std::string &text)
    {
        const std::size_t lineEnd = m_text.find("\r\n", m_at);
        const auto mark
            = lineEnd == std::string_view::npos ? std::nullopt : literalAtEnd(m_text.substr(m_at, lineEnd - m_at));
        if (!mark || lineEnd + 2 + mark->size > m_text.size()) {
            m_sound = false;
            return;
        }
        text = m_text.substr(lineEnd + 2, mark->size);
        m_at = lineEnd + 2 + mark->size;
    }
    void atom(std::string &text)
    {
        int brackets = 0;
        for (; !atEnd(); ++m_at) {
            const char c = m_text[m_at];
            if (brackets == 0 && (c == ' ' || c == ')' || c == '('))
                break;
            if (c == '[')
                ++brackets;
            else if (c == ']' && brackets > 0)
                --brackets;
            text += c;
        }
        m_sound = m_sound && !text.empty() && brackets == 0;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_sound = true;
};

} // namespace

std::string upperCase(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
    return result;
}

bool Argument::is(std::string_view atom) const
{
    return kind == Kind::Atom && upperCase(text) == upperCase(atom);
}

std::optional<std::uint64_t> Argument::number() const
{
    return kind == Kind::Atom ? parseNumber(text) : std::nullopt;
}

std::optional<ImapCommand> parseCommand(std::string_view line, std::string *tag)
{
    Parser parser(line);
    ImapCommand command;
    command.tag = parser.word();
    *tag = command.tag;
    if (command.tag.empty() || !parser.space())
        return std::nullopt;
    command.name = upperCase(parser.word());
    if (command.name == "UID" && parser.space())
        command.name += ' ' + upperCase(parser.word());
    if (!parser.atEnd()) {
        if (!parser.space())
            return std::nullopt;
        command.arguments = parser.arguments(false, 0);
    }
    if (!parser.isSound())
        return std::nullopt;
    return command;
}

std::optional<std::vector<std::pair<std::uint32_t, std::uint32_t>>> parseSet(std::string_view text,
                                                                             std::uint32_t largest)
{
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
    const auto end = [largest](std::string_view number) -> std::optional<std::uint32_t> {
        if (number == "*")
            return largest;
        const auto value = parseNumber(number);
        if (!value || *value == 0 || *value > UINT32_MAX)
            return std::nullopt;
        return static_cast<std::uint32_t>(*value);
    };
    while (true) {
        const std::size_t comma = text.find(',');
        const std::string_view range = text.substr(0, comma);
        const std::size_t colon = range.find(':');
        const auto first = end(range.substr(0, colon));
        const auto last = colon == std::string_view::npos ? first : end(range.substr(colon + 1));
        if (!first || !last)
            return std::nullopt;
        ranges.emplace_back(std::min(*first, *last), std::max(*first, *last));
        if (comma == std::string_view::npos)
            break;
        text.remove_prefix(comma + 1);
    }
    std::sort(ranges.begin(), ranges.end());
    return ranges;
}

std::string formatSet(const std::vector<std::uint32_t> &rising)
{
    std::string text;
    for (std::size_t i = 0; i < rising.size();) {
        std::size_t last = i;
        while (last + 1 < rising.size() && rising[last + 1] == rising[last] + 1)
            ++last;
        if (!text.empty())
            text += ',';
        text += std::to_string(rising[i]);
        if (last > i)
            text += ':' + std::to_string(rising[last]);
        i = last + 1;
    }
    return text;
}

std::string formatString(std::string_view text)
{
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte < 0x7f;
    });
    if (!plain || text.size() > 200)
        return '{' + std::to_string(text.size()) + "}\r\n" + std::string(text);
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

CommandReader::Next CommandReader::next()
{
    while (true) {
        const std::size_t end = m_buffer.find("\r\n", m_scanned);
        if (end == std::string::npos)
            return {};
        const auto mark = literalAtEnd(std::string_view(m_buffer).substr(0, end));
        if (!mark) {
            Next result{Next::Kind::Command, m_buffer.substr(0, end)};
            m_buffer.erase(0, end + 2);
            m_scanned = 0;
            return result;
        }
        if (mark->waits && !std::exchange(m_asked, true))
            return {Next::Kind::WantsLiteral, {}};
        if (m_buffer.size() < end + 2 + mark->size)
            return {};
        m_asked = false;
        m_scanned = end + 2 + static_cast<std::size_t>(mark->size);
    }
}

} // namespace kittiwake::sim::model
