// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/reply.h"

#include <algorithm>

namespace kittiwake::smtp
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/** One to three digits at the beginning of text, which is shortened by them; nothing otherwise. */
std::optional<int> takeNumber(QByteArrayView &text)
{
    int value = 0;
    qsizetype count = 0;
    while (count < text.size() && count < 3 && isDigit(text[count]))
        value = value * 10 + (text[count++] - '0');
    if (count == 0 || (count < text.size() && isDigit(text[count])))
        return std::nullopt;
    text = text.sliced(count);
    return value;
}

/** The enhanced code at the beginning of a line (RFC 2034 section 4), which is shortened by it. */
std::optional<EnhancedCode> takeEnhanced(QByteArrayView &line, int category)
{
    QByteArrayView rest = line;
    const auto first = takeNumber(rest);
    if (!first || *first != category || !rest.startsWith('.'))
        return std::nullopt;
    rest = rest.sliced(1);
    const auto second = takeNumber(rest);
    if (!second || !rest.startsWith('.'))
        return std::nullopt;
    rest = rest.sliced(1);
    const auto third = takeNumber(rest);
    if (!third || !(rest.isEmpty() || rest.startsWith(' ')))
        return std::nullopt;
    line = rest.isEmpty() ? rest : rest.sliced(1);
    return EnhancedCode{*first, *second, *third};
}

} // namespace

QString EnhancedCode::text() const
{
    return QStringLiteral("%1.%2.%3").arg(QString::number(category), QString::number(subject), QString::number(detail));
}

QString neutralised(const QByteArray &text, qsizetype limit)
{
    const QString decoded = QString::fromUtf8(text.left(4 * limit));
    QString result;
    result.reserve(std::min(decoded.size(), limit));
    bool blank = true; // none at the beginning
    for (const QChar c : decoded) {
        if (result.size() >= limit)
            break;
        const auto category = c.category();
        // Formatting characters turn the direction of a line or hide a part of it.
        const bool hides = category == QChar::Other_Control || category == QChar::Other_Format || c.isSpace()
            || category == QChar::Separator_Line || category == QChar::Separator_Paragraph;
        if (hides && blank)
            continue;
        result += hides ? QChar(u' ') : c;
        blank = hides;
    }
    if (!result.isEmpty() && result.back().isHighSurrogate())
        result.chop(1);
    return result.trimmed();
}

QString Reply::displayText() const
{
    return neutralised(lines.join(' '));
}

QString Reply::detail() const
{
    QString result = QString::number(code);
    if (enhanced)
        result += u' ' + enhanced->text();
    return result + u' ' + displayText();
}

void ReplyParser::clear()
{
    *this = ReplyParser();
}

void ReplyParser::feed(const QByteArray &bytes)
{
    QByteArrayView rest(bytes);
    while (!m_isBroken && !rest.isEmpty()) {
        const qsizetype end = rest.indexOf('\n');
        const qsizetype piece = end < 0 ? rest.size() : end;
        if (m_buffer.size() + piece > longestLine)
            return breakOn(m_buffer.isEmpty() ? rest.first(piece) : QByteArrayView(m_buffer));
        if (end < 0) {
            m_buffer.append(rest);
            return;
        }
        // Some servers end lines with a bare LF; a CR elsewhere is text, which neutralised() takes out.
        if (m_buffer.isEmpty()) {
            takeLine(rest.first(piece));
        } else {
            m_buffer.append(rest.first(piece));
            const QByteArray line = std::exchange(m_buffer, {});
            takeLine(line);
        }
        rest = rest.sliced(end + 1);
    }
}

void ReplyParser::breakOn(QByteArrayView line)
{
    m_isBroken = true;
    m_offender = line.first(std::min<qsizetype>(line.size(), 200)).toByteArray();
    m_buffer.clear();
    m_current = {};
}

void ReplyParser::takeLine(QByteArrayView line)
{
    if (line.endsWith('\r'))
        line.chop(1);
    // Three digits, read one by one into a range that is checked (CVE-2020-26970).
    if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !isDigit(line[1]) || !isDigit(line[2]))
        return breakOn(line);
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    const bool isLast = line.size() == 3 || line[3] == ' ';
    if (!isLast && line[3] != '-')
        return breakOn(line);
    if (!m_current.lines.isEmpty() && code != m_current.code)
        return breakOn(line);
    m_current.code = code;
    QByteArrayView text = line.size() > 4 ? line.sliced(4) : QByteArrayView();
    if (const auto enhanced = takeEnhanced(text, code / 100); enhanced && !m_current.enhanced)
        m_current.enhanced = enhanced;
    m_current.lines.append(text.toByteArray());
    m_currentBytes += line.size();
    if (m_current.lines.size() > mostLines || m_currentBytes > mostBytes || m_ready.size() >= mostWaiting)
        return breakOn(line);
    if (!isLast)
        return;
    m_ready.push_back(std::exchange(m_current, {}));
    m_currentBytes = 0;
}

std::optional<Reply> ReplyParser::next()
{
    if (m_ready.empty())
        return std::nullopt;
    Reply reply = std::move(m_ready.front());
    m_ready.pop_front();
    return reply;
}

} // namespace kittiwake::smtp
