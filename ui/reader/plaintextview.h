// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QUrl>

namespace kittiwake::ui
{

/**
 * The text of a message, as text whatever it contains: set with setPlainText(), never as HTML (CVE-2026-54433). Quoted
 * lines are coloured by their depth, web and mail addresses are links.
 */
class PlainTextView final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit PlainTextView(QWidget *parent = nullptr);

    void setMessageText(const QString &text);
    /** False where the end was in sight already. */
    bool pageDown();
    /** Steps of a tenth around 1. */
    void setZoom(double factor);

Q_SIGNALS:
    void linkHovered(const QString &target); ///< empty: none
    void linkActivated(const QUrl &target);

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Highlighter;
    [[nodiscard]] QUrl linkAt(const QPoint &position) const;
    [[nodiscard]] QUrl linkAt(const QTextCursor &cursor) const;
    void updateMargins();

    Highlighter *m_highlighter;
    QPoint m_pressed;
    double m_zoom = 1.0;
    bool m_rightToLeft = false;
};

} // namespace kittiwake::ui
