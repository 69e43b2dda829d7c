// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/plaintext.h"

namespace kittiwake::mime
{

namespace
{

/// A line of format=flowed, taken apart as RFC 3676 section 4.1 orders: quote marks, stuffing, then the flow.
struct FlowedLine {
    qsizetype depth = 0;
    QStringView text;

    explicit FlowedLine(QStringView line)
    {
        while (depth < line.size() && line[depth] == u'>')
            ++depth;
        text = line.sliced(depth);
        if (text.startsWith(u' '))
            text = text.sliced(1);
    }

    [[nodiscard]] bool isSignature() const { return text == QLatin1String("-- "); }
    [[nodiscard]] bool flows() const { return text.endsWith(u' ') && !isSignature(); }
};

void addQuoteMarks(QString &out, qsizetype depth)
{
    for (qsizetype level = 0; level < depth; ++level)
        out += u'>';
    if (depth > 0)
        out += u' ';
}

} // namespace

QString normaliseText(QString text)
{
    qsizetype to = 0;
    QChar *const data = text.data();
    for (qsizetype at = 0; at < text.size(); ++at) {
        const char16_t unit = data[at].unicode();
        if (unit == u'\r') {
            if (at + 1 < text.size() && data[at + 1] == u'\n')
                continue;
            data[to++] = u'\n';
        } else if (unit == QChar::LineSeparator || unit == QChar::ParagraphSeparator) {
            data[to++] = u'\n';
        } else if (unit >= 0xFDD0 && unit <= 0xFDEF) {
            continue; // no characters (Unicode 23.7); Qt's documents use two of them as marks of their own
        } else if (unit >= 0x20 ? (unit < 0x7F || unit > 0x9F) : (unit == u'\n' || unit == u'\t')) {
            data[to++] = data[at];
        }
    }
    while (to > 0 && (data[to - 1] == u'\n' || data[to - 1] == u' ' || data[to - 1] == u'\t'))
        --to;
    text.truncate(to);
    return text;
}

QString joinFlowedLines(const QString &text, bool deleteSpace)
{
    QString out;
    out.reserve(text.size());
    bool first = true;
    bool open = false; ///< the last line flows into the next
    qsizetype openDepth = 0;
    for (const QStringView raw : QStringView(text).tokenize(u'\n')) {
        const FlowedLine line(raw);
        // A change of depth, or a signature, ends a paragraph whatever its last line says (RFC 3676 section 4.5, 4.3).
        const bool continues = open && line.depth == openDepth && !line.isSignature();
        if (!continues) {
            if (!first)
                out += u'\n';
            addQuoteMarks(out, line.depth);
        }
        const bool flows = line.flows();
        out += flows && deleteSpace ? line.text.chopped(1) : line.text;
        first = false;
        open = flows;
        openDepth = line.depth;
    }
    return out;
}

} // namespace kittiwake::mime
