// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/recipientrows.h"

#include "ui/composer/recipientchip.h"
#include "ui/composer/recipientfield.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr std::array allRows{RecipientRows::Row::To, RecipientRows::Row::Cc, RecipientRows::Row::Bcc,
                             RecipientRows::Row::ReplyTo};

} // namespace

RecipientRows::RecipientRows(QWidget *parent) : QWidget(parent), m_buttons(new QWidget(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(2);
    build(Row::To, tr("To"));
    build(Row::Cc, tr("Cc"));
    build(Row::Bcc, tr("Bcc"));
    build(Row::ReplyTo, tr("Reply to"));
    static_cast<QHBoxLayout *>(m_rows[0].widget->layout())->addWidget(m_buttons, 0, Qt::AlignTop);
    int widest = 0;
    for (const One &row : m_rows)
        widest = qMax(widest, row.label->sizeHint().width());
    setLabelWidth(widest);
    for (const Row row : {Row::Cc, Row::Bcc, Row::ReplyTo})
        m_rows.at(static_cast<std::size_t>(row)).widget->setVisible(false);
    // Who is answered elsewhere is asked for so seldom that it is in the menu only.
    m_rows.at(static_cast<std::size_t>(Row::ReplyTo)).button->setVisible(false);
}

void RecipientRows::build(Row row, const QString &name)
{
    One &one = m_rows.at(static_cast<std::size_t>(row));
    one.widget = new QWidget(this);
    auto *line = new QHBoxLayout(one.widget);
    line->setContentsMargins(theme::margins(20, 2, 12, 3));
    line->setSpacing(theme::padding);
    one.label = new QLabel(name, one.widget);
    one.label->setForegroundRole(QPalette::PlaceholderText);
    one.field = new RecipientField(name, one.widget);
    one.label->setBuddy(one.field->lineEdit());
    // In line with the first line of chips.
    one.label->setFixedHeight(chipHeightFor(fontMetrics()) + 2 * theme::grid);
    line->addWidget(one.label, 0, Qt::AlignTop);
    line->addWidget(one.field, 1);
    layout()->addWidget(one.widget);
    connect(one.field, &RecipientField::changed, this, &RecipientRows::changed);
    connect(one.field, &RecipientField::suggestionsWanted, this,
            [this, field = one.field](const QString &typed) { Q_EMIT suggestionsWanted(field, typed); });
    connect(one.field, &RecipientField::chipDraggedTo, this, &RecipientRows::hover);
    connect(one.field, &RecipientField::chipDroppedAt, this,
            [this, field = one.field](RecipientChip *chip, const QPoint &global) { drop(field, chip, global); });
    if (row == Row::To)
        return;
    one.button = new QToolButton(m_buttons);
    one.button->setObjectName(QStringLiteral("show") + name);
    one.button->setAutoRaise(true);
    one.button->setFocusPolicy(Qt::NoFocus); // Tab goes on to the subject; the keyboard has shortcuts and the menu
    one.button->setFixedHeight(chipHeightFor(fontMetrics()) + 2 * theme::grid);
    one.button->setText(name);
    one.button->setToolTip(row == Row::Cc ? tr("Others who get a copy")
                                          : tr("Others who get a copy that nobody else sees"));
    one.button->setAccessibleName(tr("Add %1", "name of a field: Cc, Bcc").arg(name));
    m_buttons->layout()->addWidget(one.button);
    connect(one.button, &QToolButton::clicked, this, [this, row] { showRow(row, true); });
}

void RecipientRows::setRecipients(const mime::Composition &composition)
{
    const std::array<const mail::AddressList *, rowCount> lists{&composition.to, &composition.cc, &composition.bcc,
                                                                &composition.replyTo};
    for (const Row row : allRows) {
        const mail::AddressList &list = *lists.at(static_cast<std::size_t>(row));
        field(row).setAddresses(list);
        if (!list.empty())
            showRow(row, false);
    }
}

void RecipientRows::takeRecipients(mime::Composition &composition) const
{
    composition.to = field(Row::To).addresses();
    composition.cc = field(Row::Cc).addresses();
    composition.bcc = field(Row::Bcc).addresses();
    composition.replyTo = field(Row::ReplyTo).addresses();
}

bool RecipientRows::isEmpty() const
{
    return field(Row::To).isEmpty() && field(Row::Cc).isEmpty() && field(Row::Bcc).isEmpty();
}

std::size_t RecipientRows::visibleRecipients() const
{
    return field(Row::To).addresses().size() + field(Row::Cc).addresses().size();
}

void RecipientRows::moveVisibleToBcc()
{
    mail::AddressList all = field(Row::To).addresses();
    for (mail::Address &one : field(Row::Cc).addresses())
        all.push_back(std::move(one));
    field(Row::To).setAddresses({});
    field(Row::Cc).setAddresses({});
    showRow(Row::Bcc, false);
    field(Row::Bcc).addAddresses(all);
}

bool RecipientRows::focusInvalid()
{
    return std::any_of(allRows.begin(), allRows.end(), [this](Row row) { return field(row).focusInvalid(); });
}

void RecipientRows::showRow(Row row, bool focus)
{
    const One &one = m_rows.at(static_cast<std::size_t>(row));
    one.widget->setVisible(true);
    if (one.button != nullptr)
        one.button->setVisible(false);
    if (focus)
        one.field->lineEdit()->setFocus(Qt::ShortcutFocusReason);
    updateGeometry();
    Q_EMIT rowsChanged();
}

bool RecipientRows::isRowShown(Row row) const
{
    return !m_rows.at(static_cast<std::size_t>(row)).widget->isHidden();
}

int RecipientRows::labelWidth() const
{
    return m_rows[0].label->minimumWidth();
}

void RecipientRows::setLabelWidth(int width)
{
    for (const One &row : m_rows)
        row.label->setFixedWidth(width);
}

int RecipientRows::heightForWidth(int width) const
{
    return layout()->hasHeightForWidth() ? layout()->heightForWidth(width) : layout()->sizeHint().height();
}

RecipientField *RecipientRows::fieldAt(const QPoint &global) const
{
    for (const One &row : m_rows) {
        if (row.widget->isVisible() && row.widget->rect().contains(row.widget->mapFromGlobal(global)))
            return row.field;
    }
    return nullptr;
}

void RecipientRows::hover(const QPoint &global)
{
    const RecipientField *target = fieldAt(global);
    for (const One &row : m_rows)
        row.field->setDropAllowed(row.field == target);
}

void RecipientRows::drop(RecipientField *from, RecipientChip *chip, const QPoint &global)
{
    for (const One &row : m_rows)
        row.field->setDropAllowed(false);
    RecipientField *target = fieldAt(global);
    if (target == nullptr || target == from)
        return;
    const mail::Address moved = chip->address();
    from->remove(chip);
    target->addAddresses({moved});
}

void RecipientRows::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    for (const One &row : m_rows) {
        if (!row.widget->isHidden())
            painter.fillRect(QRect(12, row.widget->geometry().bottom(), width() - 24, 1), theme::border(palette()));
    }
}

} // namespace kittiwake::ui
