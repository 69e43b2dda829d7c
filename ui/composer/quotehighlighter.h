// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/reader/textlayout.h"

#include <QSyntaxHighlighter>

namespace kittiwake::ui
{

/** How deep a line is quoted: ">> x", "> > x" and ">>x" are two deep. */
[[nodiscard]] int quoteDepth(QStringView line);

/** Colours quotes by their depth, and dims the signature. */
class QuoteHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    explicit QuoteHighlighter(QTextDocument *document);

    void setColours(const TextColours &colours);

protected:
    void highlightBlock(const QString &text) override;

private:
    TextColours m_colours;
};

} // namespace kittiwake::ui
