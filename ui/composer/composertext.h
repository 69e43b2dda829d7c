// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/writing.h"

#include <QWidget>

#include <optional>

class QStackedLayout;

namespace kittiwake::ui
{

class FormatBar;
class PlainEditor;
class QuoteStrip;
class RichEditor;

/** The text of a message, plain or with formatting, and below a formatted one the message that it quotes. */
class ComposerText final : public QWidget
{
    Q_OBJECT

public:
    explicit ComposerText(QWidget *parent = nullptr);

    /** Text, HTML, the quote; isRich of its context says which. */
    void setWriting(const Writing &writing);
    /** The same back again, with the pictures of the text among the attachments. */
    void takeInto(Writing &writing) const;

    [[nodiscard]] bool isRich() const { return m_isRich; }
    /** Takes along what was written. Formatting comes back where nothing was changed without it. */
    void setRich(bool on);
    /** What the person has written themselves, as plain text; quotes have their marks. */
    [[nodiscard]] QString plainText() const;
    [[nodiscard]] bool isEmpty() const;
    void focusText();
    void insertPicture(const mime::OutgoingFile &picture);

    [[nodiscard]] PlainEditor &plain() { return *m_plain; }
    [[nodiscard]] RichEditor &rich() { return *m_rich; }
    [[nodiscard]] FormatBar &formatBar() { return *m_bar; }
    [[nodiscard]] QuoteStrip &quote() { return *m_quote; }

Q_SIGNALS:
    void changed();
    void modeChanged();
    void filesOffered(const QStringList &paths);
    void pictureOffered(const QImage &picture);

private:
    void showMode();

    bool m_isRich = false;
    QStackedLayout *m_stack;
    PlainEditor *m_plain;
    RichEditor *m_rich;
    FormatBar *m_bar;
    QuoteStrip *m_quote;
    struct Before {
        QString plain; ///< as it was made of the formatted text
        Writing rich;
    };
    std::optional<Before> m_before; ///< the formatted text that this plain one was made of
};

} // namespace kittiwake::ui
