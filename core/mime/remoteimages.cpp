// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/remoteimages.h"

#include "core/mime/sanitiser.h"

#include <QCryptographicHash>

#include <algorithm>
#include <array>
#include <string_view>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype idLength = 22; // 128 bits

/// Paths of the senders of mass mail, as their own documentation and public lists of trackers name them (2026).
constexpr std::array<std::string_view, 22> trackingMarks{
    "/wf/open",    "/track/open", "/open.php",      "/open.aspx",     "/o.gif",     "/open.gif",
    "/pixel.gif",  "/pixel.png",  "/beacon",        "/trk/",          "/e/o/",      "/ss/o/",
    "/mpss/o/",    "/emimp/",     "/imp?",          "/collect?",      "/openpixel", "/readreceipt",
    "/email/open", "/e3t/cto/",   "/tracking/open", "utm_medium=open"};

} // namespace

QByteArray remoteImageId(const QByteArray &url)
{
    return QCryptographicHash::hash(url, QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
        .first(idLength);
}

bool isTrackingUrl(const QByteArray &url)
{
    const QByteArray lower = url.left(2048).toLower();
    const std::string_view text(lower.constData(), static_cast<std::size_t>(lower.size()));
    return std::any_of(trackingMarks.begin(), trackingMarks.end(),
                       [text](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

QString withRemoteImages(const QString &document, const QSet<QByteArray> &ids)
{
    constexpr QLatin1StringView mark(remoteImageMark);
    QString out;
    out.reserve(document.size());
    qsizetype from = 0;
    for (qsizetype at = document.indexOf(mark); at >= 0; at = document.indexOf(mark, from)) {
        out += QStringView(document).sliced(from, at - from);
        from = at + mark.size();
        const QByteArray id = QStringView(document).sliced(from).left(idLength).toLatin1();
        if (ids.contains(id)) {
            out += QLatin1StringView(" src=\"remote:");
        } else {
            out += mark;
        }
    }
    out += QStringView(document).sliced(from);
    return out;
}

} // namespace kittiwake::mime
