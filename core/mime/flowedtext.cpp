// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/flowedtext.h"

namespace kittiwake::mime
{

namespace
{

/** RFC 3676 section 4.2: at most 78 with CRLF. */
constexpr qsizetype widest = 76;

/** How deep a line is quoted, and what it says: ">> x", "> > x" and ">>x" are two deep. */
struct QuotedLine {
    qsizetype depth = 0;
    QStringView text;

    explicit QuotedLine(QStringView line) : text(line)
    {
        while (text.startsWith(u'>')) {
            ++depth;
            text = text.sliced(1);
            if (text.startsWith(QLatin1String(" >")))
                text = text.sliced(1);
        }
        if (depth > 0 && text.startsWith(u' '))
            text = text.sliced(1);
    }
};

[[nodiscard]] bool needsStuffing(QStringView text, qsizetype depth)
{
    // Behind quote marks a blank always follows, for people, and is stuffing as well.
    return depth > 0 || text.startsWith(u' ') || text.startsWith(QLatin1String("From ")) || text.startsWith(u'>');
}

/** Where to break: behind the last blank that lets the line fit, else behind the first one there is; 0: nowhere. */
[[nodiscard]] qsizetype breakOf(QStringView text, qsizetype room)
{
    if (text.size() <= room)
        return 0;
    qsizetype at = text.lastIndexOf(u' ', room - 1);
    // A line of blanks alone would not be put together again as it was.
    if (at < 0 || text.first(at).trimmed().isEmpty())
        at = text.indexOf(u' ', room);
    if (at < 0 || at + 1 >= text.size())
        return 0;
    return at + 1;
}

void addParagraph(QString &out, const QuotedLine &line)
{
    QStringView text = line.text;
    if (text != QLatin1String("-- ")) {
        while (text.endsWith(u' '))
            text.chop(1);
    }
    const qsizetype room = std::max<qsizetype>(widest - line.depth - 1, 20);
    bool first = true;
    do {
        const qsizetype length = breakOf(text, room);
        const QStringView piece = length > 0 ? text.first(length) : text;
        text = length > 0 ? text.sliced(length) : QStringView();
        if (!first)
            out += u'\n';
        out += QString(line.depth, u'>');
        // An empty quoted line is just its marks.
        if (!piece.isEmpty() && needsStuffing(piece, line.depth))
            out += u' ';
        out += piece;
        first = false;
    } while (!text.isEmpty());
}

} // namespace

QString flowedText(const QString &text)
{
    QString out;
    out.reserve(text.size() + text.size() / 32);
    bool first = true;
    for (const QStringView line : QStringView(text).tokenize(u'\n')) {
        if (!first)
            out += u'\n';
        first = false;
        addParagraph(out, QuotedLine(line));
    }
    return out;
}

} // namespace kittiwake::mime
