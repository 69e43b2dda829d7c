// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/banner.h"

#include "ui/widgets/icon.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace kittiwake::ui
{

Banner::Banner(QWidget *parent)
    : QFrame(parent), m_text(new QLabel(this)), m_action(new QPushButton(this)), m_secondAction(new QPushButton(this))
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme::margins(40, 8, 8, 8));
    layout->setSpacing(theme::padding);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action, 0, Qt::AlignVCenter);
    layout->addWidget(m_secondAction, 0, Qt::AlignVCenter);
    connect(m_secondAction, &QPushButton::clicked, this, &Banner::secondActionTriggered);
    connect(m_action, &QPushButton::clicked, this, &Banner::actionTriggered);
    setVisible(false);
}

void Banner::showMessage(theme::Tone tone, const QString &text, const QString &action, const QString &secondAction)
{
    m_tone = tone;
    m_text->setText(text);
    m_text->setAccessibleName(text);
    setAccessibleName(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_secondAction->setText(secondAction);
    m_secondAction->setVisible(!secondAction.isEmpty());
    setVisible(true);
    update();
}

QString Banner::text() const
{
    return m_text->text();
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme::toneGround(palette(), m_tone));
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme::border(palette()));
    const QRect mark = QStyle::visualRect(layoutDirection(), rect(), QRect(16, 0, 16, height()));
    const bool info = m_tone == theme::Tone::Info;
    paintIcon(painter, mark, info ? QStringLiteral("info") : QStringLiteral("triangle-alert"),
              theme::toneMark(palette(), m_tone));
}

} // namespace kittiwake::ui
