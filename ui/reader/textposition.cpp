// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/textposition.h"

#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>

namespace kittiwake::ui
{

double textPosition(const QPlainTextEdit &view)
{
    if (view.verticalScrollBar()->value() <= 0)
        return 0;
    const int characters = view.document()->characterCount();
    return characters > 0 ? double(view.cursorForPosition(QPoint(0, 1)).position()) / characters : 0;
}

void setTextPosition(QPlainTextEdit &view, double position)
{
    if (position <= 0)
        return;
    const int at = qRound(qMin(position, 1.0) * view.document()->characterCount());
    const QTextBlock block = view.document()->findBlock(at);
    if (!block.isValid())
        return;
    int line = block.firstLineNumber();
    if (block.layout() && block.layout()->lineCount() > 0) {
        const QTextLine within = block.layout()->lineForTextPosition(at - block.position());
        if (within.isValid())
            line += within.lineNumber();
    }
    view.verticalScrollBar()->setValue(line);
}

} // namespace kittiwake::ui
