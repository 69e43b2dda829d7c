// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/mainwindow/pendingactions.h"
#include "ui/mainwindow/statustext.h"
#include "ui/models/mailsource.h"

#include <QAbstractButton>
#include <QFrame>
#include <QPointer>

class QVBoxLayout;

namespace kittiwake::ui
{

/** One line that says how true the window is; opens the activity panel. Below the folders, and short in the toolbar. */
class ActivityButton final : public QAbstractButton
{
    Q_OBJECT

public:
    enum class Form { Line, Brief };

    explicit ActivityButton(Form form, QWidget *parent = nullptr);

    void setSummary(const ActivitySummary &summary);
    [[nodiscard]] const ActivitySummary &summary() const { return m_summary; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QString shownText() const { return m_form == Form::Line ? m_summary.line : m_summary.brief; }

    Form m_form;
    ActivitySummary m_summary;
};

/** What each account is doing, which changes wait, what went wrong, and what can be done about it. A popup. */
class ActivityPanel final : public QFrame
{
    Q_OBJECT

public:
    ActivityPanel(MailSource &source, PendingActions &actions, QWidget *parent);

    /** Opens beside a widget, within its window. */
    void openAt(QWidget *beside);

Q_SIGNALS:
    void passwordRequested(kittiwake::AccountId account);
    void settingsRequested();

private:
    void rebuild();
    void place();

    MailSource &m_source;
    PendingActions &m_actions;
    QVBoxLayout *m_layout;
    QWidget *m_content = nullptr;
    QPointer<QWidget> m_beside;
};

} // namespace kittiwake::ui
