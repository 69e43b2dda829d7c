// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPlainTextEdit>
#include <QSet>
#include <QStringList>
#include <QTextCursor>
#include <QTextEdit>
#include <QTimer>

#include <functional>
#include <optional>
#include <vector>

class QMenu;

namespace kittiwake::ui
{

class Spelling;

/** What QPlainTextEdit and QTextEdit have in common, and no base class says. */
struct SpelledEditor {
    QAbstractScrollArea *widget = nullptr;
    QTextDocument *document = nullptr;
    std::function<QTextCursor(const QPoint &)> cursorAt; ///< in the viewport
    std::function<QTextCursor()> cursor;
    std::function<void(const QTextCursor &)> setCursor;
    std::function<QRect()> cursorRect;
    std::function<void(const QList<QTextEdit::ExtraSelection> &)> setSelections;
    std::function<QMenu *()> standardMenu;
};
[[nodiscard]] SpelledEditor spelledEditor(QPlainTextEdit &editor);
[[nodiscard]] SpelledEditor spelledEditor(QTextEdit &editor);

/**
 * Marks the words of an editor that no language knows, and offers others in its menu. Looks only at the lines that are
 * in sight, so a text of many megabytes costs what one page costs; verdicts come from worker threads. Not judged are
 * quotes, who is said to have written them, the signature, links, and the word that is being typed. The marks are no
 * part of the document.
 */
class EditorSpelling final : public QObject
{
    Q_OBJECT

public:
    /** Both must live longer. */
    EditorSpelling(const SpelledEditor &editor, Spelling &spelling, QObject *parent);

    /** None: nothing is marked. */
    void setLanguages(const QStringList &languages);
    /** Words that are right in this message. Shared by the two editors of a window. */
    void setIgnored(const QSet<QString> &words);
    /** What else the menu offers at its end. */
    void setMenuTail(std::function<void(QMenu &)> tail) { m_tail = std::move(tail); }

    /** The words that are marked, in their order. */
    [[nodiscard]] QStringList marked() const;
    /** Menus, by the mouse at a place of the viewport or by the key. */
    void showMenu(const std::optional<QPoint> &at);

Q_SIGNALS:
    void ignored(const QString &word);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Word {
        int position = 0; ///< in the document
        QString text;
    };

    void handleCursor();
    void update();
    [[nodiscard]] std::vector<Word> wordsInSight() const;
    void addWords(const QTextBlock &block, int from, int to, std::vector<Word> &words) const;
    [[nodiscard]] std::optional<Word> wordAt(const QTextCursor &cursor) const;
    [[nodiscard]] bool isMarked(const QString &word) const;
    void popUp(const Word &word, const QStringList &suggestions, const QPoint &at);
    void replace(const Word &word, const QString &by);

    SpelledEditor m_editor;
    Spelling &m_spelling;
    QStringList m_languages;
    QSet<QString> m_ignored;
    std::function<void(QMenu &)> m_tail;
    QTimer m_soon;
    QList<QTextEdit::ExtraSelection> m_marks;
    int m_revision = -1; ///< of the document, when the cursor was last moved
    bool m_isTyping = false; ///< the cursor is where something was changed
};

} // namespace kittiwake::ui
