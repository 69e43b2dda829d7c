// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/plaintextview.h"

#include "ui/reader/textlayout.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPaintEvent>
#include <QPainter>
#include <QPointer>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTextBlock>
#include <QThreadPool>

namespace kittiwake::ui
{

namespace
{

constexpr int maxTextWidth = 760; // device-independent pixels; longer lines are hard to read
constexpr int side = 24; // from the edge to the text, the gutter of the layout included

// What is shorter is taken apart and shown at once: a few milliseconds. It is the first page of what is longer.
constexpr qsizetype atOnce = 48 * 1024;
constexpr qsizetype firstPiece = 16 * 1024;
constexpr qsizetype smallestPiece = 2 * 1024;
constexpr qsizetype largestPiece = 256 * 1024;
constexpr qint64 pieceNs = 4'000'000; // of the window's time

bool runsFromTheRight(const std::vector<mime::TextLine> &lines)
{
    constexpr std::size_t looked = 200;
    const std::size_t size = std::min(lines.size(), looked);
    const auto count = std::count_if(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(size),
                                     [](const mime::TextLine &line) { return line.isRightToLeft; });
    return static_cast<std::size_t>(count) * 2 > size;
}

} // namespace

PlainTextView::PlainTextView(QWidget *parent) : QPlainTextEdit(parent), m_layout(nullptr)
{
    auto *text = new QTextDocument(this);
    m_layout = new TextLayout(text);
    text->setDocumentLayout(m_layout);
    text->setDefaultFont(font());
    text->setDocumentMargin(0);
    setDocument(text);
    setReadOnly(true);
    setFrameShape(NoFrame);
    setUndoRedoEnabled(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setAcceptDrops(false);
    updateColours();
    m_fillTimer.setInterval(0);
    connect(&m_fillTimer, &QTimer::timeout, this, &PlainTextView::fillMore);
    // Who searches or goes on by keyboard must see where they are.
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        if (!textCursor().block().isVisible())
            m_folds.reveal(*document(), textCursor().blockNumber());
    });
}

void PlainTextView::setMessageText(const QString &text)
{
    ++m_serial;
    m_fillTimer.stop();
    m_pending = {};
    m_isFilling = false;
    if (text.size() <= atOnce) {
        start(mime::arrangeText(text));
        finish();
        return;
    }
    m_isFilling = true;
    const qsizetype end = QStringView(text).first(atOnce / 2).lastIndexOf(u'\n');
    mime::ArrangedText head = mime::arrangeText(end > 0 ? text.left(end) : QString());
    const qsizetype done = end > 0 ? head.text.size() : 0;
    start(std::move(head));
    const QPointer<PlainTextView> guard(this);
    QThreadPool::globalInstance()->start([guard, text, done, serial = m_serial] {
        // Only the value crosses; the view may be gone by then, which the window's thread finds out.
        QMetaObject::invokeMethod(qApp, [guard, done, serial, arranged = mime::arrangeText(text)]() mutable {
            if (guard && guard->m_serial == serial)
                guard->takeRest(std::move(arranged), done);
        });
    });
}

/** The first page, or all of it. */
void PlainTextView::start(mime::ArrangedText arranged)
{
    m_rightToLeft = runsFromTheRight(arranged.lines);
    m_folds.setFolds({});
    m_layout->setLines(std::move(arranged.lines));
    updateMargins();
    setPlainText(arranged.text);
    moveCursor(QTextCursor::Start);
}

void PlainTextView::takeRest(mime::ArrangedText arranged, qsizetype done)
{
    m_pending = std::move(arranged);
    // What is there keeps its looks but for the paragraph at its end, which is known whole only now.
    m_layout->setLines(m_pending.lines);
    m_filled = done;
    m_piece = firstPiece;
    m_fillTimer.start();
}

void PlainTextView::fillMore()
{
    QElapsedTimer timer;
    timer.start();
    QStringView rest = QStringView(m_pending.text).sliced(m_filled);
    if (rest.size() > m_piece) {
        rest = rest.first(m_piece);
        // Whole lines: one that grows would be laid out twice.
        if (const qsizetype end = rest.lastIndexOf(u'\n'); end > 0)
            rest = rest.first(end);
    }
    // What is in sight stays as it is, so it is not painted again for each piece: a page of long lines costs more than
    // the piece itself.
    const bool atEnd = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    {
        const QSignalBlocker quiet(m_layout);
        QTextCursor cursor(document());
        cursor.movePosition(QTextCursor::End);
        cursor.insertText(rest.toString());
    }
    m_layout->tellSize();
    if (atEnd)
        viewport()->update();
    m_filled += rest.size();
    const qint64 took = timer.nsecsElapsed();
    if (took > pieceNs)
        m_piece = std::max(m_piece / 2, smallestPiece);
    else if (took < pieceNs / 2)
        m_piece = std::min(m_piece * 2, largestPiece);
    if (m_filled >= m_pending.text.size())
        finish();
}

void PlainTextView::finish()
{
    m_fillTimer.stop();
    m_isFilling = false;
    m_pending = {};
    m_folds.setFolds(mime::findFolds(m_layout->lines()));
    viewport()->update();
    Q_EMIT filled();
}

bool PlainTextView::pageDown()
{
    QScrollBar *bar = verticalScrollBar();
    if (bar->value() >= bar->maximum())
        return m_isFilling; // the rest is about to come
    bar->setValue(bar->value() + qMax(1, bar->pageStep() - 2)); // two lines stay as the thread to follow
    return true;
}

void PlainTextView::setZoom(double factor)
{
    m_zoom = factor;
    setFont(theme::scaled(QApplication::font(), 1.05 * factor));
    updateMargins();
}

void PlainTextView::setFixedWidth(bool on)
{
    m_layout->setFixedWidth(on);
}

bool PlainTextView::isFixedWidth() const
{
    return m_layout->isFixedWidth();
}

void PlainTextView::foldQuotes(bool on)
{
    m_folds.foldAll(*document(), on);
    viewport()->update();
}

void PlainTextView::updateColours()
{
    m_layout->setColours(textColours(palette()));
}

/** Keeps lines at a length that can be read, at the beginning of the pane. */
void PlainTextView::updateMargins()
{
    constexpr int edge = side - TextLayout::gutter;
    const int extra = qMax(0, width() - 2 * side - qRound(maxTextWidth * m_zoom));
    setViewportMargins(m_rightToLeft ? extra + edge : edge, 16, m_rightToLeft ? edge : extra, 0);
}

void PlainTextView::resizeEvent(QResizeEvent *event)
{
    // Not the base class's: it goes through all lines of the document to forget their layout.
    QAbstractScrollArea::resizeEvent(event); // NOLINT(bugprone-parent-virtual-call)
    updateMargins();
    m_layout->setWidth(viewport()->width());
}

QRect PlainTextView::foldMark(const QTextBlock &block, const QRectF &geometry) const
{
    const bool fromTheRight = m_layout->line(block.blockNumber()).isRightToLeft;
    const QTextLine line = block.layout()->lineAt(0);
    const int height = line.isValid() ? qRound(line.height()) : fontMetrics().height();
    const int x = fromTheRight ? viewport()->width() - TextLayout::gutter : 0;
    return {x, qRound(geometry.top()), TextLayout::gutter - 2, height};
}

QString PlainTextView::foldNoteText(const mime::TextFold &fold) const
{
    return tr("%Ln more line(s)", "of a quote that is folded", fold.last - fold.first);
}

/** Behind the first line of a quote that is folded: how much is out of sight. */
QRect PlainTextView::foldNote(const QTextBlock &block, const QRectF &geometry) const
{
    const mime::TextFold *fold = m_folds.at(block.blockNumber());
    const QTextLayout *layout = block.layout();
    if (!fold || layout->lineCount() == 0)
        return {};
    const QTextLine line = layout->lineAt(layout->lineCount() - 1);
    const QRectF text = line.naturalTextRect();
    const int width = fontMetrics().horizontalAdvance(foldNoteText(*fold)) + 16;
    const bool fromTheRight = m_layout->line(block.blockNumber()).isRightToLeft;
    const int most = viewport()->width() - TextLayout::gutter - width;
    const int x = fromTheRight ? qMax(TextLayout::gutter, qRound(text.left()) - width - 10)
                               : qBound(TextLayout::gutter, qRound(text.right()) + 10, most);
    return {x, qRound(geometry.top() + line.y()), width, qRound(line.height())};
}

void PlainTextView::paintEvent(QPaintEvent *event)
{
    QPlainTextEdit::paintEvent(event);
    if (m_folds.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    QTextBlock block = firstVisibleBlock();
    QRectF geometry = blockBoundingGeometry(block).translated(contentOffset());
    while (block.isValid() && geometry.top() <= event->rect().bottom()) {
        const mime::TextFold *fold = block.isVisible() ? m_folds.at(block.blockNumber()) : nullptr;
        if (fold) {
            const bool folded = m_folds.isFolded(fold->first);
            const bool fromTheRight = m_layout->line(fold->first).isRightToLeft;
            const QString name = !folded ? QStringLiteral("chevron-down")
                : fromTheRight           ? QStringLiteral("chevron-left")
                                         : QStringLiteral("chevron-right");
            paintIcon(painter, foldMark(block, geometry), name, theme::secondaryText(palette()), 14);
            if (folded) {
                const QRect note = foldNote(block, geometry);
                painter.setPen(Qt::NoPen);
                painter.setBrush(theme::mix(palette().color(QPalette::Base), palette().color(QPalette::Window), 0.8));
                painter.drawRoundedRect(note.adjusted(0, 1, 0, -1), theme::radius, theme::radius);
                painter.setPen(theme::secondaryText(palette()));
                painter.setFont(font());
                painter.drawText(note, Qt::AlignCenter, foldNoteText(*fold));
            }
        }
        const QTextBlock next = block.next();
        geometry.moveTop(geometry.top() + blockBoundingRect(block).height());
        block = next;
    }
}

void PlainTextView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateColours();
}

} // namespace kittiwake::ui
