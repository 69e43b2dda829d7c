// SPDX-License-Identifier: GPL-3.0-or-later
// What people do to the text of a message with mouse and keyboard.
#include "ui/reader/links.h"
#include "ui/reader/plaintextview.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QTextBlock>

namespace kittiwake::ui
{

int PlainTextView::foldAt(const QPoint &position) const
{
    if (m_folds.isEmpty())
        return -1;
    QTextBlock block = firstVisibleBlock();
    QRectF geometry = blockBoundingGeometry(block).translated(contentOffset());
    while (block.isValid() && geometry.top() <= position.y()) {
        const qreal height = blockBoundingRect(block).height();
        if (block.isVisible() && position.y() < geometry.top() + height) {
            const int line = block.blockNumber();
            const bool isMark = m_folds.at(line) && foldMark(block, geometry).contains(position);
            const bool isNote = m_folds.isFolded(line) && foldNote(block, geometry).contains(position);
            return isMark || isNote ? line : -1;
        }
        geometry.moveTop(geometry.top() + height);
        block = block.next();
    }
    return -1;
}

QUrl PlainTextView::linkAt(const QTextCursor &cursor) const
{
    const int at = cursor.positionInBlock();
    for (const TextLink &link : findLinks(cursor.block().text())) {
        if (at >= link.start && at < link.start + link.length)
            return link.target;
    }
    return {};
}

QUrl PlainTextView::linkAt(const QPoint &position) const
{
    const QTextCursor cursor = cursorForPosition(position);
    // The cursor is the nearest one: beside the text there is no link.
    const QRectF line = blockBoundingGeometry(cursor.block()).translated(contentOffset());
    if (!line.contains(position))
        return {};
    const QRect caret = cursorRect(cursor);
    if (qAbs(caret.x() - position.x()) > 2 * fontMetrics().averageCharWidth())
        return {};
    return linkAt(cursor);
}

void PlainTextView::mouseMoveEvent(QMouseEvent *event)
{
    QPlainTextEdit::mouseMoveEvent(event);
    const QPoint at = event->position().toPoint();
    const QUrl link = linkAt(at);
    const bool points = !link.isEmpty() || foldAt(at) >= 0;
    viewport()->setCursor(points ? Qt::PointingHandCursor : Qt::IBeamCursor);
    Q_EMIT linkHovered(link.isEmpty() ? QString() : linkText(link));
}

void PlainTextView::mousePressEvent(QMouseEvent *event)
{
    m_pressed = event->position().toPoint();
    m_pressedFold = event->button() == Qt::LeftButton ? foldAt(m_pressed) : -1;
    if (m_pressedFold < 0)
        QPlainTextEdit::mousePressEvent(event);
}

void PlainTextView::mouseReleaseEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    if (m_pressedFold >= 0) {
        if (foldAt(at) == m_pressedFold)
            m_folds.toggle(*document(), m_pressedFold);
        m_pressedFold = -1;
        viewport()->update();
        return;
    }
    QPlainTextEdit::mouseReleaseEvent(event);
    if (event->button() != Qt::LeftButton || textCursor().hasSelection()
        || (at - m_pressed).manhattanLength() >= QApplication::startDragDistance())
        return;
    const QUrl link = linkAt(at);
    if (!link.isEmpty())
        Q_EMIT linkActivated(link);
}

void PlainTextView::leaveEvent(QEvent *event)
{
    QPlainTextEdit::leaveEvent(event);
    Q_EMIT linkHovered({});
}

void PlainTextView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        const QUrl link = linkAt(textCursor());
        if (!link.isEmpty())
            Q_EMIT linkActivated(link);
        return;
    }
    if (event->key() == Qt::Key_Space) {
        event->ignore(); // the window pages, and goes on to the next unread message
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void PlainTextView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QUrl link = linkAt(event->pos());
    if (!link.isEmpty()) {
        menu->addAction(tr("Copy link"), this, [link] { QGuiApplication::clipboard()->setText(linkText(link)); });
        menu->addSeparator();
    }
    QAction *copyAction = menu->addAction(tr("Copy"), this, &QPlainTextEdit::copy);
    copyAction->setEnabled(textCursor().hasSelection());
    menu->addAction(tr("Select all"), this, &QPlainTextEdit::selectAll);
    if (hasFolds()) {
        menu->addSeparator();
        menu->addAction(tr("Fold all quotes"), this, [this] { foldQuotes(true); });
        menu->addAction(tr("Unfold all quotes"), this, [this] { foldQuotes(false); })->setEnabled(anyFolded());
    }
    menu->popup(event->globalPos());
}

} // namespace kittiwake::ui
