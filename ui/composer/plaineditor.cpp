// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/plaineditor.h"

#include "core/mime/reply.h"
#include "ui/composer/editormargins.h"
#include "ui/composer/offered.h"
#include "ui/composer/quotehighlighter.h"
#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>

#include <cmath>

namespace kittiwake::ui
{

namespace
{

constexpr int columns = 76; // where flowedText() wraps

} // namespace

PlainEditor::PlainEditor(QWidget *parent) : QPlainTextEdit(parent), m_highlighter(new QuoteHighlighter(document()))
{
    setFrameShape(NoFrame);
    setTabChangesFocus(true);
    // Every line is wrapped; a blank at its end that is wider than the rest (Qt 6.4 counts it) needs no scroll bar.
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    document()->setDocumentMargin(0);
    m_highlighter->setColours(textColours(palette()));
    updateMargins();
}

int PlainEditor::widestText() const
{
    if (!m_fixedPitch)
        return widestLetter;
    return static_cast<int>(std::ceil(QFontMetricsF(font()).horizontalAdvance(QLatin1Char('x')) * columns)) + 4;
}

void PlainEditor::setFixedPitch(bool on)
{
    m_fixedPitch = on;
    QFont wanted = QGuiApplication::font();
    if (on) {
        wanted = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        wanted.setPointSizeF(QGuiApplication::font().pointSizeF());
    }
    setFont(wanted);
    updateMargins();
}

void PlainEditor::updateMargins()
{
    const QMargins margins = editorMargins(*this, widestText());
    if (margins != viewportMargins())
        setViewportMargins(margins);
}

/** Before the viewport is resized: else its text is laid out for a width that it has for a moment, and may stay so. */
bool PlainEditor::event(QEvent *event)
{
    if (event->type() == QEvent::Resize)
        updateMargins();
    return QPlainTextEdit::event(event);
}

void PlainEditor::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_highlighter->setColours(textColours(palette()));
    else if (event->type() == QEvent::LayoutDirectionChange)
        updateMargins();
}

bool PlainEditor::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasText() || !offeredFiles(*source).isEmpty() || source->hasImage();
}

void PlainEditor::insertFromMimeData(const QMimeData *source)
{
    if (const QStringList files = offeredFiles(*source); !files.isEmpty()) {
        Q_EMIT filesOffered(files);
        return;
    }
    if (const QImage picture = offeredPicture(*source); !picture.isNull()) {
        Q_EMIT pictureOffered(picture);
        return;
    }
    if (!source->hasText())
        return;
    QString text = source->text();
    text.replace(QChar::Nbsp, u' ');
    insertPlainText(text);
}

void PlainEditor::pasteAsQuotation()
{
    const QString text = QGuiApplication::clipboard()->text();
    if (text.trimmed().isEmpty())
        return;
    QTextCursor cursor = textCursor();
    cursor.beginEditBlock();
    if (!cursor.atBlockStart())
        cursor.insertBlock();
    cursor.insertText(mime::quotedText(text));
    cursor.insertBlock();
    cursor.endEditBlock();
    setTextCursor(cursor);
}

/** In the middle of a quote: what is written now stands between its two halves. */
bool PlainEditor::splitQuote()
{
    QTextCursor cursor = textCursor();
    const QString line = cursor.block().text();
    const int depth = quoteDepth(line);
    if (depth == 0 || cursor.hasSelection() || cursor.atBlockStart())
        return false;
    const QString rest = line.mid(cursor.positionInBlock());
    cursor.beginEditBlock();
    if (rest.trimmed().isEmpty()) {
        cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        cursor.removeSelectedText();
        cursor.insertBlock();
        // The quote goes on below: room for an answer between the two.
        if (quoteDepth(cursor.block().next().text()) > 0) {
            cursor.insertBlock();
            cursor.movePosition(QTextCursor::PreviousBlock);
        }
    } else {
        // The blank at which it was opened belongs to neither half.
        for (qsizetype i = 0; i < rest.size() && rest.at(i) == u' '; ++i)
            cursor.deleteChar();
        cursor.insertBlock();
        cursor.insertBlock();
        cursor.insertText(QString(depth, u'>') + u' ');
        cursor.movePosition(QTextCursor::PreviousBlock);
    }
    cursor.endEditBlock();
    setTextCursor(cursor);
    return true;
}

void PlainEditor::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & ~Qt::KeypadModifier) && splitQuote())
        return;
    QPlainTextEdit::keyPressEvent(event);
}

} // namespace kittiwake::ui
