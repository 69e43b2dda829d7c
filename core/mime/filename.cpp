// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/filename.h"

#include "core/mime/content.h"
#include "core/mime/contenttype.h"
#include "core/mime/headers.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

/// An extension that is worth keeping when a name is shortened.
constexpr qsizetype longestExtension = 16;

/// Names of devices on Windows, whatever their extension.
bool isDeviceName(const QString &name)
{
    const QString stem = name.section(u'.', 0, 0).trimmed().toUpper();
    constexpr std::array<QStringView, 6> devices{u"CON", u"PRN", u"AUX", u"NUL", u"CONIN$", u"CONOUT$"};
    if (std::find(devices.begin(), devices.end(), stem) != devices.end())
        return true;
    return stem.size() == 4 && (stem.startsWith(u"COM") || stem.startsWith(u"LPT"))
        && (stem.back().isDigit() || QStringView(u"\u00B9\u00B2\u00B3").contains(stem.back()));
}

qsizetype utf8Size(QChar c)
{
    if (c.unicode() < 0x80)
        return 1;
    // A surrogate is half of a character of four bytes.
    return c.unicode() < 0x800 || c.isSurrogate() ? 2 : 3;
}

QString shortened(const QString &name)
{
    qsizetype bytes = 0;
    for (const QChar c : name)
        bytes += utf8Size(c);
    if (bytes <= ContentLimits::fileNameBytes)
        return name;
    const qsizetype dot = name.lastIndexOf(u'.');
    const bool keep = dot > 0 && name.size() - dot <= longestExtension;
    const QString extension = keep ? name.sliced(dot) : QString();
    qsizetype room = ContentLimits::fileNameBytes;
    for (const QChar c : extension)
        room -= utf8Size(c);
    qsizetype length = 0;
    while (length < name.size() && (room -= utf8Size(name[length])) >= 0)
        ++length;
    if (length > 0 && name[length - 1].isHighSurrogate())
        --length;
    return QString(name.first(length).trimmed() + extension);
}

struct TypeName {
    const char *type;
    const char *extension;
};

constexpr std::array typeNames{
    TypeName{"application/gzip", "gz"},
    TypeName{"application/json", "json"},
    TypeName{"application/msword", "doc"},
    TypeName{"application/pdf", "pdf"},
    TypeName{"application/pgp-encrypted", "asc"},
    TypeName{"application/pgp-keys", "asc"},
    TypeName{"application/pgp-signature", "asc"},
    TypeName{"application/pkcs7-mime", "p7m"},
    TypeName{"application/pkcs7-signature", "p7s"},
    TypeName{"application/vnd.ms-excel", "xls"},
    TypeName{"application/vnd.oasis.opendocument.text", "odt"},
    TypeName{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    TypeName{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    TypeName{"application/zip", "zip"},
    TypeName{"audio/mpeg", "mp3"},
    TypeName{"image/gif", "gif"},
    TypeName{"image/jpeg", "jpg"},
    TypeName{"image/png", "png"},
    TypeName{"image/svg+xml", "svg"},
    TypeName{"image/tiff", "tif"},
    TypeName{"image/webp", "webp"},
    TypeName{"message/global", "eml"},
    TypeName{"message/rfc822", "eml"},
    TypeName{"text/calendar", "ics"},
    TypeName{"text/csv", "csv"},
    TypeName{"text/html", "html"},
    TypeName{"text/plain", "txt"},
    TypeName{"text/vcard", "vcf"},
    TypeName{"text/x-vcard", "vcf"},
    TypeName{"video/mp4", "mp4"},
};

QString extensionOf(const mail::BodyPart &part)
{
    const QByteArray type = QByteArray(part.type + '/' + part.subtype).toLower();
    const auto *known
        = std::find_if(typeNames.begin(), typeNames.end(), [&](const TypeName &entry) { return type == entry.type; });
    return known == typeNames.end() ? QString() : QString(u'.' + QLatin1String(known->extension));
}

/** Without dots and blanks at both ends. */
QString withoutEdges(const QString &name)
{
    const auto isEdge = [](QChar c) { return c == u'.' || c.isSpace(); };
    qsizetype from = 0;
    while (from < name.size() && isEdge(name[from]))
        ++from;
    qsizetype to = name.size();
    while (to > from && isEdge(name[to - 1]))
        --to;
    return name.sliced(from, to - from);
}

} // namespace

QString safeFileName(const QString &name)
{
    QString safe = displayLine(name);
    safe = safe.sliced(std::max(safe.lastIndexOf(u'/'), safe.lastIndexOf(u'\\')) + 1);
    for (QChar &c : safe) {
        if (QStringView(u"<>:\"|?*").contains(c))
            c = u'_';
    }
    // Hidden files in front, and what Windows drops in silence at the end; what is cut off may bring that to the end
    // again.
    safe = withoutEdges(shortened(withoutEdges(safe)));
    if (isDeviceName(safe))
        safe.prepend(u'_');
    return safe;
}

bool hidesItsKind(const QString &name)
{
    constexpr int manyBlanks = 5;
    int blanks = 0;
    for (const QChar c : name) {
        const char16_t code = c.unicode();
        const bool turns = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
        if (turns || code < 0x20 || code == 0x7F)
            return true;
        blanks = c.isSpace() || code == 0x3164 || code == 0x2800 ? blanks + 1 : 0;
        if (blanks >= manyBlanks)
            return true;
    }
    return false;
}

bool hidesItsKind(const mail::BodyPart &part)
{
    return hidesItsKind(decodedParameter(part.dispositionParameters, "filename"))
        || hidesItsKind(decodedParameter(part.parameters, "name"));
}

QString attachmentName(const mail::BodyPart &part)
{
    QString name = safeFileName(decodedParameter(part.dispositionParameters, "filename"));
    if (name.isEmpty())
        name = safeFileName(decodedParameter(part.parameters, "name"));
    if (!name.isEmpty())
        return name;
    if (!part.isMessage())
        return QString(QCoreApplication::translate("core", "attachment") + extensionOf(part));
    // A subject is a sentence, not a path: its slashes separate nothing.
    QString subject = part.envelope ? decodeHeaderText(part.envelope->subject) : QString();
    subject = safeFileName(subject.replace(u'/', u'_').replace(u'\\', u'_').left(80));
    return QString((subject.isEmpty() ? QCoreApplication::translate("core", "message") : subject) + u".eml");
}

} // namespace kittiwake::mime
