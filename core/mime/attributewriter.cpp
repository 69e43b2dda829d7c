// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/attributewriter.h"

#include "core/mime/attributevalues.h"
#include "core/mime/csscolour.h"
#include "core/mime/csstokens.h"
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

std::span<GumboAttribute *const> attributesOf(const GumboElement &element)
{
    return {reinterpret_cast<GumboAttribute *const *>(element.attributes.data), element.attributes.length};
}

/// What this sanitiser itself writes and a mail has no use for.
bool isOwnMark(std::string_view name)
{
    return name == "data-kw" || name == "data-kw-remote";
}

void addStyleForDark(QByteArray &style, const QByteArray &property, const CssColour &colour)
{
    if (!style.isEmpty())
        style += ';';
    style += property + ':' + darkColour(colour, property == "color" ? ColourRole::Ink : ColourRole::Ground)
        + " !important";
}

/// One or two pixels, or none.
bool isSpeck(const QByteArray &length)
{
    bool ok = false;
    QByteArray digits = length.trimmed().toLower();
    if (digits.endsWith("px"))
        digits.chop(2);
    const double pixels = digits.toDouble(&ok);
    return ok && pixels <= 2;
}

/// A picture that people are not meant to see: the size of a dot, or hidden by its style.
bool cannotBeSeen(const GumboElement &element)
{
    bool speckWide = false;
    bool speckHigh = false;
    for (const GumboAttribute *attribute : attributesOf(element)) {
        const std::string_view name = attribute->name;
        const QByteArray value(attribute->value);
        if (name == "hidden")
            return true;
        if (name == "width")
            speckWide = isSpeck(value);
        else if (name == "height")
            speckHigh = isSpeck(value);
        if (name != "style" || value.size() > 4096)
            continue;
        for (const QByteArray &declaration : value.split(';')) {
            const qsizetype colon = declaration.indexOf(':');
            if (colon < 0)
                continue;
            const QByteArray property = declaration.first(colon).trimmed().toLower();
            const QByteArray setting = declaration.sliced(colon + 1).trimmed().toLower();
            if ((property == "display" && setting.startsWith("none"))
                || (property == "visibility" && setting.startsWith("hidden"))
                || (property == "opacity" && setting.toDouble() == 0 && setting.startsWith('0')))
                return true;
            if (property == "width" || property == "max-width")
                speckWide = speckWide || isSpeck(setting);
            else if (property == "height" || property == "max-height")
                speckHigh = speckHigh || isSpeck(setting);
        }
    }
    return speckWide && speckHigh;
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

QByteArray AttributeWriter::filteredStyle(const QByteArray &value, DarkColours &colours)
{
    CssLosses losses;
    QByteArray style = filterDeclarations(value, losses, &colours.style);
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

QByteArray AttributeWriter::filtered(GumboTag tag, std::string_view name, const QByteArray &value, DarkColours &colours)
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
        return filteredStyle(value, colours);
    case AttributeKind::Link:
        return filterLink(normalisedUrl(value));
    }
    return {};
}

void AttributeWriter::write(QByteArray &out, const GumboElement &element)
{
    DarkColours colours;
    for (const GumboAttribute *attribute : attributesOf(element)) {
        const std::string_view name = attribute->name;
        const QByteArray value(attribute->value);
        if (attribute->attr_namespace != GUMBO_ATTR_NAMESPACE_NONE || !spend(value.size())) {
            ++m_result.removed;
            continue;
        }
        const bool source = element.tag == GUMBO_TAG_IMG && name == "src";
        if (isOwnMark(name)) // of a document that was through here before; it is written anew
            continue;
        if (source && isRemoteUrl(normalisedUrl(value)))
            noteRemoteImage(out, element, normalisedUrl(value));
        const QByteArray written = source ? imageSource(value) : filtered(element.tag, name, value, colours);
        if (written.isNull() || (written.isEmpty() && !value.isEmpty() && name != "alt")) {
            ++m_result.removed;
            if (!source && isFetchingAttribute(element.tag, name) && isRemoteUrl(normalisedUrl(value)))
                block(normalisedUrl(value));
            continue;
        }
        append(out, name, written);
        addHint(colours, name, written);
        if (element.tag == GUMBO_TAG_A && name == "href" && !written.startsWith('#'))
            m_linkTarget = written;
    }
    mark(out, colours);
}

void AttributeWriter::addHint(DarkColours &colours, std::string_view name, const QByteArray &value) const
{
    ColourRole role = ColourRole::Ground;
    QByteArrayView property;
    if (name == "bgcolor") {
        property = "background-color";
    } else if (name == "color" || name == "text") {
        role = ColourRole::Ink;
        property = "color";
    } else if (name == "bordercolor") {
        role = ColourRole::Line;
        property = "border-color";
    }
    if (property.isEmpty())
        return;
    if (const auto colour = parseAttributeColour(value))
        colours.hints += property.toByteArray() + ':' + darkColour(*colour, role) + ';';
}

void AttributeWriter::mark(QByteArray &out, const DarkColours &colours)
{
    if (m_purpose != SanitiserPurpose::Display || (colours.hints.isEmpty() && colours.style.isEmpty()))
        return;
    const QByteArray key = colours.hints + '|' + colours.style;
    auto known = m_darkNumbers.constFind(key);
    if (known == m_darkNumbers.constEnd()) {
        if (m_darkNumbers.size() >= SanitiserLimits::darkRules)
            return;
        known = m_darkNumbers.insert(key, m_darkNumbers.size() + 1);
        const QByteArray selector = ".kw-dark [data-kw=\"" + m_scope + '-' + QByteArray::number(*known) + "\"]{";
        for (const QByteArray &declarations : {colours.hints, colours.style}) {
            if (!declarations.isEmpty())
                m_darkRules += selector + declarations + '}';
        }
    }
    append(out, "data-kw", m_scope + '-' + QByteArray::number(*known));
}

void AttributeWriter::noteRemoteImage(QByteArray &out, const GumboElement &element, const QByteArray &url)
{
    const QByteArray lower = url.left(8).toLower();
    if (m_purpose != SanitiserPurpose::Display || url.size() > blockedBytes
        || (!lower.startsWith("http:") && !lower.startsWith("https:") && !lower.startsWith("//")))
        return;
    const bool tracks = cannotBeSeen(element) || isTrackingUrl(url);
    const QByteArray id = remoteImageId(url);
    const auto known = m_remoteImages.constFind(id);
    if (known == m_remoteImages.constEnd()) {
        if (m_result.remoteImages.size() >= SanitiserLimits::remoteImages)
            return;
        m_remoteImages.insert(id, m_result.remoteImages.size());
        const QString address = QString::fromUtf8(url);
        m_result.remoteImages.push_back(
            {id, lower.startsWith("//") ? QString(QLatin1StringView("https:") + address) : address, tracks});
    } else if (!tracks) {
        // Seen in one place, it is a picture.
        m_result.remoteImages[*known].looksLikeTracker = false;
    }
    out += remoteImageMark + id + '"';
}

QByteArray AttributeWriter::bodyAttributes(const GumboElement &body, const QByteArray &scope)
{
    QByteArray classes = "kw-part " + scope;
    QByteArray style;
    QByteArray out;
    DarkColours colours;
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
            addStyle(filteredStyle(value, colours));
        } else if (name == "class") {
            const QByteArray names = filterClasses(value);
            if (!names.isEmpty())
                classes += ' ' + names;
        } else if ((name == "bgcolor" || name == "text") && isColour(value)) {
            const QByteArray property = name == "text" ? "color" : "background-color";
            addStyle(property + ':' + cssColour(value));
            // Below, it is a style and not a hint.
            if (const auto colour = parseAttributeColour(value))
                addStyleForDark(colours.style, property, *colour);
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
    mark(all, colours);
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
