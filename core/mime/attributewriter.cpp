// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/attributewriter.h"

#include "core/mime/htmlescape.h"
#include "core/mime/htmlpolicy.h"
#include "core/mime/urlpolicy.h"

#include <algorithm>
#include <span>

namespace kittiwake::mime
{

namespace
{

/// What is kept of an address that was blocked: it is counted and shown, not opened.
constexpr qsizetype blockedBytes = 2048;
constexpr qsizetype maxTextBytes = 4096;
constexpr qsizetype maxClasses = 50;

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWord(const QByteArray &value, qsizetype longest)
{
    return value.size() <= longest && std::all_of(value.begin(), value.end(), [](char c) {
               return isLetter(c) || isDigit(c) || c == '-' || c == '_';
           });
}

/// "12", "12.5", "50%", "12px" (HTML Standard, rules for parsing dimension values).
bool isLength(const QByteArray &value)
{
    qsizetype at = 0;
    while (at < value.size() && isDigit(value[at]))
        ++at;
    if (at == 0 || at > 5)
        return false;
    if (at < value.size() && value[at] == '.') {
        const qsizetype point = at++;
        while (at < value.size() && isDigit(value[at]))
            ++at;
        if (at - point > 4)
            return false;
    }
    const QByteArrayView unit = QByteArrayView(value).sliced(at);
    return unit.isEmpty() || unit == "%" || unit.compare("px", Qt::CaseInsensitive) == 0;
}

/// Three digits: a cell that spans 65,534 rows only costs layout time.
bool isNumber(const QByteArray &value)
{
    const qsizetype from = value.startsWith('+') || value.startsWith('-') ? 1 : 0;
    return value.size() > from && value.size() - from <= 3 && std::all_of(value.begin() + from, value.end(), isDigit);
}

bool isColour(const QByteArray &value)
{
    const qsizetype from = value.startsWith('#') ? 1 : 0;
    return value.size() > from && value.size() <= 32
        && std::all_of(value.begin() + from, value.end(), [](char c) { return isLetter(c) || isDigit(c); });
}

bool isFontList(const QByteArray &value)
{
    return value.size() <= 200 && std::all_of(value.begin(), value.end(), [](char c) {
               return isLetter(c) || isDigit(c) || (c & 0x80) != 0 || QByteArrayView(" ,-_.'\"").contains(c);
           });
}

QByteArray filterClasses(const QByteArray &value)
{
    QByteArray out;
    const QByteArrayList names = value.simplified().split(' ');
    for (qsizetype index = 0; index < std::min(names.size(), maxClasses); ++index) {
        const QByteArray name = filterName(names[index]);
        if (name.isNull())
            continue;
        if (!out.isEmpty())
            out += ' ';
        out += name;
    }
    return out;
}

/// A colour of an attribute as CSS knows it: old mail leaves out the '#'.
QByteArray cssColour(const QByteArray &value)
{
    const bool hex = (value.size() == 3 || value.size() == 6) && std::all_of(value.begin(), value.end(), [](char c) {
                         return isDigit(c) || (isLetter(c) && (c | 0x20) <= 'f');
                     });
    return hex ? '#' + value : value;
}

std::span<GumboAttribute *const> attributesOf(const GumboElement &element)
{
    return {reinterpret_cast<GumboAttribute *const *>(element.attributes.data), element.attributes.length};
}

void append(QByteArray &out, std::string_view name, const QByteArray &value)
{
    out += ' ';
    out.append(name.data(), static_cast<qsizetype>(name.size()));
    out += "=\"";
    appendEscaped(out, value);
    out += '"';
}

} // namespace

bool AttributeWriter::spend(qsizetype bytes)
{
    m_spent += bytes;
    if (m_spent <= SanitiserLimits::attributeBytes)
        return true;
    m_result.truncated = true;
    return false;
}

void AttributeWriter::block(const QByteArray &url)
{
    if (m_result.blocked.size() >= SanitiserLimits::blocked)
        return;
    const QByteArray kept = url.first(std::min(url.size(), blockedBytes));
    if (m_blocked.contains(kept))
        return;
    m_blocked.insert(kept);
    m_result.blocked.push_back(QString::fromUtf8(kept));
}

void AttributeWriter::noteLosses(const CssLosses &losses)
{
    m_result.removed += losses.removed;
    for (const QByteArray &reference : losses.references) {
        const QByteArray url = normalisedUrl(reference);
        if (isRemoteUrl(url))
            block(url);
    }
}

QByteArray AttributeWriter::filteredStyle(const QByteArray &value)
{
    CssLosses losses;
    QByteArray style = filterDeclarations(value, losses);
    noteLosses(losses);
    return style;
}

QByteArray AttributeWriter::imageSource(const QByteArray &value)
{
    const QByteArray url = normalisedUrl(value);
    const QByteArray contentId = contentIdOfUrl(url);
    if (!contentId.isNull()) {
        if (!m_contentIds.contains(contentId)) {
            if (m_contentIds.size() >= SanitiserLimits::contentIds)
                return {};
            m_contentIds.insert(contentId);
            m_result.contentIds.append(contentId);
        }
        return contentIdUrl(contentId);
    }
    if (isRemoteUrl(url)) {
        block(url);
        return {};
    }
    return filterDataImage(url);
}

QByteArray AttributeWriter::filtered(GumboTag tag, std::string_view name, const QByteArray &value)
{
    const QByteArray trimmed = value.trimmed();
    const auto ifValid
        = [&](bool valid) { return valid ? (trimmed.isNull() ? QByteArrayLiteral("") : trimmed) : QByteArray(); };
    switch (attributeKind(tag, name)) {
    case AttributeKind::None:
        return {};
    case AttributeKind::Length:
        return ifValid(isLength(trimmed));
    case AttributeKind::Number:
        return ifValid(isNumber(trimmed));
    case AttributeKind::Colour:
        return ifValid(isColour(trimmed));
    case AttributeKind::Word:
        return ifValid(isWord(trimmed, 20));
    case AttributeKind::Language:
        return ifValid(isWord(trimmed, 35));
    case AttributeKind::Fonts:
        return ifValid(isFontList(trimmed));
    case AttributeKind::Text:
        return ifValid(trimmed.size() <= maxTextBytes);
    case AttributeKind::Class:
        return filterClasses(value);
    case AttributeKind::Id:
        return filterName(trimmed);
    case AttributeKind::Style:
        return filteredStyle(value);
    case AttributeKind::Link:
        return filterLink(normalisedUrl(value));
    }
    return {};
}

void AttributeWriter::write(QByteArray &out, const GumboElement &element)
{
    for (const GumboAttribute *attribute : attributesOf(element)) {
        const std::string_view name = attribute->name;
        const QByteArray value(attribute->value);
        if (attribute->attr_namespace != GUMBO_ATTR_NAMESPACE_NONE || !spend(value.size())) {
            ++m_result.removed;
            continue;
        }
        const bool source = element.tag == GUMBO_TAG_IMG && name == "src";
        const QByteArray written = source ? imageSource(value) : filtered(element.tag, name, value);
        if (written.isNull() || (written.isEmpty() && !value.isEmpty() && name != "alt")) {
            ++m_result.removed;
            if (!source && isFetchingAttribute(element.tag, name) && isRemoteUrl(normalisedUrl(value)))
                block(normalisedUrl(value));
            continue;
        }
        append(out, name, written);
    }
}

QByteArray AttributeWriter::bodyAttributes(const GumboElement &body, const QByteArray &scope)
{
    QByteArray classes = "kw-part " + scope;
    QByteArray style;
    QByteArray out;
    const auto addStyle = [&](const QByteArray &declarations) {
        if (!declarations.isEmpty())
            style += (style.isEmpty() ? QByteArray() : QByteArrayLiteral(";")) + declarations;
    };
    for (const GumboAttribute *attribute : attributesOf(body)) {
        const std::string_view name = attribute->name;
        const QByteArray value = QByteArray(attribute->value).trimmed();
        if (!spend(value.size()))
            break;
        if (name == "style") {
            addStyle(filteredStyle(value));
        } else if (name == "class") {
            const QByteArray names = filterClasses(value);
            if (!names.isEmpty())
                classes += ' ' + names;
        } else if ((name == "bgcolor" || name == "text") && isColour(value)) {
            addStyle((name == "text" ? "color:" : "background-color:") + cssColour(value));
        } else if ((name == "dir" && isWord(value, 4)) || (name == "lang" && isWord(value, 35))) {
            append(out, name, value);
        } else {
            ++m_result.removed;
            if (isFetchingAttribute(body.tag, name) && isRemoteUrl(normalisedUrl(value)))
                block(normalisedUrl(value));
        }
    }
    QByteArray all;
    append(all, "class", classes);
    if (!style.isEmpty())
        append(all, "style", style);
    return all + out;
}

void AttributeWriter::noteDropped(const GumboElement &element)
{
    ++m_result.removed;
    for (const GumboAttribute *attribute : attributesOf(element)) {
        const QByteArray value(attribute->value);
        if (!spend(value.size()))
            return;
        const QByteArray url = normalisedUrl(value);
        if (isFetchingAttribute(element.tag, attribute->name) && isRemoteUrl(url))
            block(url);
    }
}

} // namespace kittiwake::mime
