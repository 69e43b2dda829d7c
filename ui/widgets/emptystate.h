// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace kittiwake::ui
{

/** What a pane shows when it has nothing to show: a mark, a sentence, one action. */
class EmptyState final : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyState(QWidget *parent = nullptr);

    /** iconName: of ui::icon(); empty: the application's mark. An empty action has no button. */
    void setContent(const QString &iconName, const QString &sentence, const QString &action = {});

Q_SIGNALS:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_iconName;
    QLabel *m_sentence;
    QPushButton *m_action;
};

} // namespace kittiwake::ui
