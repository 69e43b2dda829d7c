// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace kittiwake::ui
{

/** A sentence in the window with at most two actions; it goes when its cause does (whoever shows it hides it). */
class Banner final : public QFrame
{
    Q_OBJECT

public:
    explicit Banner(QWidget *parent = nullptr);

    /** Shows text, plain; an empty action has no button. */
    void showMessage(theme::Tone tone, const QString &text, const QString &action = {},
                     const QString &secondAction = {});
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void actionTriggered();
    void secondActionTriggered();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    theme::Tone m_tone = theme::Tone::Info;
    QLabel *m_text;
    QPushButton *m_action;
    QPushButton *m_secondAction;
};

} // namespace kittiwake::ui
