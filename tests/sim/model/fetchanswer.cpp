// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/model/fetchanswer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace kittiwake::sim::model
{

namespace
{

const std::string boundaryMark = "boundary=\"";

std::string orNil(const std::string &value)
{
    return value.empty() ? "NIL" : formatString(value);
}

std::string trimmed(const std::string &text)
{
    const std::size_t first = text.find_first_not_of(' ');
    const std::size_t last = text.find_last_not_of(' ');
    return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

/** An address list as ENVELOPE has it, of the forms "Name <local@host>", "\"Name\" <local@host>" and "local@host". */
std::string addresses(const std::string &field)
{
    std::string result;
    std::size_t at = 0;
    while (at < field.size()) {
        bool quoted = false;
        std::size_t end = at;
        for (; end < field.size() && (quoted || field[end] != ','); ++end) {
            if (field[end] == '"')
                quoted = !quoted;
        }
        std::string one = trimmed(field.substr(at, end - at));
        at = end + 1;
        if (one.empty())
            continue;
        std::string name;
        if (const std::size_t open = one.find('<'); open != std::string::npos) {
            name = trimmed(one.substr(0, open));
            if (name.size() >= 2 && name.front() == '"')
                name = name.substr(1, name.size() - 2);
            one = one.substr(open + 1, one.find('>') - open - 1);
        }
        const std::size_t sign = one.find('@');
        const std::string host = sign == std::string::npos ? std::string() : one.substr(sign + 1);
        result += '(' + orNil(name) + " NIL " + orNil(one.substr(0, sign)) + ' ' + orNil(host) + ')';
    }
    return result.empty() ? "NIL" : '(' + result + ')';
}

struct Part {
    std::string header; ///< with the empty line
    std::string body;
};

std::string boundaryOf(const Content &content)
{
    const std::string type = content.field("Content-Type");
    const std::size_t at = type.find(boundaryMark);
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + boundaryMark.size();
    return type.substr(begin, type.find('"', begin) - begin);
}

std::vector<Part> partsOf(const Content &content)
{
    std::vector<Part> parts;
    const std::string boundary = boundaryOf(content);
    if (boundary.empty())
        return {{content.header, content.body}};
    const std::string line = "--" + boundary + "\r\n";
    const std::string last = "\r\n--" + boundary;
    std::size_t at = content.body.find(line);
    while (at != std::string::npos) {
        const std::size_t begin = at + line.size();
        const std::size_t end = content.body.find(last, begin);
        if (end == std::string::npos)
            break;
        const std::string whole = content.body.substr(begin, end - begin);
        const std::size_t empty = whole.find("\r\n\r\n");
        parts.push_back({whole.substr(0, empty + 4), whole.substr(empty + 4)});
        at = content.body.compare(end + 2, line.size(), line) == 0 ? end + 2 : std::string::npos;
    }
    return parts;
}

std::string partStructure(const Part &part)
{
    const Content asContent{part.header, part.body, 0};
    const std::string type = asContent.field("Content-Type");
    const std::string encoding = asContent.field("Content-Transfer-Encoding");
    const std::string disposition = asContent.field("Content-Disposition");
    const std::string size = std::to_string(part.body.size());
    const auto lines = std::to_string(std::count(part.body.begin(), part.body.end(), '\n'));
    const std::string coded = formatString(encoding.empty() ? "7bit" : encoding);
    if (type.starts_with("application/")) {
        const std::string subtype = type.substr(12, type.find(';') - 12);
        std::string shown = "NIL";
        if (const std::size_t name = disposition.find("filename=\""); name != std::string::npos)
            shown = "(\"attachment\" (\"filename\" "
                + formatString(disposition.substr(name + 10, disposition.find('"', name + 10) - name - 10)) + "))";
        return "(\"application\" " + formatString(subtype) + " NIL NIL NIL " + coded + ' ' + size + " NIL " + shown
            + " NIL NIL)";
    }
    const std::string charset = type.find("utf-8") == std::string::npos ? "us-ascii" : "utf-8";
    return "(\"text\" \"plain\" (\"charset\" \"" + charset + "\") NIL NIL " + coded + ' ' + size + ' ' + lines
        + " NIL NIL NIL NIL)";
}

/** The bytes of BODY[section]; nothing where there is no such section. */
std::optional<std::string> sectionOf(const Content &content, const std::string &section)
{
    if (section.empty())
        return content.header + content.body;
    if (section == "HEADER")
        return content.header;
    if (section == "TEXT")
        return content.body;
    if (section.starts_with("HEADER.FIELDS (")) {
        std::string result;
        std::string names = section.substr(15, section.size() - 16);
        while (!names.empty()) {
            const std::size_t end = names.find(' ');
            result += content.lines(names.substr(0, end));
            names = end == std::string::npos ? std::string() : names.substr(end + 1);
        }
        return result + "\r\n";
    }
    const std::size_t number = section.find_first_not_of("0123456789");
    if (number == 0)
        return std::nullopt;
    const auto parts = partsOf(content);
    const std::size_t index = std::stoul(section.substr(0, number));
    if (index == 0 || index > parts.size())
        return std::nullopt;
    if (number == std::string::npos)
        return parts[index - 1].body;
    if (section.substr(number) == ".MIME")
        return parts[index - 1].header;
    return std::nullopt;
}

std::string bodyAnswer(const Content &content, const std::string &item)
{
    const std::size_t open = item.find('[');
    const std::size_t closing = item.rfind(']');
    const std::string section = item.substr(open + 1, closing - open - 1);
    std::string result = "BODY[" + section + ']';
    std::optional<std::string> bytes = sectionOf(content, section);
    if (closing + 1 < item.size() && bytes) {
        const std::string partial = item.substr(closing + 2, item.size() - closing - 3); // without < and >
        const std::size_t dot = partial.find('.');
        const std::size_t offset = std::stoul(partial.substr(0, dot));
        const std::size_t count = std::stoul(partial.substr(dot + 1));
        bytes = offset < bytes->size() ? bytes->substr(offset, count) : std::string();
        result += '<' + std::to_string(offset) + '>';
    }
    if (!bytes)
        return result + " NIL";
    return result + " {" + std::to_string(bytes->size()) + "}\r\n" + *bytes;
}

bool isKnown(const std::string &item)
{
    static const std::array known{"FLAGS",    "UID",  "INTERNALDATE",  "RFC822.SIZE",
                                  "ENVELOPE", "BODY", "BODYSTRUCTURE", "MODSEQ"};
    return std::find(known.begin(), known.end(), item) != known.end() || item.starts_with("BODY[")
        || item.starts_with("BODY.PEEK[");
}

} // namespace

bool FetchWishes::has(const std::string &item) const
{
    return std::find(items.begin(), items.end(), item) != items.end();
}

std::optional<FetchWishes> parseFetchItems(const Argument &argument)
{
    FetchWishes wishes;
    const std::vector<Argument> single{argument};
    for (const Argument &item : argument.isList() ? argument.items : single) {
        const std::string name = upperCase(item.text);
        if (item.kind != Argument::Kind::Atom || !isKnown(name))
            return std::nullopt;
        wishes.setsSeen = wishes.setsSeen || name.starts_with("BODY[");
        wishes.items.push_back(name);
    }
    if (wishes.items.empty())
        return std::nullopt;
    return wishes;
}

std::string formatFlags(const std::set<std::string> &flags)
{
    std::string result = "(";
    for (const std::string &flag : flags)
        result += (result.size() > 1 ? " " : "") + flag;
    return result + ')';
}

std::string formatInternalDate(std::int64_t secondsSince1970)
{
    static const std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto time = static_cast<std::time_t>(secondsSince1970);
    std::tm parts = {};
#ifdef _WIN32
    gmtime_s(&parts, &time);
#else
    gmtime_r(&time, &parts);
#endif
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "\"%02d-%s-%04d %02d:%02d:%02d +0000\"", parts.tm_mday,
                  months.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                  parts.tm_sec);
    return text.data();
}

std::optional<std::int64_t> parseInternalDate(const std::string &text)
{
    int day = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int zone = 0;
    std::array<char, 4> month{};
    // NOLINTNEXTLINE(cert-err34-c): all seven must be there
    if (std::sscanf(text.c_str(), "%d-%3s-%d %d:%d:%d %d", &day, month.data(), &year, &hour, &minute, &second, &zone)
        != 7)
        return std::nullopt;
    static const std::string names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const std::size_t place = names.find(month.data());
    if (place == std::string::npos || place % 3 != 0)
        return std::nullopt;
    const std::chrono::sys_days date = std::chrono::year(year)
        / std::chrono::month(static_cast<unsigned>(place / 3 + 1)) / std::chrono::day(static_cast<unsigned>(day));
    const std::int64_t offset = (zone / 100) * 3600 + (zone % 100) * 60;
    return std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch()).count() + hour * 3600 + minute * 60
        + second - offset;
}

std::string envelopeOf(const Content &content)
{
    const std::string from = addresses(content.field("From"));
    const auto orFrom = [&](const char *name) {
        const std::string value = content.field(name);
        return value.empty() ? from : addresses(value);
    };
    return '(' + orNil(content.field("Date")) + ' ' + orNil(content.field("Subject")) + ' ' + from + ' '
        + orFrom("Sender") + ' ' + orFrom("Reply-To") + ' ' + addresses(content.field("To")) + ' '
        + addresses(content.field("Cc")) + ' ' + addresses(content.field("Bcc")) + ' '
        + orNil(content.field("In-Reply-To")) + ' ' + orNil(content.field("Message-ID")) + ')';
}

std::string bodyStructureOf(const Content &content)
{
    const std::string boundary = boundaryOf(content);
    const auto parts = partsOf(content);
    if (boundary.empty())
        return partStructure(parts.front());
    std::string result = "(";
    for (const Part &part : parts)
        result += partStructure(part);
    return result + " \"mixed\" (\"boundary\" " + formatString(boundary) + ") NIL NIL NIL)";
}

std::string fetchAnswer(const Message &message, const FetchWishes &wishes)
{
    std::string result;
    for (const std::string &item : wishes.items) {
        if (!result.empty())
            result += ' ';
        if (item == "UID")
            result += "UID " + std::to_string(message.uid);
        else if (item == "FLAGS")
            result += "FLAGS " + formatFlags(message.flags);
        else if (item == "MODSEQ")
            result += "MODSEQ (" + std::to_string(message.modseq) + ')';
        else if (item == "INTERNALDATE")
            result += "INTERNALDATE " + formatInternalDate(message.content->internalDate);
        else if (item == "RFC822.SIZE")
            result += "RFC822.SIZE " + std::to_string(message.content->size());
        else if (item == "ENVELOPE")
            result += "ENVELOPE " + envelopeOf(*message.content);
        else if (item == "BODY" || item == "BODYSTRUCTURE")
            result += item + ' ' + bodyStructureOf(*message.content);
        else
            result += bodyAnswer(*message.content, item);
    }
    return result;
}

} // namespace kittiwake::sim::model
