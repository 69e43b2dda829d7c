// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/partdecoder.h"

#include "core/mime/content.h"
#include "core/mime/gmimeruntime.h"

#include <gmime/gmime.h>

namespace kittiwake::mime
{

struct PartDecoder::State {
    GMimeEncoding encoding{};
    bool isBase64 = false;
    bool isPadded = false;
    std::uint64_t digits = 0; ///< of base64, without its padding

    void count(const QByteArray &encoded)
    {
        for (const char c : encoded) {
            if (c == '=')
                isPadded = true;
            else if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/')
                ++digits;
        }
    }

    QByteArray step(QByteArrayView encoded, bool last)
    {
        const auto size = static_cast<std::size_t>(encoded.size());
        constexpr std::size_t roomForFlush = 16;
        QByteArray decoded(static_cast<qsizetype>(g_mime_encoding_outlen(&encoding, size) + roomForFlush),
                           Qt::Uninitialized);
        const std::size_t written = last ? g_mime_encoding_flush(&encoding, encoded.data(), size, decoded.data())
                                         : g_mime_encoding_step(&encoding, encoded.data(), size, decoded.data());
        decoded.truncate(static_cast<qsizetype>(written));
        return decoded;
    }
};

PartDecoder::PartDecoder(QByteArrayView encoding)
{
    encoding = encoding.trimmed();
    const bool isBase64 = encoding.compare("base64", Qt::CaseInsensitive) == 0;
    if (!isBase64 && encoding.compare("quoted-printable", Qt::CaseInsensitive) != 0)
        return;
    ensureGMime();
    m_state = std::make_unique<State>();
    m_state->isBase64 = isBase64;
    g_mime_encoding_init_decode(&m_state->encoding,
                                isBase64 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
}

PartDecoder::~PartDecoder() = default;

QByteArray PartDecoder::feed(const QByteArray &encoded)
{
    if (!m_state)
        return encoded;
    if (m_state->isBase64)
        m_state->count(encoded);
    return m_state->step(encoded, false);
}

QByteArray PartDecoder::finish()
{
    if (!m_state)
        return {};
    // Padding that is missing would cost the last octets; where it is there, more of it changes nothing.
    return m_state->step(m_state->isBase64 ? QByteArrayView("==") : QByteArrayView(""), true);
}

bool PartDecoder::isCutOff() const
{
    // Some mailers leave the padding out, so two or three digits may be an end; one never is (RFC 4648 section 4).
    return m_state && m_state->isBase64 && !m_state->isPadded && m_state->digits % 4 == 1;
}

QByteArray decodePart(QByteArrayView encoding, const QByteArray &bytes)
{
    PartDecoder decoder(encoding);
    QByteArray decoded = decoder.feed(bytes);
    const QByteArray rest = decoder.finish();
    if (!rest.isEmpty())
        decoded += rest;
    return decoded;
}

} // namespace kittiwake::mime
