// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/contenttype.h"

#include "core/mime/charset.h"
#include "core/mime/encodedwords.h"
#include "core/mime/headers.h"

#include <algorithm>
#include <map>

namespace kittiwake::mime
{

namespace
{

constexpr std::size_t maxParameters = 1000;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class ParameterReader
{
public:
    explicit ParameterReader(QByteArrayView field) : m_field(field) { }

    ParameterisedValue read()
    {
        ParameterisedValue result;
        // A blank ends it: some mailers forget the semicolon ("text/plain charset=utf-8").
        skipBlanks();
        result.value = readToken("; \t\r\n").toLower();
        while (m_at < m_field.size() && result.parameters.size() < maxParameters) {
            if (m_field[m_at] == ';' || isBlank(m_field[m_at])) {
                ++m_at;
                continue;
            }
            const QByteArray name = readToken(";=");
            if (m_at >= m_field.size() || m_field[m_at] != '=')
                continue;
            ++m_at;
            skipBlanks();
            QByteArray value = m_at < m_field.size() && m_field[m_at] == '"' ? readQuoted() : readBare(name);
            if (!name.isEmpty())
                result.parameters.emplace_back(name, std::move(value));
        }
        return result;
    }

private:
    void skipBlanks()
    {
        while (m_at < m_field.size() && isBlank(m_field[m_at]))
            ++m_at;
    }

    void skipComment()
    {
        int depth = 0;
        for (; m_at < m_field.size(); ++m_at) {
            const char c = m_field[m_at];
            if (c == '\\')
                ++m_at;
            else if (c == '(')
                ++depth;
            else if (c == ')' && --depth == 0) {
                ++m_at;
                return;
            }
        }
    }

    /// Up to one of ends, without blanks and comments.
    QByteArray readToken(QByteArrayView ends)
    {
        QByteArray token;
        while (m_at < m_field.size() && !ends.contains(m_field[m_at])) {
            if (m_field[m_at] == '(') {
                skipComment();
                continue;
            }
            if (!isBlank(m_field[m_at]))
                token += m_field[m_at];
            ++m_at;
        }
        return token;
    }

    QByteArray readQuoted()
    {
        QByteArray value;
        for (++m_at; m_at < m_field.size(); ++m_at) {
            char c = m_field[m_at];
            if (c == '"') {
                ++m_at;
                break;
            }
            // Windows mailers put bare backslashes into file names: only \" and \\ are taken as escapes.
            if (c == '\\' && m_at + 1 < m_field.size() && (m_field[m_at + 1] == '"' || m_field[m_at + 1] == '\\'))
                c = m_field[++m_at];
            value += c;
        }
        return value;
    }

    /// A value that should have been quoted: file names keep their blanks, everything else ends at one.
    QByteArray readBare(const QByteArray &name)
    {
        const qsizetype from = m_at;
        const QByteArray key = name.toLower();
        const bool keepsBlanks = key.startsWith("name") || key.startsWith("filename");
        while (m_at < m_field.size() && m_field[m_at] != ';' && (keepsBlanks || !isBlank(m_field[m_at])))
            ++m_at;
        return m_field.sliced(from, m_at - from).trimmed().toByteArray();
    }

    QByteArrayView m_field;
    qsizetype m_at = 0;
};

/// A piece of RFC 2231 section 3 and 4: "name*1*".
struct Piece {
    QByteArray value;
    bool encoded = false;
};

QString joined(const std::map<int, Piece> &pieces)
{
    QByteArray charset;
    QByteArray bytes;
    int expected = 0;
    for (const auto &[number, piece] : pieces) {
        if (number != expected++)
            break; // A piece is missing: what follows belongs elsewhere.
        QByteArray value = piece.value;
        if (number == 0 && piece.encoded) {
            const qsizetype first = value.indexOf('\'');
            const qsizetype second = first < 0 ? -1 : value.indexOf('\'', first + 1);
            if (second >= 0) {
                charset = value.first(first);
                value = value.sliced(second + 1);
            }
        }
        bytes += piece.encoded ? QByteArray::fromPercentEncoding(value) : value;
        if (bytes.size() > HeaderLimits::characters)
            break;
    }
    return charset.isEmpty() ? decodeWords(bytes) : decodeText(charset, bytes);
}

} // namespace

ParameterisedValue parseParameterisedValue(QByteArrayView field)
{
    return ParameterReader(field.first(std::min(field.size(), HeaderLimits::bytes))).read();
}

QString decodedParameter(const mail::BodyParameters &parameters, QByteArrayView name)
{
    std::map<int, Piece> pieces;
    const QByteArray *plain = nullptr;
    for (const auto &[key, value] : parameters) {
        if (key.size() < name.size() || key.first(name.size()).compare(name, Qt::CaseInsensitive) != 0)
            continue;
        QByteArrayView rest = QByteArrayView(key).sliced(name.size());
        if (rest.isEmpty()) {
            if (plain == nullptr)
                plain = &value;
            continue;
        }
        if (rest.front() != '*' || pieces.size() >= maxParameters)
            continue;
        rest = rest.sliced(1);
        const bool encoded = rest.isEmpty() || rest.endsWith('*');
        if (rest.endsWith('*'))
            rest.chop(1);
        bool ok = rest.isEmpty();
        const int number = ok ? 0 : rest.toByteArray().toInt(&ok);
        if (ok && number >= 0)
            pieces.try_emplace(number, Piece{value, encoded});
    }
    if (!pieces.empty() && pieces.begin()->first == 0)
        return joined(pieces);
    return plain != nullptr ? decodeWords(*plain) : QString();
}

} // namespace kittiwake::mime
