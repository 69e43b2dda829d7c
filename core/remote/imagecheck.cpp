// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/imagecheck.h"

#include "core/mime/urlpolicy.h"

#include <QtEndian>

namespace kittiwake::remote
{

namespace
{

struct Size {
    qint64 width = 0;
    qint64 height = 0;
};

template <typename T>
std::optional<T> bigAt(const QByteArray &bytes, qsizetype at)
{
    if (at + static_cast<qsizetype>(sizeof(T)) > bytes.size())
        return std::nullopt;
    return qFromBigEndian<T>(bytes.constData() + at);
}

template <typename T>
std::optional<T> littleAt(const QByteArray &bytes, qsizetype at)
{
    if (at + static_cast<qsizetype>(sizeof(T)) > bytes.size())
        return std::nullopt;
    return qFromLittleEndian<T>(bytes.constData() + at);
}

/// The header chunk comes first (PNG specification, section 5.6).
std::optional<Size> pngSize(const QByteArray &bytes)
{
    const auto width = bigAt<quint32>(bytes, 16);
    const auto height = bigAt<quint32>(bytes, 20);
    if (!height || bytes.mid(12, 4) != "IHDR")
        return std::nullopt;
    return Size{*width, *height};
}

std::optional<Size> gifSize(const QByteArray &bytes)
{
    const auto width = littleAt<quint16>(bytes, 6);
    const auto height = littleAt<quint16>(bytes, 8);
    if (!height)
        return std::nullopt;
    return Size{*width, *height};
}

/// Segments up to the one that begins a frame (ITU T.81, section B.2.2).
std::optional<Size> jpegSize(const QByteArray &bytes)
{
    qsizetype at = 2;
    while (at + 4 <= bytes.size()) {
        if (static_cast<unsigned char>(bytes[at]) != 0xFF)
            return std::nullopt;
        const auto marker = static_cast<unsigned char>(bytes[at + 1]);
        if (marker == 0xFF) { // a fill byte
            ++at;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) { // without a length
            at += 2;
            continue;
        }
        const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            const auto height = bigAt<quint16>(bytes, at + 5);
            const auto width = bigAt<quint16>(bytes, at + 7);
            if (!width)
                return std::nullopt;
            return Size{*width, *height};
        }
        const auto length = bigAt<quint16>(bytes, at + 2);
        if (!length || *length < 2 || marker == 0xD9 || marker == 0xDA)
            return std::nullopt;
        at += 2 + *length;
    }
    return std::nullopt;
}

/// RFC 9649, sections 2.5 to 2.7.
std::optional<Size> webpSize(const QByteArray &bytes)
{
    const QByteArray kind = bytes.mid(12, 4);
    if (kind == "VP8X" && bytes.size() >= 30) {
        const auto width = *littleAt<quint32>(bytes, 24) & 0xFFFFFFU;
        const auto height = (*littleAt<quint32>(bytes, 26) >> 8U) & 0xFFFFFFU;
        return Size{qint64(width) + 1, qint64(height) + 1};
    }
    if (kind == "VP8L" && bytes.size() >= 25 && bytes[20] == '\x2F') {
        const quint32 bits = *littleAt<quint32>(bytes, 21);
        return Size{qint64(bits & 0x3FFFU) + 1, qint64((bits >> 14U) & 0x3FFFU) + 1};
    }
    if (kind == "VP8 " && bytes.size() >= 30 && bytes.mid(23, 3) == "\x9D\x01\x2A")
        return Size{*littleAt<quint16>(bytes, 26) & 0x3FFF, *littleAt<quint16>(bytes, 28) & 0x3FFF};
    return std::nullopt;
}

} // namespace

std::optional<ImageFacts> checkImage(const QByteArray &bytes)
{
    const QByteArray type = mime::imageTypeOf(bytes);
    std::optional<Size> size;
    if (type == "image/png")
        size = pngSize(bytes);
    else if (type == "image/gif")
        size = gifSize(bytes);
    else if (type == "image/jpeg")
        size = jpegSize(bytes);
    else if (type == "image/webp")
        size = webpSize(bytes);
    if (!size || size->width < 1 || size->height < 1 || size->width > ImageLimits::side
        || size->height > ImageLimits::side || size->width * size->height > ImageLimits::pixels)
        return std::nullopt;
    return ImageFacts{type, static_cast<int>(size->width), static_cast<int>(size->height)};
}

} // namespace kittiwake::remote
