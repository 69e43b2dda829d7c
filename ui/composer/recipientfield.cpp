// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/recipientfield.h"

#include "ui/composer/addresstext.h"
#include "ui/composer/recipientchip.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QCompleter>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPainter>
#include <QStringListModel>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype mostOffered = 8;
// As many as a header field is read with; a window with more chips than that is of no use to anybody.
constexpr std::size_t mostChips = 1000;
constexpr int shortestEdit = 120;

bool isSame(const mail::Address &one, const mail::Address &other)
{
    return one.address.compare(other.address, Qt::CaseInsensitive) == 0;
}

} // namespace

RecipientField::RecipientField(const QString &name, QWidget *parent)
    : QWidget(parent), m_edit(new QLineEdit(this)), m_flow(new FlowLayout(theme::grid, this)),
      m_completer(new QCompleter(this)), m_offered(new QStringListModel(this))
{
    setAcceptDrops(true);
    setFocusProxy(m_edit);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    m_flow->setContentsMargins(0, theme::grid, 0, theme::grid);
    m_edit->setObjectName(QStringLiteral("recipientEdit"));
    m_edit->setAccessibleName(name);
    m_edit->setFrame(false);
    m_edit->setMinimumWidth(shortestEdit);
    m_edit->setInputMethodHints(Qt::ImhEmailCharactersOnly);
    m_edit->setFixedHeight(chipHeightFor(fontMetrics()));
    m_edit->installEventFilter(this);
    m_flow->addWidget(m_edit);

    // What is offered is found by whoever knows the people; it is not filtered once more.
    m_completer->setModel(m_offered);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setWidget(m_edit);
    m_completer->popup()->installEventFilter(this);
    m_completer->popup()->setAccessibleName(tr("People for %1", "name of a field: To, Cc").arg(name));
    connect(m_edit, &QLineEdit::textEdited, this, [this](const QString &typed) {
        Q_EMIT changed();
        if (typed.trimmed().isEmpty())
            m_completer->popup()->hide();
        else
            Q_EMIT suggestionsWanted(typed.trimmed());
    });
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, [this](const QString &chosen) {
        m_edit->setText(chosen);
        take();
    });
}

mail::AddressList RecipientField::addresses() const
{
    mail::AddressList result;
    for (const RecipientChip *chip : m_chips)
        result.push_back(chip->address());
    for (mail::Address &typed : addressesOf(m_edit->text()))
        result.push_back(std::move(typed));
    return result;
}

bool RecipientField::isEmpty() const
{
    return m_chips.empty() && m_edit->text().trimmed().isEmpty();
}

bool RecipientField::hasInvalid() const
{
    return std::any_of(m_chips.begin(), m_chips.end(), [](const auto *chip) { return !chip->isValid(); });
}

void RecipientField::setAddresses(const mail::AddressList &addresses)
{
    m_edit->clear();
    while (!m_chips.empty())
        remove(m_chips.back());
    addAddresses(addresses);
}

void RecipientField::addAddresses(const mail::AddressList &addresses)
{
    bool any = false;
    for (const mail::Address &address : addresses)
        any = addChip(address) || any;
    if (!any)
        return;
    updateGeometry();
    Q_EMIT changed();
}

bool RecipientField::focusInvalid()
{
    take();
    const auto bad = std::find_if(m_chips.begin(), m_chips.end(), [](const auto *chip) { return !chip->isValid(); });
    if (bad == m_chips.end())
        return false;
    (*bad)->setFocus(Qt::OtherFocusReason);
    return true;
}

void RecipientField::take()
{
    m_completer->popup()->hide();
    const mail::AddressList typed = addressesOf(m_edit->text());
    m_edit->clear();
    if (!typed.empty())
        addAddresses(typed);
}

/** Whether nobody in the field has this address yet. */
bool RecipientField::addChip(const mail::Address &address)
{
    const bool known = std::any_of(m_chips.begin(), m_chips.end(),
                                   [&address](const RecipientChip *chip) { return isSame(chip->address(), address); });
    if (known || m_chips.size() >= mostChips)
        return false;
    auto *chip = new RecipientChip(address, this);
    m_chips.push_back(chip);
    // Before the room to type.
    m_flow->removeWidget(m_edit);
    m_flow->addWidget(chip);
    m_flow->addWidget(m_edit);
    chip->show();
    connect(chip, &RecipientChip::removeRequested, this, [this, chip] {
        const bool hadFocus = chip->hasFocus();
        remove(chip);
        if (hadFocus)
            m_edit->setFocus();
    });
    connect(chip, &RecipientChip::editRequested, this, [this, chip] { edit(chip); });
    connect(chip, &RecipientChip::stepRequested, this, [this, chip](int by) { step(chip, by); });
    connect(chip, &RecipientChip::draggedTo, this, &RecipientField::chipDraggedTo);
    connect(chip, &RecipientChip::droppedAt, this,
            [this, chip](const QPoint &global) { Q_EMIT chipDroppedAt(chip, global); });
    return true;
}

void RecipientField::remove(RecipientChip *chip)
{
    std::erase(m_chips, chip);
    m_flow->removeWidget(chip);
    chip->hide();
    chip->deleteLater(); // It may be in one of its own events.
    updateGeometry();
    Q_EMIT changed();
}

void RecipientField::edit(RecipientChip *chip)
{
    take();
    m_edit->setText(addressText(chip->address()));
    remove(chip);
    m_edit->setFocus();
    m_edit->selectAll();
}

void RecipientField::step(RecipientChip *from, int by)
{
    const auto at = std::find(m_chips.begin(), m_chips.end(), from);
    const auto index = (at - m_chips.begin()) + by;
    if (index < 0)
        return;
    if (index >= static_cast<std::ptrdiff_t>(m_chips.size()))
        m_edit->setFocus();
    else
        m_chips[static_cast<std::size_t>(index)]->setFocus();
}

void RecipientField::setSuggestions(const QString &typed, const mail::AddressList &people)
{
    if (typed != m_edit->text().trimmed() || !m_edit->hasFocus())
        return;
    QStringList lines;
    for (const mail::Address &one : people) {
        const bool known = std::any_of(m_chips.begin(), m_chips.end(),
                                       [&one](const RecipientChip *chip) { return isSame(chip->address(), one); });
        if (!known && lines.size() < mostOffered)
            lines.push_back(addressText(one));
    }
    m_offered->setStringList(lines);
    if (lines.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    m_completer->complete();
    m_completer->popup()->setCurrentIndex(m_completer->completionModel()->index(0, 0));
}

void RecipientField::setDropAllowed(bool allowed)
{
    if (m_dropAllowed == allowed)
        return;
    m_dropAllowed = allowed;
    update();
}

void RecipientField::paintEvent(QPaintEvent *event)
{
    QWidget::paintEvent(event);
    if (!m_dropAllowed)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::selection(palette(), true));
    painter.drawRoundedRect(rect(), theme::radius, theme::radius);
}

/** Whether the key in the line edit was meant for the field. */
bool RecipientField::onKey(int key)
{
    const bool isOpen = m_completer->popup()->isVisible();
    switch (key) {
    case Qt::Key_Comma:
    case Qt::Key_Semicolon:
        // A comma within quotes belongs to the name.
        if (m_edit->text().count(u'"') % 2 != 0 || m_edit->text().trimmed().isEmpty())
            return false;
        take();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        if (isOpen) {
            const QModelIndex chosen = m_completer->popup()->currentIndex();
            if (chosen.isValid())
                m_edit->setText(chosen.data().toString());
            take();
            return true;
        }
        if (m_edit->text().trimmed().isEmpty())
            return false;
        take();
        return key != Qt::Key_Tab;
    case Qt::Key_Backspace:
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int back = layoutDirection() == Qt::RightToLeft ? Qt::Key_Right : Qt::Key_Left;
        if ((key != Qt::Key_Backspace && key != back) || m_edit->cursorPosition() > 0 || m_edit->hasSelectedText()
            || m_chips.empty())
            return false;
        m_chips.back()->setFocus(Qt::BacktabFocusReason);
        return true;
    }
    default:
        return false;
    }
}

bool RecipientField::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && onKey(static_cast<QKeyEvent *>(event)->key()))
        return true;
    if (watched == m_edit && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Paste)) {
        // A list becomes chips at once, with the line ends that the line edit would lose; a word may be a beginning.
        const mail::AddressList pasted = addressesOf(QApplication::clipboard()->text());
        if (pasted.size() < 2)
            return false;
        take();
        addAddresses(pasted);
        return true;
    }
    // Not when the list of people takes the focus. Later: the focus also goes while the window is taken down.
    if (watched == m_edit && event->type() == QEvent::FocusOut && !m_completer->popup()->isVisible())
        QMetaObject::invokeMethod(this, &RecipientField::take, Qt::QueuedConnection);
    return QWidget::eventFilter(watched, event);
}

void RecipientField::mousePressEvent(QMouseEvent *event)
{
    m_edit->setFocus(Qt::MouseFocusReason);
    QWidget::mousePressEvent(event);
}

void RecipientField::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasText() && !event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void RecipientField::dropEvent(QDropEvent *event)
{
    addAddresses(addressesOf(event->mimeData()->text()));
    event->acceptProposedAction();
}

} // namespace kittiwake::ui
