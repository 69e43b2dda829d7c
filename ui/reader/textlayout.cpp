// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/textlayout.h"

#include "ui/reader/links.h"
#include "ui/widgets/theme.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>

namespace kittiwake::ui
{

TextColours textColours(const QPalette &palette)
{
    const bool dark = theme::isDark(palette);
    TextColours colours;
    colours.signature = theme::secondaryText(palette);
    colours.link = theme::accent(palette);
    colours.quotes = dark ? std::array{QColor(0x86b4dc), QColor(0x84c4a3), QColor(0xc9a6dc)}
                          : std::array{QColor(0x33658f), QColor(0x2c6e4c), QColor(0x7a4a94)};
    return colours;
}

TextLayout::TextLayout(QTextDocument *document) : QPlainTextDocumentLayout(document) { }

void TextLayout::setLines(std::vector<mime::TextLine> lines)
{
    m_lines = std::move(lines);
    relayout();
}

mime::TextLine TextLayout::line(int number) const
{
    const auto index = static_cast<std::size_t>(number);
    return number >= 0 && index < m_lines.size() ? m_lines[index] : mime::TextLine{};
}

void TextLayout::setColours(const TextColours &colours)
{
    m_colours = colours;
    relayout();
}

void TextLayout::setFixedWidth(bool on)
{
    m_fixedWidth = on;
    relayout();
}

void TextLayout::setWidth(int width)
{
    if (width != m_width) {
        m_width = width;
        relayout();
    }
}

/** Forgets what was laid out; only what comes into sight is laid out again. */
void TextLayout::relayout()
{
    ++m_generation;
    m_widest = 0;
    Q_EMIT documentSizeChanged(documentSize());
    Q_EMIT update();
}

void TextLayout::tellSize()
{
    Q_EMIT documentSizeChanged(documentSize());
}

QList<QTextLayout::FormatRange> TextLayout::formatsOf(const QString &text, const mime::TextLine &line) const
{
    QList<QTextLayout::FormatRange> formats;
    QTextCharFormat whole;
    if (line.depth > 0)
        whole.setForeground(m_colours.quotes.at((line.depth - 1U) % m_colours.quotes.size()));
    else if (line.isSignature)
        whole.setForeground(m_colours.signature);
    if (m_fixedWidth || line.isFixed) {
        static const QStringList families = QFontDatabase::systemFont(QFontDatabase::FixedFont).families();
        whole.setFontFamilies(families);
        whole.setFontFixedPitch(true);
    }
    if (!whole.isEmpty())
        formats.append({0, static_cast<int>(text.size()), whole});
    for (const TextLink &link : findLinks(text)) {
        QTextCharFormat format = whole;
        format.setForeground(m_colours.link);
        format.setFontUnderline(true);
        formats.append({link.start, link.length, format});
    }
    return formats;
}

void TextLayout::layOut(const QTextBlock &block, const mime::TextLine &line) const
{
    QTextLayout *layout = block.layout();
    QTextOption option = document()->defaultTextOption();
    // The side by name: Qt would turn "left" round for a text that runs from the right.
    option.setTextDirection(line.isRightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    option.setAlignment((line.isRightToLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute);
    option.setWrapMode(line.isFixed ? QTextOption::NoWrap : QTextOption::WrapAtWordBoundaryOrAnywhere);
    const QList<QTextLayout::FormatRange> formats = formatsOf(block.text(), line);
    if (layout->formats() != formats)
        layout->setFormats(formats);
    layout->setTextOption(option);

    const qreal width = qMax(100, m_width - 2 * gutter);
    qreal height = 0;
    layout->beginLayout();
    while (true) {
        QTextLine row = layout->createLine();
        if (!row.isValid())
            break;
        row.setLeadingIncluded(true);
        row.setLineWidth(width);
        row.setPosition(QPointF(gutter, height));
        height += row.height();
        if (line.isFixed && row.naturalTextWidth() + 2 * gutter > m_widest)
            m_widest = row.naturalTextWidth() + 2 * gutter;
    }
    layout->endLayout();
    QTextBlock(block).setLineCount(layout->lineCount());
}

QRectF TextLayout::blockBoundingRect(const QTextBlock &block) const
{
    if (!block.isValid() || !block.isVisible())
        return {};
    const int number = block.blockNumber();
    const auto index = static_cast<std::size_t>(number);
    if (index >= m_laidOut.size())
        m_laidOut.resize(index + 1, 0);
    if (m_laidOut[index] != m_generation || block.layout()->lineCount() == 0) {
        m_laidOut[index] = m_generation;
        const qreal before = m_widest;
        layOut(block, line(number));
        // As the base class does from the same place: the bar for scrolling sideways learns of it.
        if (m_widest > before && m_widest > m_width)
            Q_EMIT const_cast<TextLayout *>(this)->documentSizeChanged(documentSize()); // NOLINT
    }
    return QPlainTextDocumentLayout::blockBoundingRect(block);
}

QSizeF TextLayout::documentSize() const
{
    const QSizeF size = QPlainTextDocumentLayout::documentSize();
    return {qMax<qreal>(m_width, m_widest), size.height()};
}

} // namespace kittiwake::ui
