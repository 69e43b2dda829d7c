// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/plaintextview.h"

#include "ui/reader/links.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QSyntaxHighlighter>
#include <QTextBlock>

namespace kittiwake::ui
{

namespace
{

// A paragraph longer than this is shown in pieces: laying out one of a megabyte takes seconds.
constexpr qsizetype maxParagraph = 8000;
constexpr int maxTextWidth = 760; // device-independent pixels; longer lines are hard to read

QString inPieces(const QString &text)
{
    QString result;
    qsizetype start = 0;
    while (start < text.size()) {
        qsizetype end = text.indexOf(QLatin1Char('\n'), start);
        if (end < 0)
            end = text.size();
        if (end - start > maxParagraph) {
            end = start + maxParagraph;
            if (text.at(end - 1).isHighSurrogate())
                --end;
            result += QStringView(text).mid(start, end - start);
            result += QLatin1Char('\n');
            start = end;
            continue;
        }
        result += QStringView(text).mid(start, end - start + 1);
        start = end + 1;
    }
    return result;
}

int quoteDepth(const QString &line)
{
    int depth = 0;
    for (const QChar c : line) {
        if (c == QLatin1Char('>'))
            ++depth;
        else if (c != QLatin1Char(' ') || depth == 0)
            break;
        if (depth > 20)
            break;
    }
    return depth;
}

struct BlockLinks final : public QTextBlockUserData {
    std::vector<TextLink> links;
};

} // namespace

class PlainTextView::Highlighter final : public QSyntaxHighlighter
{
public:
    Highlighter(QTextDocument *document, const QWidget *widget) : QSyntaxHighlighter(document), m_widget(widget) { }

protected:
    void highlightBlock(const QString &text) override
    {
        constexpr int signature = 1;
        const QPalette palette = m_widget->palette();
        const int depth = quoteDepth(text);
        const bool signs = text == QLatin1String("-- ") || (previousBlockState() == signature && depth == 0);
        setCurrentBlockState(signs ? signature : 0);
        QTextCharFormat format;
        if (depth > 0)
            format.setForeground(quoteColour(palette, depth));
        else if (signs)
            format.setForeground(theme::secondaryText(palette));
        if (depth > 0 || signs)
            setFormat(0, static_cast<int>(text.size()), format);

        auto *found = new BlockLinks;
        found->links = findLinks(text);
        for (const TextLink &link : found->links) {
            QTextCharFormat linkFormat;
            linkFormat.setForeground(theme::accent(palette));
            linkFormat.setFontUnderline(true);
            setFormat(link.start, link.length, linkFormat);
        }
        setCurrentBlockUserData(found);
    }

private:
    static QColor quoteColour(const QPalette &palette, int depth)
    {
        const bool dark = theme::isDark(palette);
        switch ((depth - 1) % 3) {
        case 0:
            return dark ? QColor(0x86b4dc) : QColor(0x33658f);
        case 1:
            return dark ? QColor(0x84c4a3) : QColor(0x2c6e4c);
        default:
            return dark ? QColor(0xc9a6dc) : QColor(0x7a4a94);
        }
    }

    const QWidget *m_widget;
};

PlainTextView::PlainTextView(QWidget *parent) : QPlainTextEdit(parent), m_highlighter(new Highlighter(document(), this))
{
    setReadOnly(true);
    setFrameShape(NoFrame);
    setUndoRedoEnabled(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setTabChangesFocus(true);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setAcceptDrops(false);
    document()->setDocumentMargin(0);
}

void PlainTextView::setMessageText(const QString &text)
{
    // The document has one alignment: that of the first letter with a direction. Each line still runs as it reads.
    m_rightToLeft = text.isRightToLeft();
    QTextOption option = document()->defaultTextOption();
    option.setAlignment(m_rightToLeft ? Qt::AlignRight : Qt::AlignLeft);
    option.setTextDirection(Qt::LayoutDirectionAuto);
    document()->setDefaultTextOption(option);
    updateMargins();
    setPlainText(inPieces(text));
    moveCursor(QTextCursor::Start);
}

bool PlainTextView::pageDown()
{
    QScrollBar *bar = verticalScrollBar();
    if (bar->value() >= bar->maximum())
        return false;
    bar->setValue(bar->value() + qMax(1, bar->pageStep() - 2)); // two lines stay as the thread to follow
    return true;
}

void PlainTextView::setZoom(double factor)
{
    m_zoom = factor;
    setFont(theme::scaled(QApplication::font(), 1.05 * factor));
    updateMargins();
}

/** Keeps lines at a length that can be read, at the beginning of the pane. */
void PlainTextView::updateMargins()
{
    constexpr int side = 24;
    const int extra = qMax(0, width() - 2 * side - qRound(maxTextWidth * m_zoom));
    setViewportMargins(m_rightToLeft ? extra + side : side, 16, m_rightToLeft ? side : extra + 8, 0);
}

void PlainTextView::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    updateMargins();
}

QUrl PlainTextView::linkAt(const QTextCursor &cursor) const
{
    const auto *found = static_cast<const BlockLinks *>(cursor.block().userData());
    if (!found)
        return {};
    const int at = cursor.positionInBlock();
    for (const TextLink &link : found->links) {
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
    const QUrl link = linkAt(event->position().toPoint());
    viewport()->setCursor(link.isEmpty() ? Qt::IBeamCursor : Qt::PointingHandCursor);
    Q_EMIT linkHovered(link.isEmpty() ? QString() : linkText(link));
}

void PlainTextView::mousePressEvent(QMouseEvent *event)
{
    m_pressed = event->position().toPoint();
    QPlainTextEdit::mousePressEvent(event);
}

void PlainTextView::mouseReleaseEvent(QMouseEvent *event)
{
    QPlainTextEdit::mouseReleaseEvent(event);
    const QPoint at = event->position().toPoint();
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

void PlainTextView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_highlighter->rehighlight();
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
    menu->popup(event->globalPos());
}

} // namespace kittiwake::ui
