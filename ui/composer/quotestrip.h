// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/writing.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace kittiwake::ui
{

class HtmlView;

/**
 * Says that a message follows below the text, and shows it on demand: in the reader's view, with the reader's walls.
 * Until then nothing of it is drawn.
 */
class QuoteStrip final : public QWidget
{
    Q_OBJECT

public:
    explicit QuoteStrip(QWidget *parent = nullptr);

    void setQuote(const QuotedOriginal &quote);
    [[nodiscard]] const QuotedOriginal &quote() const { return m_quote; }
    void setShown(bool on);
    [[nodiscard]] HtmlView *view() const { return m_view; } ///< null until it was shown

Q_SIGNALS:
    void removed();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void load();

    QuotedOriginal m_quote;
    QLabel *m_text;
    QPushButton *m_show;
    HtmlView *m_view = nullptr;
};

} // namespace kittiwake::ui
