// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace kittiwake::ui
{

/** What a search in a text has found so far. */
struct FindResult {
    int current = 0; ///< which one is marked, from 1; 0: none
    int count = 0;
    bool isComplete = true; ///< false: there are more than count
};

/**
 * A line below a text in which people type what they look for there; it says which of how many is marked. Return goes
 * to the next one, Shift+Return to the one before, Esc closes the line. Looks for nothing itself.
 */
class FindBar final : public QWidget
{
    Q_OBJECT

public:
    explicit FindBar(QWidget *parent = nullptr);

    /** Shows the line, with what was looked for last selected. */
    void open();
    void close();
    void findNext();
    void findPrevious();
    [[nodiscard]] QString text() const;
    void setResult(const FindResult &result);
    [[nodiscard]] QString resultText() const;

Q_SIGNALS:
    /** An empty text: the marks are to go. isNew: another text than before, so the search begins where the eye is. */
    void findRequested(const QString &text, bool backward, bool isNew);
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QLineEdit *m_field;
    QLabel *m_result;
    QToolButton *m_previous;
    QToolButton *m_next;
};

} // namespace kittiwake::ui
