// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/quotehighlighter.h"

namespace kittiwake::ui
{

namespace
{

enum State { Text = 0, Signature = 1 };

} // namespace

int quoteDepth(QStringView line)
{
    int depth = 0;
    while (line.startsWith(u'>')) {
        ++depth;
        line = line.sliced(1);
        if (line.startsWith(QLatin1String(" >")))
            line = line.sliced(1);
    }
    return depth;
}

QuoteHighlighter::QuoteHighlighter(QTextDocument *document) : QSyntaxHighlighter(document) { }

void QuoteHighlighter::setColours(const TextColours &colours)
{
    m_colours = colours;
    rehighlight();
}

void QuoteHighlighter::highlightBlock(const QString &text)
{
    const int depth = quoteDepth(text);
    // A quote below the signature is what is answered, and no part of it.
    const bool signature = depth == 0 && (text == QLatin1String("-- ") || previousBlockState() == Signature);
    setCurrentBlockState(signature ? Signature : Text);
    if (depth > 0)
        setFormat(0, static_cast<int>(text.size()),
                  m_colours.quotes.at((static_cast<std::size_t>(depth) - 1) % m_colours.quotes.size()));
    else if (signature)
        setFormat(0, static_cast<int>(text.size()), m_colours.signature);
}

} // namespace kittiwake::ui
