// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QMenu>

#include <functional>
#include <vector>

namespace kittiwake::ui
{

/** Times at which people want mail to go, from now: later today, tomorrow morning, Monday morning. */
[[nodiscard]] std::vector<QDateTime> usualSendTimes(const QDateTime &now);

/** Offers these, and any other time. */
class SendLaterMenu final : public QMenu
{
    Q_OBJECT

public:
    explicit SendLaterMenu(QWidget *parent);

Q_SIGNALS:
    void chosen(qint64 time); ///< milliseconds since 1970 UTC

private:
    void fill();
    void askForTime();
};

} // namespace kittiwake::ui
