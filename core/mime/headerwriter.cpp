// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/headerwriter.h"

#include "core/mime/charset.h"
#include "core/mime/outgoingtext.h"

#include <algorithm>
#include <cstring>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype widest = 76; // RFC 2047 section 2: of a line with an encoded word
constexpr qsizetype longestWord = 48; // Of an encoded word without its frame, so that one fits behind any field's name.
constexpr qsizetype longestToken = 800; // below 998 with everything around it

bool isControl(char character)
{
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7F;
}

QByteArray withoutControls(const QByteArray &bytes)
{
    QByteArray result = bytes;
    result.removeIf(isControl);
    return result;
}

bool isAlphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool mustBeEncoded(QByteArrayView word)
{
    return !isAscii(word) || word.contains("=?") || word.size() > longestToken;
}

/** "Q" as RFC 2047 section 5 (3) has it for phrases, which is right everywhere. */
QByteArray quoted(QByteArrayView bytes)
{
    QByteArray result;
    for (const char byte : bytes) {
        if (isAlphanumeric(byte) || (byte != 0 && std::strchr("!*+-/", byte) != nullptr))
            result += byte;
        else if (byte == ' ')
            result += '_';
        else
            result += '=' + QByteArray(1, byte).toHex().toUpper();
    }
    return result;
}

/** Encoded words (RFC 2047) of text, none of which ends within a character. */
QByteArrayList encodedWords(QByteArrayView utf8)
{
    const bool asBase64 = (utf8.size() + 2) / 3 * 4 < quoted(utf8).size();
    QByteArrayList result;
    qsizetype at = 0;
    while (at < utf8.size()) {
        qsizetype end = at;
        qsizetype length = 0;
        while (end < utf8.size()) {
            qsizetype next = end + 1;
            while (next < utf8.size() && (static_cast<unsigned char>(utf8[next]) & 0xC0) == 0x80)
                ++next;
            length = asBase64 ? (next - at + 2) / 3 * 4 : length + quoted(utf8.sliced(end, next - end)).size();
            if (length > longestWord && end > at)
                break;
            end = next;
        }
        const QByteArrayView piece = utf8.sliced(at, end - at);
        result.push_back(asBase64 ? "=?utf-8?B?" + piece.toByteArray().toBase64() + "?="
                                  : "=?utf-8?Q?" + quoted(piece) + "?=");
        at = end;
    }
    return result;
}

/** Words as they are around those that must be encoded, with all that lies between: blanks there would get lost. */
QByteArrayList tokensOf(const QByteArray &utf8)
{
    QByteArrayList words = utf8.split(' ');
    words.removeAll(QByteArray());
    const auto first = std::find_if(words.begin(), words.end(), mustBeEncoded);
    if (first == words.end())
        return words;
    const auto last = std::find_if(words.rbegin(), words.rend(), mustBeEncoded).base();
    QByteArrayList result(words.begin(), first);
    result += encodedWords(QByteArrayList(first, last).join(' '));
    result += QByteArrayList(last, words.end());
    return result;
}

/** A display name (RFC 5322 section 3.4: phrase): atoms, a quoted string, or encoded words. */
QByteArrayList phraseOf(const QByteArray &utf8)
{
    const QByteArrayList words = utf8.split(' ');
    if (std::any_of(words.begin(), words.end(), mustBeEncoded)) {
        // Beside encoded words only atoms may stand; a quoted string there confuses many a reader.
        return encodedWords(utf8);
    }
    const bool isAtoms = std::all_of(utf8.begin(), utf8.end(), [](char c) {
        return isAlphanumeric(c) || (c != 0 && std::strchr(" !#$%&'*+-/=?^_`{|}~", c) != nullptr);
    });
    if (isAtoms)
        return tokensOf(utf8);
    QByteArray escaped = utf8;
    escaped.replace('\\', "\\\\").replace('"', "\\\"");
    return QByteArrayList{'"' + escaped + '"'};
}

} // namespace

void HeaderWriter::text(QByteArrayView name, const QString &value)
{
    field(name, tokensOf(withoutControls(value.toUtf8())));
}

void HeaderWriter::words(QByteArrayView name, const QByteArray &value)
{
    field(name, withoutControls(value).split(' '));
}

void HeaderWriter::addAddress(const QString &name, const QByteArray &address)
{
    if (!m_addresses.isEmpty())
        m_addresses.back() += ',';
    const QByteArray shown = withoutControls(name.toUtf8());
    if (shown.isEmpty()) {
        m_addresses.push_back(address);
        return;
    }
    m_addresses += phraseOf(shown);
    m_addresses.push_back('<' + address + '>');
}

void HeaderWriter::addEmptyGroup(const QString &name)
{
    const QByteArray shown = withoutControls(name.toUtf8());
    if (shown.isEmpty())
        return;
    if (!m_addresses.isEmpty())
        m_addresses.back() += ',';
    m_addresses += phraseOf(shown);
    m_addresses.back() += ':';
    m_addresses.push_back(QByteArrayLiteral(";"));
}

void HeaderWriter::addresses(QByteArrayView name)
{
    field(name, std::exchange(m_addresses, {}));
}

void HeaderWriter::field(QByteArrayView name, const QByteArrayList &tokens)
{
    if (std::all_of(tokens.begin(), tokens.end(), [](const QByteArray &token) { return token.isEmpty(); }))
        return;
    m_block += name;
    m_block += ':';
    qsizetype width = name.size() + 1;
    bool first = true;
    for (const QByteArray &token : tokens) {
        // Never right behind the name: a line with nothing else is taken for the end of the field by some.
        if (!first && width + 1 + token.size() > widest) {
            m_block += mimeLineEnd;
            width = 0;
        }
        m_block += ' ';
        m_block += token;
        width += 1 + token.size();
        first = false;
    }
    m_block += mimeLineEnd;
}

} // namespace kittiwake::mime
