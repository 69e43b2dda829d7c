// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/findbar.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QToolButton>

namespace kittiwake::ui
{

namespace
{

constexpr int maxText = 500; // characters; nobody looks for more

QToolButton *button(const QString &iconName, const QString &hint, QWidget *parent)
{
    auto *made = new QToolButton(parent);
    made->setAutoRaise(true);
    made->setIcon(icon(iconName));
    made->setIconSize({theme::smallIcon, theme::smallIcon});
    made->setToolTip(hint);
    made->setAccessibleName(hint);
    return made;
}

} // namespace

FindBar::FindBar(QWidget *parent)
    : QWidget(parent), m_field(new QLineEdit(this)), m_result(new QLabel(this)),
      m_previous(button(QStringLiteral("chevron-up"), tr("Previous match"), this)),
      m_next(button(QStringLiteral("chevron-down"), tr("Next match"), this))
{
    setObjectName(QStringLiteral("findBar"));
    setAccessibleName(tr("Find in message"));
    m_field->setObjectName(QStringLiteral("findField"));
    m_field->setPlaceholderText(tr("Find in message"));
    m_field->setAccessibleName(tr("Find in message"));
    m_field->setClearButtonEnabled(true);
    m_field->setMaxLength(maxText);
    m_field->setMaximumWidth(320);
    m_field->addAction(icon(QStringLiteral("search"), IconTint::Secondary), QLineEdit::LeadingPosition);
    m_result->setObjectName(QStringLiteral("findResult"));
    m_result->setTextFormat(Qt::PlainText);
    m_previous->setObjectName(QStringLiteral("findPrevious"));
    m_next->setObjectName(QStringLiteral("findNext"));
    QToolButton *closeButton = button(QStringLiteral("x"), tr("Close"), this);
    closeButton->setObjectName(QStringLiteral("findClose"));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::margins(16, 7, 12, 6));
    row->setSpacing(theme::grid);
    row->addWidget(m_field, 1);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addSpacing(theme::grid);
    row->addWidget(m_result, 0);
    row->addStretch(1);
    row->addWidget(closeButton);

    connect(m_field, &QLineEdit::textChanged, this, [this](const QString &typed) {
        if (typed.isEmpty())
            setResult({});
        Q_EMIT findRequested(typed, false, true);
    });
    connect(m_previous, &QToolButton::clicked, this, &FindBar::findPrevious);
    connect(m_next, &QToolButton::clicked, this, &FindBar::findNext);
    connect(closeButton, &QToolButton::clicked, this, &FindBar::close);
    setResult({});
    setVisible(false);
}

void FindBar::open()
{
    const bool wasOpen = isVisible();
    setVisible(true);
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
    if (!wasOpen && !text().isEmpty())
        Q_EMIT findRequested(text(), false, true);
}

void FindBar::close()
{
    if (isHidden())
        return;
    setVisible(false);
    Q_EMIT findRequested({}, false, true);
    Q_EMIT closed();
}

void FindBar::findNext()
{
    if (!text().isEmpty())
        Q_EMIT findRequested(text(), false, false);
}

void FindBar::findPrevious()
{
    if (!text().isEmpty())
        Q_EMIT findRequested(text(), true, false);
}

QString FindBar::text() const
{
    return m_field->text();
}

void FindBar::setResult(const FindResult &result)
{
    const bool any = result.count > 0;
    m_previous->setEnabled(any);
    m_next->setEnabled(any);
    if (text().isEmpty()) {
        m_result->clear();
    } else if (!any) {
        m_result->setText(tr("Not found"));
    } else {
        const QString count = locale().toString(result.count);
        m_result->setText(
            result.isComplete
                ? tr("%1 of %2", "which match, how many").arg(locale().toString(result.current), count)
                : tr("%1 of more than %2", "which match, how many").arg(locale().toString(result.current), count));
    }
    m_result->setForegroundRole(any ? QPalette::Text : QPalette::PlaceholderText);
}

QString FindBar::resultText() const
{
    return m_result->text();
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        close();
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (event->modifiers() & Qt::ShiftModifier)
            findPrevious();
        else
            findNext();
        return;
    }
    QWidget::keyPressEvent(event);
}

void FindBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme::chrome(palette()));
    painter.fillRect(QRect(0, 0, width(), 1), theme::border(palette()));
}

} // namespace kittiwake::ui
