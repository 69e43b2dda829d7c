// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/textlines.h"

#include <QColor>
#include <QPalette>
#include <QPlainTextDocumentLayout>

#include <array>
#include <cstdint>
#include <vector>

namespace kittiwake::ui
{

/** The colours of a text, taken from the palette when it changes. */
struct TextColours {
    QColor signature;
    QColor link;
    std::array<QColor, 3> quotes; ///< by depth, again from the first one on
};
[[nodiscard]] TextColours textColours(const QPalette &palette);

/**
 * Lays out the lines of a message as what they are: quotes in their colours, signatures dimmed, links underlined,
 * tables in letters of one width and not wrapped, each paragraph from its own side. Works line by line when a line
 * comes into sight, so that a text of many megabytes costs no more than one page. The document itself holds nothing but
 * text.
 */
class TextLayout final : public QPlainTextDocumentLayout
{
    Q_OBJECT

public:
    static constexpr int gutter = 18; ///< on both sides, for the marks of folds; device-independent pixels

    explicit TextLayout(QTextDocument *document);

    /** What the lines are; may be told before they are in the document. */
    void setLines(std::vector<mime::TextLine> lines);
    [[nodiscard]] const std::vector<mime::TextLine> &lines() const { return m_lines; }
    [[nodiscard]] mime::TextLine line(int number) const;
    void setColours(const TextColours &colours);
    /** All letters of one width, whatever the lines are; long lines are wrapped still. */
    void setFixedWidth(bool on);
    [[nodiscard]] bool isFixedWidth() const { return m_fixedWidth; }
    /** Of the view; lines are wrapped there. */
    void setWidth(int width);

    /** After lines were added while its signals were blocked. */
    void tellSize();

    [[nodiscard]] QRectF blockBoundingRect(const QTextBlock &block) const override;
    [[nodiscard]] QSizeF documentSize() const override;

private:
    void layOut(const QTextBlock &block, const mime::TextLine &line) const;
    [[nodiscard]] QList<QTextLayout::FormatRange> formatsOf(const QString &text, const mime::TextLine &line) const;
    void relayout();

    std::vector<mime::TextLine> m_lines;
    TextColours m_colours;
    bool m_fixedWidth = false;
    int m_width = 0;
    std::uint32_t m_generation = 1; ///< of what was laid out: to forget all of it costs nothing
    mutable std::vector<std::uint32_t> m_laidOut; ///< by line: in which generation
    mutable qreal m_widest = 0; ///< of the lines that are not wrapped, as far as they were laid out
};

} // namespace kittiwake::ui
