// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/mailboxcodec.h"

#include <QStringConverter>

#include <algorithm>
#include <array>

namespace kittiwake::imap
{

namespace
{

/** Base64 with ',' for '/' and no padding (RFC 3501 section 5.1.3). */
constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

constexpr std::array<signed char, 128> makeValues()
{
    std::array<signed char, 128> values{};
    values.fill(-1);
    for (int i = 0; i < 64; ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<signed char>(i);
    return values;
}

constexpr std::array<signed char, 128> base64Values = makeValues();

bool isPrintableAscii(char16_t c)
{
    return c >= 0x20 && c <= 0x7e;
}

void appendShifted(QByteArray &bytes, QStringView run)
{
    bytes += '&';
    std::uint32_t bits = 0;
    int count = 0;
    for (const QChar unit : run) {
        bits = (bits << 16) | unit.unicode();
        count += 16;
        while (count >= 6) {
            count -= 6;
            bytes += alphabet[(bits >> count) & 0x3f];
        }
        bits &= (1u << count) - 1;
    }
    if (count > 0)
        bytes += alphabet[(bits << (6 - count)) & 0x3f];
    bytes += '-';
}

/** Decodes as far as it makes sense: what is no valid shift sequence stays as it is, 8-bit is UTF-8 or Latin-1. */
QString decodeLeniently(QByteArrayView text)
{
    QString result;
    result.reserve(text.size());
    qsizetype at = 0;
    while (at < text.size()) {
        if (text[at] != '&') {
            const qsizetype end = std::find(text.begin() + at, text.end(), '&') - text.begin();
            const QByteArrayView plain = text.sliced(at, end - at);
            QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
            const QString decoded = utf8.decode(plain);
            result += utf8.hasError() ? QString::fromLatin1(plain) : decoded;
            at = end;
            continue;
        }
        qsizetype end = at + 1;
        while (end < text.size() && static_cast<unsigned char>(text[end]) < 128
               && base64Values[static_cast<unsigned char>(text[end])] >= 0)
            ++end;
        if (end == at + 1 && end < text.size() && text[end] == '-') {
            result += u'&';
            at = end + 1;
            continue;
        }
        std::uint32_t bits = 0;
        int count = 0;
        for (qsizetype i = at + 1; i < end; ++i) {
            bits = (bits << 6) | static_cast<std::uint32_t>(base64Values[static_cast<unsigned char>(text[i])]);
            count += 6;
            if (count >= 16) {
                count -= 16;
                result += QChar(static_cast<char16_t>((bits >> count) & 0xffff));
                bits &= (1u << count) - 1;
            }
        }
        if (end == at + 1)
            result += u'&';
        at = end < text.size() && text[end] == '-' ? end + 1 : end;
    }
    return result;
}

/** A name is shown and compared: no lone surrogates, no NUL. */
QString repaired(QString text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar unit = text[i];
        const bool pair = unit.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (pair)
            ++i;
        else if (unit.isSurrogate() || unit.isNull())
            text[i] = QChar::ReplacementCharacter;
    }
    return text;
}

bool isInboxName(QByteArrayView wire)
{
    return wire.compare("INBOX", Qt::CaseInsensitive) == 0;
}

/** For a name that only its wire form opens: something to show, which must not pass for INBOX. */
mail::MailboxName kept(const QString &shown, QByteArrayView wire)
{
    QString text = repaired(shown);
    if (text.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) == 0)
        text += QChar(QChar::ReplacementCharacter);
    return {std::move(text), wire.toByteArray()};
}

bool isPlain(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c != '&' && static_cast<unsigned char>(c) < 128 && isPrintableAscii(static_cast<char16_t>(c));
    });
}

} // namespace

QByteArray encodeModifiedUtf7(QStringView text)
{
    QByteArray bytes;
    bytes.reserve(text.size() + 16);
    const QString safe = repaired(text.toString());
    qsizetype at = 0;
    while (at < safe.size()) {
        const char16_t unit = safe[at].unicode();
        if (unit == u'&') {
            bytes += "&-";
            ++at;
        } else if (isPrintableAscii(unit)) {
            bytes += static_cast<char>(unit);
            ++at;
        } else {
            qsizetype end = at;
            while (end < safe.size() && !isPrintableAscii(safe[end].unicode()))
                ++end;
            appendShifted(bytes, QStringView(safe).sliced(at, end - at));
            at = end;
        }
    }
    return bytes;
}

std::optional<QString> decodeModifiedUtf7(QByteArrayView text)
{
    if (isPlain(text))
        return QString::fromLatin1(text);
    QString decoded = decodeLeniently(text);
    // There is exactly one right form of every name; anything else would come back to the server as another name.
    if (encodeModifiedUtf7(decoded) != text)
        return std::nullopt;
    return decoded;
}

mail::MailboxName decodeMailbox(QByteArrayView wire, MailboxEncoding encoding)
{
    if (isInboxName(wire))
        return mail::MailboxName::inbox();
    if (encoding == MailboxEncoding::ModifiedUtf7) {
        if (auto text = decodeModifiedUtf7(wire))
            return {std::move(*text), {}};
        return kept(decodeLeniently(wire), wire);
    }
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = utf8.decode(wire);
    const bool exact = !utf8.hasError() && decoded.toUtf8() == wire && !decoded.contains(QChar(u'\0'));
    if (exact)
        return {decoded, {}};
    return kept(utf8.hasError() ? QString::fromLatin1(wire) : decoded, wire);
}

QByteArray encodeMailbox(const mail::MailboxName &name, MailboxEncoding encoding)
{
    if (!name.wire.isEmpty())
        return name.wire;
    return encoding == MailboxEncoding::Utf8 ? repaired(name.text).toUtf8() : encodeModifiedUtf7(name.text);
}

} // namespace kittiwake::imap
