// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QPlainTextEdit>

namespace kittiwake::ui
{

class QuoteHighlighter;

/**
 * The text of a message without formatting: quotes in the colours that they have in the reader, wrapped where mail is
 * read best. In letters of one width lines break where they break on the way (RFC 3676). Enter within a quote opens it
 * for an answer.
 */
class PlainEditor final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit PlainEditor(QWidget *parent = nullptr);

    void setFixedPitch(bool on);
    [[nodiscard]] bool hasFixedPitch() const { return m_fixedPitch; }
    /** What is on the clipboard, with a quote mark before each line. */
    void pasteAsQuotation();
    /** How wide the text gets at most, device-independent pixels. */
    [[nodiscard]] int widestText() const;

Q_SIGNALS:
    void filesOffered(const QStringList &paths);
    void pictureOffered(const QImage &picture);

protected:
    bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    bool splitQuote();
    void updateMargins();

    QuoteHighlighter *m_highlighter;
    bool m_fixedPitch = false;
};

} // namespace kittiwake::ui
