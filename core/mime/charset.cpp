// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/charset.h"

#include "core/mime/gmimeruntime.h"

#include <QStringDecoder>

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

namespace kittiwake::mime
{

namespace
{

/// What a name means. iconv is null for the ones that are decoded here.
struct Known {
    const char *name;
    enum class How { Ascii, Utf8, Windows1252, Iconv } how;
    const char *iconv;
};

using How = Known::How;

/// Sorted by name. As in the Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels) the old names mean
/// the superset that mail really uses: iso-8859-1 is windows-1252, gb2312 is gb18030, ks_c_5601-1987 is cp949.
constexpr std::array knownCharsets{
    Known{"ansi_x3.4-1968", How::Ascii, nullptr},
    Known{"ascii", How::Ascii, nullptr},
    Known{"big5", How::Iconv, "BIG5-HKSCS"},
    Known{"big5-hkscs", How::Iconv, "BIG5-HKSCS"},
    Known{"cn-gb", How::Iconv, "GB18030"},
    Known{"cp1250", How::Iconv, "CP1250"},
    Known{"cp1251", How::Iconv, "CP1251"},
    Known{"cp1252", How::Windows1252, nullptr},
    Known{"cp1253", How::Iconv, "CP1253"},
    Known{"cp1254", How::Iconv, "CP1254"},
    Known{"cp1255", How::Iconv, "CP1255"},
    Known{"cp1256", How::Iconv, "CP1256"},
    Known{"cp1257", How::Iconv, "CP1257"},
    Known{"cp1258", How::Iconv, "CP1258"},
    Known{"cp437", How::Iconv, "CP437"},
    Known{"cp850", How::Iconv, "CP850"},
    Known{"cp866", How::Iconv, "CP866"},
    Known{"cp932", How::Iconv, "CP932"},
    Known{"cp936", How::Iconv, "GB18030"},
    Known{"cp949", How::Iconv, "CP949"},
    Known{"euc-cn", How::Iconv, "GB18030"},
    Known{"euc-jp", How::Iconv, "EUC-JP"},
    Known{"euc-kr", How::Iconv, "CP949"},
    Known{"gb18030", How::Iconv, "GB18030"},
    Known{"gb2312", How::Iconv, "GB18030"},
    Known{"gb_2312-80", How::Iconv, "GB18030"},
    Known{"gbk", How::Iconv, "GB18030"},
    Known{"ibm437", How::Iconv, "CP437"},
    Known{"ibm850", How::Iconv, "CP850"},
    Known{"ibm866", How::Iconv, "CP866"},
    Known{"iso-2022-jp", How::Iconv, "ISO-2022-JP-2"},
    Known{"iso-2022-kr", How::Iconv, "ISO-2022-KR"},
    Known{"iso-8859-1", How::Windows1252, nullptr},
    Known{"iso-8859-10", How::Iconv, "ISO-8859-10"},
    Known{"iso-8859-11", How::Iconv, "TIS-620"},
    Known{"iso-8859-13", How::Iconv, "ISO-8859-13"},
    Known{"iso-8859-14", How::Iconv, "ISO-8859-14"},
    Known{"iso-8859-15", How::Iconv, "ISO-8859-15"},
    Known{"iso-8859-16", How::Iconv, "ISO-8859-16"},
    Known{"iso-8859-2", How::Iconv, "ISO-8859-2"},
    Known{"iso-8859-3", How::Iconv, "ISO-8859-3"},
    Known{"iso-8859-4", How::Iconv, "ISO-8859-4"},
    Known{"iso-8859-5", How::Iconv, "ISO-8859-5"},
    Known{"iso-8859-6", How::Iconv, "ISO-8859-6"},
    Known{"iso-8859-7", How::Iconv, "ISO-8859-7"},
    Known{"iso-8859-8", How::Iconv, "ISO-8859-8"},
    Known{"iso-8859-8-i", How::Iconv, "ISO-8859-8"},
    Known{"iso-8859-9", How::Iconv, "CP1254"},
    Known{"iso8859-1", How::Windows1252, nullptr},
    Known{"iso8859-15", How::Iconv, "ISO-8859-15"},
    Known{"iso8859-2", How::Iconv, "ISO-8859-2"},
    Known{"iso_8859-1", How::Windows1252, nullptr},
    Known{"koi8-r", How::Iconv, "KOI8-R"},
    Known{"koi8-u", How::Iconv, "KOI8-U"},
    Known{"ks_c_5601-1987", How::Iconv, "CP949"},
    Known{"latin1", How::Windows1252, nullptr},
    Known{"latin2", How::Iconv, "ISO-8859-2"},
    Known{"macintosh", How::Iconv, "MACINTOSH"},
    Known{"ms936", How::Iconv, "GB18030"},
    Known{"shift-jis", How::Iconv, "CP932"},
    Known{"shift_jis", How::Iconv, "CP932"},
    Known{"sjis", How::Iconv, "CP932"},
    Known{"tis-620", How::Iconv, "TIS-620"},
    Known{"unicode-1-1-utf-7", How::Iconv, "UTF-7"},
    Known{"us-ascii", How::Ascii, nullptr},
    Known{"utf-16", How::Iconv, "UTF-16"},
    Known{"utf-16be", How::Iconv, "UTF-16BE"},
    Known{"utf-16le", How::Iconv, "UTF-16LE"},
    Known{"utf-32", How::Iconv, "UTF-32"},
    Known{"utf-7", How::Iconv, "UTF-7"},
    Known{"utf-8", How::Utf8, nullptr},
    Known{"utf8", How::Utf8, nullptr},
    Known{"windows-1250", How::Iconv, "CP1250"},
    Known{"windows-1251", How::Iconv, "CP1251"},
    Known{"windows-1252", How::Windows1252, nullptr},
    Known{"windows-1253", How::Iconv, "CP1253"},
    Known{"windows-1254", How::Iconv, "CP1254"},
    Known{"windows-1255", How::Iconv, "CP1255"},
    Known{"windows-1256", How::Iconv, "CP1256"},
    Known{"windows-1257", How::Iconv, "CP1257"},
    Known{"windows-1258", How::Iconv, "CP1258"},
    Known{"windows-31j", How::Iconv, "CP932"},
    Known{"windows-874", How::Iconv, "CP874"},
    Known{"windows-949", How::Iconv, "CP949"},
    Known{"x-gbk", How::Iconv, "GB18030"},
    Known{"x-mac-roman", How::Iconv, "MACINTOSH"},
    Known{"x-sjis", How::Iconv, "CP932"},
};

static_assert(std::is_sorted(knownCharsets.begin(), knownCharsets.end(), [](const Known &a, const Known &b) {
    return std::string_view(a.name) < std::string_view(b.name);
}));

constexpr qsizetype longestName = 17;

constexpr Known usual{"utf-8", How::Utf8, nullptr};

const Known *find(QByteArrayView charset)
{
    // What nearly everybody writes.
    if (charset.size() == 5 && charset.compare(usual.name, Qt::CaseInsensitive) == 0)
        return &usual;
    charset = charset.trimmed();
    if (charset.isEmpty() || charset.size() > longestName)
        return nullptr;
    const QByteArray name = charset.toByteArray().toLower();
    const auto *found = std::lower_bound(knownCharsets.begin(), knownCharsets.end(), name,
                                         [](const Known &known, const QByteArray &key) { return key > known.name; });
    return found != knownCharsets.end() && name == found->name ? found : nullptr;
}

/// 0x80 … 0x9F; the five holes stay the control characters that they are in ISO 8859-1.
constexpr std::array<char16_t, 32> windows1252High{0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                                   0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

QString fromWindows1252(QByteArrayView bytes)
{
    QString text = QString::fromLatin1(bytes);
    for (QChar &character : text) {
        const char16_t unit = character.unicode();
        if (unit >= 0x80 && unit < 0xA0)
            character = QChar(windows1252High[unit - 0x80U]);
    }
    return text;
}

std::optional<QString> fromValidUtf8(QByteArrayView bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString text = decoder(bytes);
    if (decoder.hasError())
        return std::nullopt;
    return text;
}

/// The name said UTF-8. Some damage leaves most of it readable; where not one sequence is right, it is something else.
QString fromClaimedUtf8(QByteArrayView bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString text = decoder(bytes);
    if (!decoder.hasError())
        return text;
    const bool anySequence = std::any_of(text.begin(), text.end(), [](QChar character) {
        return character.unicode() >= 0x80 && character.unicode() != QChar::ReplacementCharacter;
    });
    return anySequence ? text : fromWindows1252(bytes);
}

std::optional<QString> fromIconv(const char *name, QByteArrayView bytes)
{
    ensureGMime();
    iconv_t const converter = g_mime_iconv_open("UTF-16LE", name);
    if (converter == reinterpret_cast<iconv_t>(-1)) // NOLINT(performance-no-int-to-ptr): how POSIX says it
        return std::nullopt;
    QString text;
    bool damaged = false;
    // iconv never writes to its input; its declaration is from another age.
    char *in = const_cast<char *>(bytes.data()); // NOLINT(cppcoreguidelines-pro-type-const-cast)
    std::size_t left = static_cast<std::size_t>(bytes.size());
    std::array<char16_t, 2048> units{};
    bool flushing = false; // A last call without input gives what the converter holds back (CP1255, BIG5-HKSCS).
    while (true) {
        char *out = reinterpret_cast<char *>(units.data());
        std::size_t room = sizeof(units);
        errno = 0;
        const std::size_t result = g_mime_iconv(converter, flushing ? nullptr : &in, &left, &out, &room);
        const int error = errno;
        text.append(QStringView(units.data(), static_cast<qsizetype>((sizeof(units) - room) / sizeof(char16_t))));
        if (result != static_cast<std::size_t>(-1)) {
            if (flushing)
                break;
            flushing = true;
            continue;
        }
        if (error == E2BIG && room < sizeof(units))
            continue;
        damaged = true;
        text += QChar(QChar::ReplacementCharacter);
        if (flushing || left <= 1)
            break;
        ++in;
        --left;
    }
    g_mime_iconv_close(converter);
    if (damaged) {
        if (auto utf8 = fromValidUtf8(bytes))
            return utf8;
    }
    if (text.startsWith(QChar(QChar::ByteOrderMark)))
        text.remove(0, 1);
    return text;
}

} // namespace

bool isAscii(QByteArrayView bytes)
{
    return std::none_of(bytes.begin(), bytes.end(), [](char byte) { return (byte & 0x80) != 0; });
}

QString guessText(QByteArrayView bytes)
{
    if (auto text = fromValidUtf8(bytes))
        return *std::move(text);
    return fromWindows1252(bytes);
}

bool isKnownCharset(QByteArrayView charset)
{
    return find(charset) != nullptr;
}

QString decodeText(QByteArrayView charset, QByteArrayView bytes)
{
    const Known *known = find(charset);
    if (known == nullptr || known->how == How::Ascii)
        return guessText(bytes);
    if (known->how == How::Utf8)
        return fromClaimedUtf8(bytes);
    if (known->how == How::Windows1252)
        return fromWindows1252(bytes);
    if (auto text = fromIconv(known->iconv, bytes))
        return *std::move(text);
    return guessText(bytes);
}

} // namespace kittiwake::mime
