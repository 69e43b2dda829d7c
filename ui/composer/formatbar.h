// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QHBoxLayout;
class QMenu;
class QToolButton;

namespace kittiwake::ui
{

class RichEditor;

/** Buttons for the text of a RichEditor, which show how the text at the cursor is. */
class FormatBar final : public QWidget
{
    Q_OBJECT

public:
    explicit FormatBar(RichEditor &editor, QWidget *parent = nullptr);

Q_SIGNALS:
    void linkWanted();
    void pictureWanted();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QAction *add(const char *name, const QString &title, const QString &iconName, const QKeySequence &key,
                 bool checkable);
    void addMenu(const char *name, const QString &title, const QString &iconName, QMenu *menu);
    [[nodiscard]] QMenu *sizeMenu();
    [[nodiscard]] QMenu *colourMenu();
    void showFormat();

    RichEditor &m_editor;
    QHBoxLayout *m_row;
    QAction *m_bold;
    QAction *m_italic;
    QAction *m_underline;
    QAction *m_strike;
    QAction *m_bullets;
    QAction *m_numbers;
    QAction *m_quote;
};

} // namespace kittiwake::ui
