// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/encodedwords.h"
#include "core/mime/charset.h"
#include "core/mime/headers.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace kittiwake::mime
{

namespace
{

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

int base64Digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    if (c == '/' || c == '_')
        return 63;
    return -1;
}

/// The start of an encoded word: "=?charset*language?B?".
struct WordStart {
    QByteArrayView charset;
    char encoding = 0; ///< 'B' or 'Q'
    qsizetype text = 0; ///< where the encoded text starts
};

constexpr qsizetype longestCharset = 64;

std::optional<WordStart> wordStartAt(QByteArrayView raw, qsizetype at)
{
    if (at + 5 >= raw.size() || raw[at] != '=' || raw[at + 1] != '?')
        return std::nullopt;
    const qsizetype from = at + 2;
    qsizetype to = from;
    while (to < raw.size() && to - from <= longestCharset && raw[to] != '?' && !isBlank(raw[to]))
        ++to;
    if (to == from || to + 2 >= raw.size() || raw[to] != '?' || raw[to + 2] != '?')
        return std::nullopt;
    const char encoding = static_cast<char>(raw[to + 1] & ~0x20);
    if (encoding != 'B' && encoding != 'Q')
        return std::nullopt;
    QByteArrayView charset = raw.sliced(from, to - from);
    // RFC 2231 section 5: a language after '*'.
    if (const qsizetype star = charset.indexOf('*'); star >= 0)
        charset = charset.first(star);
    return WordStart{charset, encoding, to + 3};
}

/// Decodes a run of encoded words. Neighbours of one charset are joined as bytes before they become text: many mailers
/// cut a character, or a base64 group, in two.
class WordRun
{
public:
    explicit WordRun(QString &out) : m_out(out) { }

    void add(const WordStart &word, QByteArrayView text)
    {
        if (m_charset.compare(word.charset, Qt::CaseInsensitive) != 0)
            flush();
        m_charset = word.charset;
        if (word.encoding == 'B') {
            addBase64(text);
        } else {
            m_bits = 0;
            addQuoted(text);
        }
    }

    void flush()
    {
        if (!m_bytes.isEmpty())
            m_out += decodeText(m_charset, m_bytes);
        m_bytes.clear();
        m_bits = 0;
        m_charset = {};
    }

private:
    void addBase64(QByteArrayView text)
    {
        // Bits left over are a group that continues in this word, or, when zero, padding that was forgotten.
        if (m_bits < 6 && (m_pending & ((1U << m_bits) - 1U)) == 0)
            m_bits = 0;
        for (const char c : text) {
            const int digit = base64Digit(c);
            if (c == '=')
                m_bits = 0;
            if (digit < 0)
                continue;
            m_pending = (m_pending << 6U | static_cast<unsigned>(digit)) & 0xFFFFFFU;
            m_bits += 6;
            if (m_bits >= 8) {
                m_bits -= 8;
                m_bytes += static_cast<char>(m_pending >> m_bits & 0xFFU);
            }
        }
    }

    void addQuoted(QByteArrayView text)
    {
        for (qsizetype at = 0; at < text.size(); ++at) {
            const char c = text[at];
            if (c == '_') {
                m_bytes += ' ';
            } else if (c == '=' && at + 2 < text.size() && hexDigit(text[at + 1]) >= 0 && hexDigit(text[at + 2]) >= 0) {
                m_bytes += static_cast<char>(hexDigit(text[at + 1]) << 4 | hexDigit(text[at + 2]));
                at += 2;
            } else {
                m_bytes += c;
            }
        }
    }

    QString &m_out;
    QByteArray m_bytes;
    QByteArrayView m_charset;
    unsigned m_pending = 0;
    int m_bits = 0;
};

/// Where the encoded text ends: at "?=", or, where that is missing, before the next word. Each byte is looked at once,
/// since the place of the next "?=" is remembered.
class WordEnds
{
public:
    explicit WordEnds(QByteArrayView raw) : m_raw(raw) { }

    struct End {
        qsizetype text; ///< behind the encoded text
        qsizetype next; ///< where to go on
    };

    [[nodiscard]] std::optional<End> after(qsizetype start)
    {
        if (m_terminator < start && m_terminator != none) {
            m_terminator = m_raw.indexOf(QByteArrayView("?="), start);
            if (m_terminator < 0)
                m_terminator = none;
        }
        const qsizetype limit = m_terminator == none ? m_raw.size() : m_terminator;
        if (m_nextWord < start)
            findNextWord(start, limit);
        if (m_nextWord > start && m_nextWord < limit)
            return End{m_nextWord, m_nextWord};
        if (m_terminator == none)
            return std::nullopt;
        return End{m_terminator, m_terminator + 2};
    }

private:
    static constexpr qsizetype none = PTRDIFF_MAX;

    void findNextWord(qsizetype start, qsizetype limit)
    {
        m_scanned = std::max(m_scanned, start);
        for (; m_scanned + 1 < limit; ++m_scanned) {
            if (m_raw[m_scanned] == '=' && m_raw[m_scanned + 1] == '?' && isBlank(m_raw[m_scanned - 1])
                && wordStartAt(m_raw, m_scanned)) {
                m_nextWord = m_scanned;
                return;
            }
        }
    }

    QByteArrayView m_raw;
    qsizetype m_terminator = -1;
    qsizetype m_nextWord = -1;
    qsizetype m_scanned = 0; ///< everything before was looked at
};

bool isPlain(QByteArrayView raw)
{
    char previous = ' ';
    for (const char c : raw) {
        if (c < 0x20 || c > 0x7E || (c == ' ' && previous == ' ') || (c == '?' && previous == '='))
            return false;
        previous = c;
    }
    return raw.isEmpty() || previous != ' ';
}

} // namespace

QString decodeWords(QByteArrayView raw)
{
    QString out;
    out.reserve(raw.size());
    WordRun run(out);
    WordEnds ends(raw);
    qsizetype literal = 0; ///< start of what was not handled yet
    bool afterWord = false;
    qsizetype at = raw.indexOf(QByteArrayView("=?"));
    while (at >= 0) {
        const auto start = wordStartAt(raw, at);
        const auto end = start ? ends.after(start->text) : std::nullopt;
        if (!end) {
            at = raw.indexOf(QByteArrayView("=?"), at + 2);
            continue;
        }
        const QByteArrayView between = raw.sliced(literal, at - literal);
        // RFC 2047 section 6.2: blanks between two encoded words are not shown.
        if (!afterWord || !std::all_of(between.begin(), between.end(), isBlank)) {
            run.flush();
            if (!between.isEmpty())
                out += guessText(between);
        }
        run.add(*start, raw.sliced(start->text, end->text - start->text));
        literal = end->next;
        afterWord = true;
        at = raw.indexOf(QByteArrayView("=?"), literal);
    }
    run.flush();
    if (literal < raw.size())
        out += guessText(raw.sliced(literal));
    return out;
}

qsizetype encodedWordEnd(QByteArrayView raw, qsizetype at)
{
    const auto start = wordStartAt(raw, at);
    if (!start)
        return -1;
    // Bounded, so that a field full of starts without ends stays linear; RFC 2047 section 2 allows 75 in all.
    constexpr qsizetype longest = 1024;
    const QByteArrayView text = raw.sliced(start->text).first(std::min(longest, raw.size() - start->text));
    const qsizetype end = text.indexOf(QByteArrayView("?="));
    return end < 0 ? -1 : start->text + end + 2;
}

QString decodeHeaderText(QByteArrayView raw)
{
    if (raw.size() <= HeaderLimits::characters && isPlain(raw))
        return QString::fromLatin1(raw);
    return displayLine(decodeWords(raw.first(std::min(raw.size(), HeaderLimits::bytes))));
}

} // namespace kittiwake::mime
