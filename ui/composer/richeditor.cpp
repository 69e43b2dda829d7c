// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/richeditor.h"

#include "core/mime/sanitiser.h"
#include "ui/composer/editormargins.h"
#include "ui/composer/offered.h"
#include "ui/widgets/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QImage>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextList>

namespace kittiwake::ui
{

namespace
{

constexpr int quoteIndent = 16;

/** On both sides: from which one a line is read shows when it is written. */
void indentQuote(QTextBlockFormat &format, int depth)
{
    format.setLeftMargin(depth * quoteIndent);
    format.setRightMargin(depth * quoteIndent);
}

} // namespace

RichEditor::RichEditor(QWidget *parent) : QTextEdit(parent), m_document(new RichDocument(this))
{
    m_document->setDocumentMargin(0);
    m_document->setDefaultFont(font());
    setDocument(m_document);
    setFrameShape(NoFrame);
    setTabChangesFocus(true);
    setAutoFormatting(AutoNone);
    updateMargins();
}

void RichEditor::setText(const QString &text)
{
    ui::setPlainText(*m_document, text);
    moveCursor(QTextCursor::Start);
}

void RichEditor::setBody(const QString &html, const std::vector<mime::OutgoingFile> &pictures)
{
    for (const mime::OutgoingFile &picture : pictures)
        m_document->addPicture(picture);
    m_document->clear();
    // Between our saving and our opening it lay where others can write.
    m_document->setHtml(QString::fromUtf8(
        mime::sanitiseHtml(html.toUtf8(), QByteArrayLiteral("kw-part1"), mime::SanitiserPurpose::Quotation).body));
    // Lists and quotes as this editor makes them.
    for (QTextBlock block = m_document->begin(); block.isValid(); block = block.next()) {
        const int depth = block.blockFormat().intProperty(QTextFormat::BlockQuoteLevel);
        QTextBlockFormat format = block.blockFormat();
        format.setTopMargin(0);
        format.setBottomMargin(0);
        indentQuote(format, depth);
        QTextCursor cursor(block);
        cursor.setBlockFormat(format);
        // "<div>text<br></div>" is one line in a mail, and would be two in an editor.
        if (block.text().endsWith(QChar::LineSeparator)) {
            cursor.movePosition(QTextCursor::EndOfBlock);
            cursor.deletePreviousChar();
        }
    }
    m_document->clearUndoRedoStacks();
    moveCursor(QTextCursor::Start);
}

void RichEditor::insertPicture(const mime::OutgoingFile &picture)
{
    m_document->addPicture(picture);
    const auto *bytes = std::get_if<QByteArray>(&picture.content);
    const QImage image = bytes != nullptr ? QImage::fromData(*bytes) : QImage();
    if (image.isNull())
        return;
    QTextImageFormat format;
    format.setName(QLatin1String("cid:") + QString::fromUtf8(picture.contentId));
    format.setWidth(qMin(image.width(), qMin(widestLetter, qMax(120, viewport()->width()))));
    textCursor().insertImage(format);
}

void RichEditor::merge(const QTextCharFormat &format)
{
    QTextCursor cursor = textCursor();
    if (!cursor.hasSelection())
        cursor.select(QTextCursor::WordUnderCursor);
    if (cursor.hasSelection() && cursor.selectionEnd() > textCursor().position())
        cursor.mergeCharFormat(format);
    else if (textCursor().hasSelection())
        cursor.mergeCharFormat(format);
    mergeCurrentCharFormat(format);
}

void RichEditor::setBold(bool on)
{
    QTextCharFormat format;
    format.setFontWeight(on ? QFont::Bold : QFont::Normal);
    merge(format);
}

void RichEditor::setItalic(bool on)
{
    QTextCharFormat format;
    format.setFontItalic(on);
    merge(format);
}

void RichEditor::setUnderlined(bool on)
{
    QTextCharFormat format;
    format.setFontUnderline(on);
    merge(format);
}

void RichEditor::setStruckOut(bool on)
{
    QTextCharFormat format;
    format.setFontStrikeOut(on);
    merge(format);
}

void RichEditor::setSizeStep(int step)
{
    QTextCharFormat format;
    format.setProperty(QTextFormat::FontSizeAdjustment, step);
    merge(format);
}

void RichEditor::setColour(const QColor &colour)
{
    QTextCursor cursor = textCursor();
    if (colour.isValid()) {
        QTextCharFormat format;
        format.setForeground(colour);
        merge(format);
        return;
    }
    const int from = cursor.selectionStart();
    const int to = cursor.selectionEnd();
    for (QTextBlock block = m_document->findBlock(from); block.isValid() && block.position() <= to;
         block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment fragment = it.fragment();
            const int start = qMax(from, fragment.position());
            const int end = qMin(to, fragment.position() + fragment.length());
            if (start >= end)
                continue;
            QTextCharFormat format = fragment.charFormat();
            format.clearForeground();
            cursor.setPosition(start);
            cursor.setPosition(end, QTextCursor::KeepAnchor);
            cursor.setCharFormat(format);
        }
    }
    QTextCharFormat current = currentCharFormat();
    current.clearForeground();
    setCurrentCharFormat(current);
}

void RichEditor::toggleList(QTextListFormat::Style style)
{
    QTextCursor cursor = textCursor();
    cursor.beginEditBlock();
    QTextList *list = cursor.currentList();
    if (list != nullptr && list->format().style() == style) {
        QTextBlock block = m_document->findBlock(cursor.selectionStart());
        const QTextBlock end = m_document->findBlock(cursor.selectionEnd());
        while (block.isValid()) {
            if (QTextList *its = block.textList())
                its->remove(block);
            QTextCursor at(block);
            QTextBlockFormat format = block.blockFormat();
            format.setIndent(0);
            at.setBlockFormat(format);
            if (block == end)
                break;
            block = block.next();
        }
    } else {
        QTextListFormat format;
        format.setStyle(style);
        format.setIndent(1);
        cursor.createList(format);
    }
    cursor.endEditBlock();
}

void RichEditor::changeQuote(int by)
{
    QTextCursor cursor = textCursor();
    cursor.beginEditBlock();
    QTextBlock block = m_document->findBlock(cursor.selectionStart());
    const QTextBlock end = m_document->findBlock(cursor.selectionEnd());
    while (block.isValid()) {
        QTextBlockFormat format = block.blockFormat();
        const int depth = qBound(0, format.intProperty(QTextFormat::BlockQuoteLevel) + by, 5);
        format.setProperty(QTextFormat::BlockQuoteLevel, depth);
        indentQuote(format, depth);
        QTextCursor(block).setBlockFormat(format);
        if (block == end)
            break;
        block = block.next();
    }
    cursor.endEditBlock();
}

QString RichEditor::linkAtCursor() const
{
    return textCursor().charFormat().anchorHref();
}

void RichEditor::setLink(const QString &address)
{
    QTextCursor cursor = textCursor();
    if (!cursor.hasSelection())
        cursor.select(QTextCursor::WordUnderCursor);
    QTextCharFormat format = cursor.charFormat();
    if (address.isEmpty()) {
        format.clearProperty(QTextFormat::IsAnchor);
        format.clearProperty(QTextFormat::AnchorHref);
        format.setFontUnderline(false);
        format.clearForeground();
        cursor.setCharFormat(format);
        return;
    }
    format.setAnchor(true);
    format.setAnchorHref(address);
    format.setFontUnderline(true);
    format.setForeground(palette().link());
    if (cursor.hasSelection())
        cursor.setCharFormat(format);
    else
        cursor.insertText(address, format);
    // What is written behind it is no part of the link.
    QTextCharFormat after = format;
    after.clearProperty(QTextFormat::IsAnchor);
    after.clearProperty(QTextFormat::AnchorHref);
    after.setFontUnderline(false);
    after.clearForeground();
    cursor.setPosition(cursor.selectionEnd());
    setTextCursor(cursor);
    setCurrentCharFormat(after);
}

void RichEditor::clearFormatting()
{
    QTextCursor cursor = textCursor();
    if (!cursor.hasSelection())
        cursor.select(QTextCursor::WordUnderCursor);
    cursor.setCharFormat({});
    setCurrentCharFormat({});
}

bool RichEditor::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasText() || source->hasHtml() || source->hasImage() || !offeredFiles(*source).isEmpty();
}

void RichEditor::insertFromMimeData(const QMimeData *source)
{
    if (const QStringList files = offeredFiles(*source); !files.isEmpty()) {
        Q_EMIT filesOffered(files);
        return;
    }
    if (const QImage picture = offeredPicture(*source); !picture.isNull()) {
        Q_EMIT pictureOffered(picture);
        return;
    }
    QTextCursor cursor = textCursor();
    cursor.beginEditBlock();
    if (source->hasHtml())
        insertForeignHtml(cursor, source->html());
    else
        cursor.insertText(source->text());
    cursor.endEditBlock();
    setTextCursor(cursor);
    ensureCursorVisible();
}

void RichEditor::pasteAsPlainText()
{
    insertPlainText(QGuiApplication::clipboard()->text());
}

/** Enter on an empty item ends its list, on an empty line of a quote the quote. */
bool RichEditor::continueBlock()
{
    QTextCursor cursor = textCursor();
    const QTextBlock block = cursor.block();
    if (!block.text().isEmpty() || cursor.hasSelection())
        return false;
    if (QTextList *list = block.textList()) {
        list->remove(block);
        QTextBlockFormat format = block.blockFormat();
        format.setIndent(0);
        cursor.setBlockFormat(format);
        return true;
    }
    if (block.blockFormat().intProperty(QTextFormat::BlockQuoteLevel) > 0) {
        changeQuote(-1);
        return true;
    }
    return false;
}

void RichEditor::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & ~Qt::KeypadModifier) && continueBlock())
        return;
    QTextEdit::keyPressEvent(event);
}

/** The bars beside quotes. */
void RichEditor::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        const QColor bar = theme::mix(palette().color(QPalette::Base), palette().color(QPalette::Text), 0.3);
        const QAbstractTextDocumentLayout *layout = m_document->documentLayout();
        const int scrolled = verticalScrollBar()->value();
        QTextBlock block = cursorForPosition({0, 0}).block();
        for (; block.isValid(); block = block.next()) {
            const QRectF rect = layout->blockBoundingRect(block).translated(0, -scrolled);
            if (rect.top() > viewport()->height())
                break;
            const int depth = block.blockFormat().intProperty(QTextFormat::BlockQuoteLevel);
            const bool mirrored = block.textDirection() == Qt::RightToLeft;
            for (int level = 0; level < depth; ++level) {
                const int x = level * quoteIndent + 3;
                painter.fillRect(QRectF(mirrored ? viewport()->width() - x - 2 : x, rect.top(), 2, rect.height()), bar);
            }
        }
    }
    QTextEdit::paintEvent(event);
}

void RichEditor::updateMargins()
{
    const QMargins margins = editorMargins(*this, widestLetter);
    if (margins != viewportMargins())
        setViewportMargins(margins);
}

/** Before the viewport is resized: else its text is laid out for a width that it has for a moment, and may stay so. */
bool RichEditor::event(QEvent *event)
{
    if (event->type() == QEvent::Resize)
        updateMargins();
    return QTextEdit::event(event);
}

void RichEditor::changeEvent(QEvent *event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange)
        updateMargins();
    else if (event->type() == QEvent::FontChange && m_document != nullptr)
        m_document->setDefaultFont(font());
}

} // namespace kittiwake::ui
