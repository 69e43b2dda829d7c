// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/spell/editorspelling.h"

#include "core/spell/words.h"
#include "ui/composer/quotehighlighter.h"
#include "ui/spell/spelling.h"
#include "ui/widgets/theme.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QScrollBar>
#include <QTextBlock>

#include <algorithm>
#include <memory>

namespace kittiwake::ui
{

namespace
{

constexpr int soonMs = 60; // for who types on, it is later
constexpr int menuPatienceMs = 1500; // for suggestions, before the menu comes without them
constexpr int mostInSight = 40'000; // characters; a page of the smallest letters has fewer
constexpr int longestWordEver = 200; // where a line is cut off for its length, it is cut between words

bool isSignatureMark(const QString &line)
{
    return line == QLatin1String("-- ") || line == QString(QLatin1String("--") + QChar::Nbsp);
}

bool isQuote(const QTextBlock &block)
{
    return block.blockFormat().intProperty(QTextFormat::BlockQuoteLevel) > 0 || quoteDepth(block.text()) > 0;
}

/** "Ingrid Solberg wrote on Thursday:" */
bool isAttribution(const QTextBlock &block)
{
    return block.text().trimmed().endsWith(u':') && block.next().isValid() && isQuote(block.next());
}

/** Signatures are short; where none is found above soon, the text is not one. */
bool isInSignature(QTextBlock block)
{
    constexpr int longestSignature = 50; // lines
    for (int i = 0; i < longestSignature && block.isValid() && !isQuote(block); ++i) {
        if (isSignatureMark(block.text()))
            return true;
        block = block.previous();
    }
    return false;
}

/** QPlainTextEdit and QTextEdit have the same functions, and no class in common that has them. */
template <typename Editor>
SpelledEditor spelled(Editor &editor)
{
    return {&editor,
            editor.document(),
            [&editor](const QPoint &at) { return editor.cursorForPosition(at); },
            [&editor] { return editor.textCursor(); },
            [&editor](const QTextCursor &cursor) { editor.setTextCursor(cursor); },
            [&editor] { return editor.cursorRect(); },
            [&editor](const QList<QTextEdit::ExtraSelection> &marks) { editor.setExtraSelections(marks); },
            [&editor] { return editor.createStandardContextMenu(); }};
}

} // namespace

SpelledEditor spelledEditor(QPlainTextEdit &editor)
{
    return spelled(editor);
}

SpelledEditor spelledEditor(QTextEdit &editor)
{
    return spelled(editor);
}

EditorSpelling::EditorSpelling(const SpelledEditor &editor, Spelling &spelling, QObject *parent)
    : QObject(parent), m_editor(editor), m_spelling(spelling)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(soonMs);
    connect(&m_soon, &QTimer::timeout, this, &EditorSpelling::update);
    const auto soon = [this] { m_soon.start(); };
    connect(m_editor.document, &QTextDocument::contentsChange, this, [this, soon](int, int removed, int added) {
        if (removed != added) // else it was coloured
            m_isTyping = added <= 2;
        soon();
    });
    if (auto *plain = qobject_cast<QPlainTextEdit *>(m_editor.widget))
        connect(plain, &QPlainTextEdit::cursorPositionChanged, this, &EditorSpelling::handleCursor);
    else if (auto *rich = qobject_cast<QTextEdit *>(m_editor.widget))
        connect(rich, &QTextEdit::cursorPositionChanged, this, &EditorSpelling::handleCursor);
    connect(m_editor.widget->verticalScrollBar(), &QScrollBar::valueChanged, this, soon);
    connect(&m_spelling, &Spelling::changed, this, soon);
    connect(&m_spelling, &Spelling::ready, this, soon);
    m_editor.widget->installEventFilter(this);
    m_editor.widget->viewport()->installEventFilter(this);
}

void EditorSpelling::setLanguages(const QStringList &languages)
{
    if (languages == m_languages)
        return;
    m_languages = languages;
    update();
}

void EditorSpelling::setIgnored(const QSet<QString> &words)
{
    m_ignored = words;
    update();
}

bool EditorSpelling::isMarked(const QString &word) const
{
    return !m_ignored.contains(word) && !m_spelling.verdict(word, m_languages).value_or(true);
}

void EditorSpelling::addWords(const QTextBlock &block, int from, int to, std::vector<Word> &words) const
{
    if (isQuote(block) || isAttribution(block) || isInSignature(block))
        return;
    const QString text = block.text();
    // A line without an end is cut in the middle of nothing.
    qsizetype start = qBound(0, from - block.position(), static_cast<int>(text.size()));
    qsizetype end = qBound(0, to - block.position(), static_cast<int>(text.size()));
    for (int i = 0; i < longestWordEver && start > 0 && !text[start - 1].isSpace(); ++i)
        --start;
    for (int i = 0; i < longestWordEver && end < text.size() && !text[end].isSpace(); ++i)
        ++end;
    for (const spell::WordRange &range : spell::wordsToCheck(QStringView(text).sliced(start, end - start))) {
        const int position = block.position() + static_cast<int>(start + range.start);
        words.push_back({position, text.mid(start + range.start, range.length)});
    }
}

std::vector<EditorSpelling::Word> EditorSpelling::wordsInSight() const
{
    std::vector<Word> words;
    const QWidget *viewport = m_editor.widget->viewport();
    const bool mirrored = m_editor.widget->isRightToLeft();
    const int left = mirrored ? viewport->width() - 1 : 0;
    const int from = m_editor.cursorAt({left, 0}).position();
    int to = m_editor.cursorAt({viewport->width() - 1 - left, viewport->height() - 1}).position();
    to = qMin(to, from + mostInSight);
    QTextBlock block = m_editor.document->findBlock(from);
    const int end = qMax(to, from + 1);
    for (; block.isValid() && block.position() < end; block = block.next())
        addWords(block, from, end, words);
    return words;
}

void EditorSpelling::handleCursor()
{
    const int revision = m_editor.document->revision();
    if (revision == m_revision)
        m_isTyping = false; // moved, and not because something was typed
    m_revision = revision;
    m_soon.start();
}

void EditorSpelling::update()
{
    QList<QTextEdit::ExtraSelection> marks;
    QStringList unknown;
    if (!m_languages.isEmpty() && m_editor.widget->isVisible()) {
        const QTextCursor cursor = m_editor.cursor();
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(theme::toneMark(m_editor.widget->palette(), theme::Tone::Error));
        for (const Word &word : wordsInSight()) {
            const int end = word.position + static_cast<int>(word.text.size());
            const auto verdict = m_spelling.verdict(word.text, m_languages);
            if (!verdict)
                unknown.append(word.text);
            const bool isBeingTyped = m_isTyping && cursor.position() >= word.position && cursor.position() <= end;
            if (verdict.value_or(true) || m_ignored.contains(word.text) || isBeingTyped)
                continue;
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(m_editor.document);
            mark.cursor.setPosition(word.position);
            mark.cursor.setPosition(end, QTextCursor::KeepAnchor);
            if (mark.cursor.charFormat().isAnchor())
                continue;
            mark.format = format;
            marks.append(mark);
        }
    }
    const auto isSame = [](const QTextEdit::ExtraSelection &a, const QTextEdit::ExtraSelection &b) {
        return a.cursor.anchor() == b.cursor.anchor() && a.cursor.position() == b.cursor.position()
            && a.format == b.format;
    };
    if (!std::equal(marks.begin(), marks.end(), m_marks.begin(), m_marks.end(), isSame)) {
        m_marks = marks;
        m_editor.setSelections(marks);
    }
    if (!unknown.isEmpty())
        m_spelling.ask(unknown, m_languages);
}

QStringList EditorSpelling::marked() const
{
    QStringList words;
    for (const QTextEdit::ExtraSelection &mark : m_marks)
        words.append(mark.cursor.selectedText());
    return words;
}

std::optional<EditorSpelling::Word> EditorSpelling::wordAt(const QTextCursor &cursor) const
{
    std::vector<Word> words;
    addWords(cursor.block(), cursor.position(), cursor.position() + 1, words);
    for (const Word &word : words) {
        if (cursor.position() >= word.position
            && cursor.position() <= word.position + static_cast<int>(word.text.size()))
            return word;
    }
    return std::nullopt;
}

void EditorSpelling::showMenu(const std::optional<QPoint> &at)
{
    const QPoint place = at.value_or(m_editor.cursorRect().bottomLeft());
    const QPoint onScreen = m_editor.widget->viewport()->mapToGlobal(place);
    const auto word = m_languages.isEmpty() ? std::nullopt : wordAt(at ? m_editor.cursorAt(*at) : m_editor.cursor());
    if (!word || (!isMarked(word->text) && !m_spelling.isTaught(word->text))) {
        popUp({}, {}, onScreen);
        return;
    }
    if (!isMarked(word->text)) {
        popUp(*word, {}, onScreen);
        return;
    }
    const auto once = std::make_shared<bool>(false);
    const auto show = [this, word, onScreen, once](const QStringList &suggestions) {
        if (!std::exchange(*once, true))
            popUp(*word, suggestions, onScreen);
    };
    m_spelling.suggestions(word->text, m_languages).then(this, show);
    QTimer::singleShot(menuPatienceMs, this, [show] { show({}); });
}

void EditorSpelling::popUp(const Word &word, const QStringList &suggestions, const QPoint &at)
{
    QMenu *menu = m_editor.standardMenu();
    menu->setObjectName(QStringLiteral("textMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *first = menu->actions().value(0);
    const auto add = [menu, first](const QString &title, const char *name) {
        auto *action = new QAction(title, menu);
        action->setObjectName(QLatin1String(name));
        menu->insertAction(first, action);
        return action;
    };
    if (!word.text.isEmpty() && isMarked(word.text)) {
        for (const QString &suggestion : suggestions) {
            QAction *action = add(QString(suggestion).replace(u'&', QLatin1String("&&")), "suggestion");
            QFont bold = menu->font();
            bold.setWeight(QFont::DemiBold);
            action->setFont(bold);
            connect(action, &QAction::triggered, this, [this, word, suggestion] { replace(word, suggestion); });
        }
        if (suggestions.isEmpty())
            add(tr("No suggestions"), "noSuggestion")->setEnabled(false);
        menu->insertSeparator(first);
        connect(add(tr("Add to dictionary"), "teachWord"), &QAction::triggered, this,
                [this, word] { m_spelling.setTaught(word.text, true); });
        connect(add(tr("Ignore in this message"), "ignoreWord"), &QAction::triggered, this,
                [this, word] { Q_EMIT ignored(word.text); });
        menu->insertSeparator(first);
    } else if (!word.text.isEmpty() && m_spelling.isTaught(word.text)) {
        connect(add(tr("Remove from dictionary"), "forgetWord"), &QAction::triggered, this,
                [this, word] { m_spelling.setTaught(word.text, false); });
        menu->insertSeparator(first);
    }
    if (m_tail) {
        menu->addSeparator();
        m_tail(*menu);
    }
    menu->popup(at);
}

void EditorSpelling::replace(const Word &word, const QString &by)
{
    QTextCursor cursor(m_editor.document);
    const int end = word.position + static_cast<int>(word.text.size());
    if (end >= m_editor.document->characterCount())
        return;
    cursor.setPosition(word.position);
    cursor.setPosition(end, QTextCursor::KeepAnchor);
    if (cursor.selectedText() != word.text)
        return; // it was changed meanwhile
    cursor.insertText(by, cursor.charFormat());
    m_editor.setCursor(cursor);
    m_isTyping = false;
}

bool EditorSpelling::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Show || event->type() == QEvent::PaletteChange) {
        m_soon.start();
    } else if (event->type() == QEvent::ContextMenu) {
        const auto *asked = static_cast<QContextMenuEvent *>(event);
        const bool byKey = asked->reason() == QContextMenuEvent::Keyboard;
        const QPoint place = m_editor.widget->viewport()->mapFromGlobal(asked->globalPos());
        showMenu(byKey ? std::nullopt : std::optional(place));
        return true;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace kittiwake::ui
