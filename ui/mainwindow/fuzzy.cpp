// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/fuzzy.h"

#include <QString>

namespace kittiwake::ui
{

namespace
{

/** Lower case without accents: "Größe" is found by "gro". */
QString folded(QStringView text)
{
    QString result;
    for (const QChar c : text.toString().normalized(QString::NormalizationForm_KD)) {
        if (c.category() != QChar::Mark_NonSpacing)
            result += c.toCaseFolded();
    }
    return result;
}

} // namespace

int fuzzyScore(QStringView typed, QStringView name)
{
    const QString letters = folded(typed.left(100));
    const QString text = folded(name.left(500));
    if (letters.isEmpty())
        return 0;
    int score = 0;
    qsizetype at = -1;
    for (const QChar letter : letters) {
        if (letter.isSpace())
            continue;
        qsizetype next = text.indexOf(letter, at + 1);
        if (next < 0)
            return -1;
        // A later beginning of a word fits better than a letter inside of this one, unless the letters run on.
        if (next != at + 1) {
            for (qsizetype word = next; word >= 0; word = text.indexOf(letter, word + 1)) {
                if (word == 0 || !text.at(word - 1).isLetterOrNumber()) {
                    next = word;
                    break;
                }
            }
        }
        const bool wordStart = next == 0 || !text.at(next - 1).isLetterOrNumber();
        score += next == at + 1 && at >= 0 ? 8 : wordStart ? 6 : 1;
        at = next;
    }
    if (text.startsWith(letters))
        score += 20;
    return score * 100 - static_cast<int>(qMin<qsizetype>(text.size(), 99));
}

} // namespace kittiwake::ui
