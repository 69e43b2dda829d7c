// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QWidget>

namespace kittiwake::ui
{

/**
 * Text of other people, as plain text whatever it contains: wrapped anywhere, so that no part of a long address is
 * pushed out of sight, or on one line with "…" at its end and the whole in the tooltip. Its context menu copies it.
 */
class PlainLabel final : public QWidget
{
    Q_OBJECT

public:
    enum class Ink { Text, Secondary, Accent };

    explicit PlainLabel(QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] const QString &text() const { return m_text; }
    void setInk(Ink ink);
    /** Lines to show at most; the last ends in "…". 1: one line, wide as it may be. */
    void setMaxLines(int lines);
    /** What the context menu copies, where that is not the text. */
    void setCopyText(const QString &text) { m_copyText = text; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return m_maxLines != 1; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    [[nodiscard]] int lineCount(int width) const;
    void updateToolTip();

    QString m_text;
    QString m_copyText;
    Ink m_ink = Ink::Text;
    int m_maxLines = 1;
};

} // namespace kittiwake::ui
