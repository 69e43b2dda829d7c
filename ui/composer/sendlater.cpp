// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/sendlater.h"

#include "ui/widgets/icon.h"

#include <QDateTimeEdit>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

constexpr int morning = 8;
constexpr int evening = 18;

} // namespace

std::vector<QDateTime> usualSendTimes(const QDateTime &now)
{
    std::vector<QDateTime> result;
    const QDate today = now.date();
    // An hour ahead is not worth waiting for.
    if (now.time() < QTime(evening - 1, 0))
        result.emplace_back(today, QTime(evening, 0));
    result.emplace_back(today.addDays(1), QTime(morning, 0));
    const QDate monday = today.addDays(8 - today.dayOfWeek());
    if (monday != today.addDays(1))
        result.emplace_back(monday, QTime(morning, 0));
    return result;
}

SendLaterMenu::SendLaterMenu(QWidget *parent) : QMenu(parent)
{
    setObjectName(QStringLiteral("sendLaterMenu"));
    setTitle(tr("Send later"));
    connect(this, &QMenu::aboutToShow, this, &SendLaterMenu::fill);
}

void SendLaterMenu::fill()
{
    clear();
    for (const QDateTime &time : usualSendTimes(QDateTime::currentDateTime())) {
        const QString day
            = time.date() == QDate::currentDate() ? tr("Today") : locale().dayName(time.date().dayOfWeek());
        addAction(ui::icon(QStringLiteral("clock")),
                  tr("%1, %2", "day, time").arg(day, locale().toString(time.time(), QLocale::ShortFormat)), this,
                  [this, time] { Q_EMIT chosen(time.toMSecsSinceEpoch()); });
    }
    addSeparator();
    addAction(ui::icon(QStringLiteral("calendar-clock")), tr("Another time…"), this, &SendLaterMenu::askForTime);
}

void SendLaterMenu::askForTime()
{
    auto *dialog = new QDialog(parentWidget());
    dialog->setObjectName(QStringLiteral("sendLaterDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Send later"));
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(24, 20, 24, 20);
    layout->setSpacing(12);
    auto *label
        = new QLabel(tr("The message stays in the outbox on this computer until then. Kittiwake has to be running "
                        "at that time, or is to be started later."),
                     dialog);
    label->setWordWrap(true);
    auto *time = new QDateTimeEdit(QDateTime(QDate::currentDate().addDays(1), QTime(morning, 0)), dialog);
    time->setObjectName(QStringLiteral("sendLaterTime"));
    time->setAccessibleName(tr("When to send"));
    time->setMinimumDateTime(QDateTime::currentDateTime());
    time->setMaximumDateTime(QDateTime::currentDateTime().addYears(1));
    time->setCalendarPopup(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, dialog);
    QPushButton *go = buttons->addButton(tr("Send then"), QDialogButtonBox::AcceptRole);
    go->setDefault(true);
    layout->addWidget(label);
    layout->addWidget(time);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    connect(dialog, &QDialog::accepted, this, [this, time] { Q_EMIT chosen(time->dateTime().toMSecsSinceEpoch()); });
    dialog->open();
}

} // namespace kittiwake::ui
