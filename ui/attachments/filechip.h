// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRect>
#include <QSize>
#include <QString>

class QWidget;

namespace kittiwake::ui
{

/** How a file looks in a bar: its icon, its name, a note, and at the end an icon with an action of its own. */
struct FileChip {
    QString name; ///< its extension is never cut from sight
    QString note; ///< a size, or what is going on
    QString iconName;
    QColor iconColour;
    QString endIconName;
    int endWidth = 26;
    bool isHot = false; ///< under the mouse
};

/** Only name, note and endWidth count. */
[[nodiscard]] QSize fileChipSize(const QWidget &widget, const FileChip &chip);
/** Where the last icon is, mirrored with the widget. */
[[nodiscard]] QRect fileChipEnd(const QWidget &widget, const FileChip &chip);
/** For a paintEvent() of the widget. */
void paintFileChip(QWidget &widget, const FileChip &chip);

} // namespace kittiwake::ui
