// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/textlines.h"
#include "ui/reader/textfolds.h"

#include <QPlainTextEdit>
#include <QTimer>
#include <QUrl>

namespace kittiwake::ui
{

class TextLayout;

/**
 * The text of a message, as text whatever it contains: set as text, never as HTML (CVE-2026-54433). Quotes are coloured
 * by their depth and can be folded, signatures are dimmed, web and mail addresses are links, tables keep their columns,
 * each paragraph runs from its own side. What is long is taken apart in a worker thread and comes into the view in
 * pieces, so that the window answers meanwhile; its beginning is there at once.
 */
class PlainTextView final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit PlainTextView(QWidget *parent = nullptr);

    void setMessageText(const QString &text);
    /** More of the text is still to come. */
    [[nodiscard]] bool isFilling() const { return m_isFilling; }
    /** False where the end was in sight already. */
    bool pageDown();
    /** Steps of a tenth around 1. */
    void setZoom(double factor);

    void setFixedWidth(bool on);
    [[nodiscard]] bool isFixedWidth() const;
    /** Whether there are quotes long enough to be folded; known when the text is whole. */
    [[nodiscard]] bool hasFolds() const { return !m_folds.isEmpty(); }
    [[nodiscard]] bool anyFolded() const { return m_folds.anyFolded(); }
    void foldQuotes(bool on);
    [[nodiscard]] const TextLayout &textLayout() const { return *m_layout; }

Q_SIGNALS:
    void linkHovered(const QString &target); ///< empty: none
    void linkActivated(const QUrl &target);
    void filled(); ///< the text is whole

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void start(mime::ArrangedText arranged);
    void takeRest(mime::ArrangedText arranged, qsizetype done);
    void fillMore();
    void finish();
    void updateColours();
    [[nodiscard]] QUrl linkAt(const QPoint &position) const;
    [[nodiscard]] QUrl linkAt(const QTextCursor &cursor) const;
    [[nodiscard]] int foldAt(const QPoint &position) const; ///< number of its first line; -1: none
    [[nodiscard]] QRect foldMark(const QTextBlock &block, const QRectF &geometry) const;
    [[nodiscard]] QRect foldNote(const QTextBlock &block, const QRectF &geometry) const;
    [[nodiscard]] QString foldNoteText(const mime::TextFold &fold) const;
    void updateMargins();

    TextLayout *m_layout;
    TextFolds m_folds;
    QTimer m_fillTimer;
    mime::ArrangedText m_pending; ///< what is on its way into the document
    qsizetype m_filled = 0; ///< characters of it that are there
    qsizetype m_piece = 0; ///< characters that go in at a time
    quint64 m_serial = 0; ///< of the text: what a worker brings for an older one is dropped
    bool m_isFilling = false;
    QPoint m_pressed;
    int m_pressedFold = -1;
    double m_zoom = 1.0;
    bool m_rightToLeft = false;
};

} // namespace kittiwake::ui
