// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/bodycharset.h"

#include "core/mime/charset.h"
#include "core/mime/textscore.h"

#include <QStringDecoder>

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype looked = 6000; ///< octets that are looked at for guessing
constexpr qsizetype fewest = 8; ///< octets beyond ASCII without which a name that fits is believed

// More probable ones first: they win where two are as good.
constexpr std::array latinCharsets{"windows-1252", "windows-1250", "windows-1254", "windows-1257", "macintosh"};
constexpr std::array otherCharsets{"windows-1251", "koi8-r",     "gb18030",      "big5",         "shift_jis",
                                   "euc-jp",       "euc-kr",     "windows-1256", "windows-1255", "windows-1253",
                                   "tis-620",      "iso-8859-5", "iso-8859-7",   "cp866",        "koi8-u"};

bool isHigh(char byte)
{
    return (byte & 0x80) != 0;
}

bool isLetter(char byte)
{
    const int letter = byte | 0x20;
    return letter >= 'a' && letter <= 'z';
}

bool isValidUtf8(QByteArrayView bytes)
{
    return QUtf8StringView(bytes.data(), bytes.size()).isValidUtf8();
}

/** The lines that hold something beyond ASCII, up to a few thousand octets. */
QByteArray sampleOf(QByteArrayView bytes)
{
    QByteArray sample;
    qsizetype at = 0;
    while (at < bytes.size() && sample.size() < looked) {
        qsizetype end = bytes.indexOf('\n', at);
        end = end < 0 ? bytes.size() : end + 1;
        const QByteArrayView line = bytes.sliced(at, std::min(end - at, looked));
        if (std::any_of(line.begin(), line.end(), isHigh))
            sample += line;
        at = end;
    }
    return sample;
}

/** Of the letters in words that hold something beyond ASCII, how many are beyond ASCII: 0 … 1. Latin words have few. */
double foreignShare(const QByteArray &sample)
{
    qsizetype foreign = 0;
    qsizetype ascii = 0;
    qsizetype foreignInWord = 0;
    qsizetype asciiInWord = 0;
    const auto endWord = [&] {
        if (foreignInWord > 0) {
            foreign += foreignInWord;
            ascii += asciiInWord;
        }
        foreignInWord = asciiInWord = 0;
    };
    for (const char byte : sample) {
        if (isHigh(byte))
            ++foreignInWord;
        else if (isLetter(byte))
            ++asciiInWord;
        else
            endWord();
    }
    endWord();
    return foreign + ascii == 0 ? 0 : static_cast<double>(foreign) / static_cast<double>(foreign + ascii);
}

template <std::size_t size>
std::pair<QByteArray, double> best(const std::array<const char *, size> &candidates, const QByteArray &sample)
{
    std::pair<QByteArray, double> found{{}, -1000};
    for (const char *name : candidates) {
        const double score = scoreOfText(decodeText(name, sample));
        if (score > found.second + 0.001)
            found = {name, score};
    }
    return found;
}

struct Guess {
    QByteArray charset;
    double score = 0; ///< for each character beyond ASCII; below 1 it is hardly text
    double share = 0; ///< foreignShare()
    bool isForeign = false; ///< another script than Latin
};

Guess guess(QByteArrayView bytes)
{
    const QByteArray sample = sampleOf(bytes);
    // Two-octet charsets whose second octet is an ASCII letter lie between the two kinds.
    constexpr double foreignWords = 0.45;
    const double share = foreignShare(sample);
    if (share < foreignWords) {
        const auto [charset, score] = best(latinCharsets, sample);
        return {charset, score, share, false};
    }
    const auto [charset, score] = best(otherCharsets, sample);
    return {charset, score, share, true};
}

bool isJapaneseIn7Bit(QByteArrayView bytes)
{
    return bytes.contains(QByteArrayView("\x1b$B")) || bytes.contains(QByteArrayView("\x1b$@"));
}

/** Whether so many characters came out as damage that the name is more probably wrong than the text damaged. */
bool isMostlyDamaged(const QString &text, bool isUtf8 = false)
{
    const auto damaged = std::count(text.begin(), text.end(), QChar(QChar::ReplacementCharacter));
    const auto beyondAscii
        = std::count_if(text.begin(), text.end(), [](QChar c) { return c.unicode() >= 0x80; }) - damaged;
    // A sequence of UTF-8 that is right is right by no accident.
    return damaged > (isUtf8 ? 0 : 1) && damaged * (isUtf8 ? 1 : 8) > beyondAscii;
}

BodyText readGuessed(QByteArrayView bytes)
{
    if (isValidUtf8(bytes))
        return {decodeText("utf-8", bytes), "utf-8", true};
    const QByteArray charset = guessCharset(bytes);
    return {decodeText(charset, bytes), charset, true};
}

} // namespace

QByteArray guessCharset(QByteArrayView bytes)
{
    if (isJapaneseIn7Bit(bytes))
        return "iso-2022-jp";
    if (bytes.startsWith("\xff\xfe") || bytes.startsWith("\xfe\xff"))
        return "utf-16";
    if (isValidUtf8(bytes))
        return "utf-8";
    const Guess found = guess(bytes);
    constexpr double hardlyText = 0.4;
    return found.isForeign && found.score < hardlyText ? QByteArray("windows-1252") : found.charset;
}

BodyText readBody(QByteArrayView named, QByteArrayView bytes)
{
    const QByteArray name = named.trimmed().toByteArray().toLower();
    const bool isKnown = isKnownCharset(name);
    const bool isAsciiName = name.isEmpty() || name == "us-ascii" || name == "ascii" || name == "ansi_x3.4-1968";
    if (isAscii(bytes)) {
        if (isJapaneseIn7Bit(bytes) && (!isKnown || isAsciiName || name == "utf-8"))
            return {decodeText("iso-2022-jp", bytes), "iso-2022-jp", true};
        return {decodeText(named, bytes), isKnown && !isAsciiName ? name : QByteArray(), false};
    }
    if (!isKnown || isAsciiName)
        return readGuessed(bytes);
    if (name.startsWith("iso-2022-"))
        return readGuessed(bytes); // which is of 7 bits
    const bool isUtf8 = name == "utf-8" || name == "utf8";
    const bool isLatin = !isUtf8 && decodeText(name, "\xe4\xe1") == decodeText("windows-1252", "\xe4\xe1");
    if (isLatin && isValidUtf8(bytes))
        return {decodeText("utf-8", bytes), "utf-8", true};
    QString text = decodeText(name, bytes);
    const bool isDamaged = isUtf8 ? isMostlyDamaged(QString::fromUtf8(bytes), true) : isMostlyDamaged(text);
    if (!isDamaged && !isLatin)
        return {std::move(text), name, false};
    if (isValidUtf8(bytes))
        return {decodeText("utf-8", bytes), "utf-8", true};
    const Guess other = guess(bytes);
    // No language of the West has words of hardly anything but letters with accents.
    constexpr double surely = 1.5;
    constexpr double nearlyAll = 0.75;
    const auto foreign = std::count_if(bytes.begin(), bytes.end(), isHigh);
    const bool isBetter = other.isForeign && foreign >= fewest && other.score >= surely && other.share >= nearlyAll;
    if (isBetter || (isDamaged && !isMostlyDamaged(decodeText(other.charset, sampleOf(bytes)))))
        return {decodeText(other.charset, bytes), other.charset, true};
    return {std::move(text), name, false};
}

BodyText readBodyIn(QByteArrayView charset, QByteArrayView bytes)
{
    if (!isKnownCharset(charset))
        return readBody({}, bytes);
    return {decodeText(charset, bytes), charset.trimmed().toByteArray().toLower(), false};
}

QByteArrayList offeredCharsets()
{
    return {"utf-8",  "windows-1252", "windows-1250", "windows-1254", "windows-1257", "windows-1258", "windows-1251",
            "koi8-r", "iso-8859-5",   "cp866",        "windows-1253", "windows-1255", "windows-1256", "gb18030",
            "big5",   "shift_jis",    "euc-jp",       "iso-2022-jp",  "euc-kr",       "tis-620",      "utf-16"};
}

} // namespace kittiwake::mime
