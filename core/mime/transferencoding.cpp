// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/content.h"
#include "core/mime/gmimeruntime.h"

#include <gmime/gmime.h>

namespace kittiwake::mime
{

QByteArray decodePart(QByteArrayView encoding, const QByteArray &bytes)
{
    encoding = encoding.trimmed();
    GMimeContentEncoding known = GMIME_CONTENT_ENCODING_DEFAULT;
    if (encoding.compare("base64", Qt::CaseInsensitive) == 0)
        known = GMIME_CONTENT_ENCODING_BASE64;
    else if (encoding.compare("quoted-printable", Qt::CaseInsensitive) == 0)
        known = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    else
        return bytes;
    ensureGMime();
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, known);
    const auto size = static_cast<std::size_t>(bytes.size());
    constexpr std::size_t roomForFlush = 16;
    QByteArray decoded(static_cast<qsizetype>(g_mime_encoding_outlen(&state, size) + roomForFlush), Qt::Uninitialized);
    std::size_t written = g_mime_encoding_step(&state, bytes.constData(), size, decoded.data());
    // Padding that is missing would cost the last octets; where it is there, more of it changes nothing.
    const QByteArrayView padding = known == GMIME_CONTENT_ENCODING_BASE64 ? QByteArrayView("==") : QByteArrayView("");
    written += g_mime_encoding_flush(&state, padding.data(), static_cast<std::size_t>(padding.size()),
                                     decoded.data() + written);
    decoded.truncate(static_cast<qsizetype>(written));
    return decoded;
}

} // namespace kittiwake::mime
