// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/urlpolicy.h"

#include "core/mime/cssfilter.h"
#include "core/mime/sanitiser.h"

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

/// Longer addresses are cut by servers anyway; the biggest trackers use about 4 KiB.
constexpr qsizetype maxLinkBytes = 16 * 1024;
constexpr qsizetype maxContentIdBytes = 1024;

bool isControlOrBlank(char c)
{
    return static_cast<unsigned char>(c) <= 0x20;
}

/// "https" of "HTTPS://…"; null where there is no scheme (RFC 3986 section 3.1).
QByteArray schemeOf(const QByteArray &url)
{
    const qsizetype colon = url.indexOf(':');
    if (colon <= 0 || colon > 32)
        return {};
    const QByteArray scheme = url.first(colon).toLower();
    const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
    return valid ? scheme : QByteArray();
}

bool isSlash(char c)
{
    return c == '/' || c == '\\';
}

} // namespace

QByteArray normalisedUrl(const QByteArray &value)
{
    // https://url.spec.whatwg.org/#concept-basic-url-parser: "java\tscript:" is "javascript:".
    qsizetype from = 0;
    qsizetype to = value.size();
    while (from < to && isControlOrBlank(value[from]))
        ++from;
    while (to > from && isControlOrBlank(value[to - 1]))
        --to;
    QByteArray url = value.sliced(from, to - from);
    url.removeIf([](char c) { return c == '\t' || c == '\n' || c == '\r'; });
    return url;
}

bool isRemoteUrl(const QByteArray &url)
{
    if (url.size() >= 2 && isSlash(url[0]) && isSlash(url[1]))
        return true;
    const QByteArray scheme = schemeOf(url);
    return scheme == "http" || scheme == "https" || scheme == "ftp" || scheme == "file";
}

QByteArray filterLink(const QByteArray &url)
{
    if (url.size() > maxLinkBytes || std::any_of(url.begin(), url.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        }))
        return {};
    if (url.startsWith('#')) {
        const QByteArray name = filterName(url.sliced(1));
        return name.isNull() ? QByteArray() : QByteArray('#' + name);
    }
    const QByteArray scheme = schemeOf(url);
    if (scheme == "mailto")
        return "mailto:" + url.sliced(scheme.size() + 1);
    if (scheme != "http" && scheme != "https")
        return {};
    // Browsers take any number of slashes and backslashes; one spelling is written.
    qsizetype host = scheme.size() + 1;
    while (host < url.size() && isSlash(url[host]))
        ++host;
    const QByteArray link = scheme + "://" + url.sliced(host);
    return host < url.size() && link.size() <= maxLinkBytes ? link : QByteArray();
}

QByteArray contentIdOfUrl(const QByteArray &url)
{
    // Three characters for each octet that is escaped.
    if (url.size() > 4 + 3 * maxContentIdBytes || schemeOf(url) != "cid")
        return {};
    QByteArray id = QByteArray::fromPercentEncoding(url.sliced(4));
    if (id.startsWith('<') && id.endsWith('>'))
        id = id.sliced(1, id.size() - 2);
    if (id.isEmpty() || id.size() > maxContentIdBytes || std::any_of(id.begin(), id.end(), isControlOrBlank))
        return {};
    return id;
}

QByteArray contentIdUrl(const QByteArray &contentId)
{
    return "cid:" + contentId.toPercentEncoding(QByteArrayLiteral("@$+!*,"));
}

QByteArray imageTypeOf(const QByteArray &bytes)
{
    if (bytes.startsWith("\x89PNG\r\n\x1A\n"))
        return QByteArrayLiteral("image/png");
    if (bytes.startsWith("\xFF\xD8\xFF"))
        return QByteArrayLiteral("image/jpeg");
    if (bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a"))
        return QByteArrayLiteral("image/gif");
    if (bytes.size() >= 12 && bytes.startsWith("RIFF") && QByteArrayView(bytes).sliced(8, 4) == QByteArrayView("WEBP"))
        return QByteArrayLiteral("image/webp");
    return {};
}

QByteArray filterDataImage(const QByteArray &url)
{
    if (url.size() > SanitiserLimits::dataImageBytes || schemeOf(url) != "data")
        return {};
    const qsizetype comma = url.indexOf(',');
    if (comma < 0 || comma > 100 || !url.first(comma).toLower().endsWith(";base64"))
        return {};
    const QByteArray bytes = QByteArray::fromBase64(QByteArray::fromPercentEncoding(url.sliced(comma + 1)));
    // The name in the URL is not believed: only what really is such an image is written.
    const QByteArray type = imageTypeOf(bytes);
    const QByteArray written = "data:" + type + ";base64," + bytes.toBase64();
    return type.isNull() || written.size() > SanitiserLimits::dataImageBytes ? QByteArray() : written;
}

} // namespace kittiwake::mime
