// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/richdocument.h"

#include <QTextEdit>
#include <QTextListFormat>

namespace kittiwake::ui
{

/**
 * The text of a message with formatting. What is pasted keeps what it means and loses how it looked elsewhere; nothing
 * in it is ever loaded from anywhere.
 */
class RichEditor final : public QTextEdit
{
    Q_OBJECT

public:
    explicit RichEditor(QWidget *parent = nullptr);

    [[nodiscard]] RichDocument &content() const { return *m_document; }
    void setText(const QString &text); ///< plain
    /** Our own HTML, as it was written before. */
    void setBody(const QString &html, const std::vector<mime::OutgoingFile> &pictures);
    /** At the cursor; no wider than the text. */
    void insertPicture(const mime::OutgoingFile &picture);

    void setBold(bool on);
    void setItalic(bool on);
    void setUnderlined(bool on);
    void setStruckOut(bool on);
    void setSizeStep(int step); ///< -1 small, 0 usual, 1 large, 2 very large
    void setColour(const QColor &colour); ///< invalid: that of the text
    void toggleList(QTextListFormat::Style style);
    void changeQuote(int by);
    /** The selection, or the word at the cursor, leads there; an empty address takes a link away. */
    void setLink(const QString &address);
    [[nodiscard]] QString linkAtCursor() const;
    void clearFormatting();
    void pasteAsPlainText();

Q_SIGNALS:
    void filesOffered(const QStringList &paths);
    void pictureOffered(const QImage &picture);

protected:
    bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void merge(const QTextCharFormat &format);
    void updateMargins();
    bool continueBlock();

    RichDocument *m_document;
};

} // namespace kittiwake::ui
