// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/statustext.h"

#include "ui/mainwindow/pendingtext.h"
#include "ui/widgets/safetext.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

using State = engine::AccountStatus::State;

QString translated(const char *text, const char *comment = nullptr)
{
    return QCoreApplication::translate("ui::status", text, comment);
}

QString timeOf(std::int64_t milliseconds, const QLocale &locale, bool seconds)
{
    const QTime time = QDateTime::fromMSecsSinceEpoch(milliseconds).time();
    // The locale's short time with seconds put in: its long one names the time zone too.
    QString format = locale.timeFormat(QLocale::ShortFormat);
    if (seconds && !format.contains(QLatin1String("ss")))
        format.replace(QLatin1String("mm"), QLatin1String("mm:ss"));
    return locale.toString(time, format);
}

/** The time, and the date where that is not the day of now. */
QString momentOf(std::int64_t milliseconds, std::int64_t now, const QLocale &locale)
{
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(milliseconds);
    if (moment.date() == QDateTime::fromMSecsSinceEpoch(now).date())
        return timeOf(milliseconds, locale, false);
    return locale.toString(moment, QLocale::ShortFormat);
}

int rank(State state)
{
    switch (state) {
    case State::NeedsUser:
        return 5;
    case State::Waiting:
        return 4;
    case State::Syncing:
        return 3;
    case State::Connecting:
        return 2;
    case State::Offline:
        return 1;
    case State::UpToDate:
        return 0;
    }
    return 0;
}

/** What a person has to do something about. */
QString troubleOf(const engine::AccountStatus &status)
{
    if (status.error && status.error->kind == ErrorKind::Auth)
        return QCoreApplication::translate("ui::status", "Sign-in refused");
    if (status.error && status.error->kind == ErrorKind::Tls)
        return QCoreApplication::translate("ui::status", "Not connected securely");
    return QCoreApplication::translate("ui::status", "Needs your attention");
}

QString briefOf(const engine::AccountStatus &status, double progress, const QLocale &locale)
{
    switch (status.state) {
    case State::NeedsUser:
        return troubleOf(status);
    case State::Waiting:
    case State::Offline:
        return QCoreApplication::translate("ui::status", "Not connected");
    case State::Syncing:
        if (progress >= 0)
            return QCoreApplication::translate("ui::status", "Fetching, %1 %")
                .arg(locale.toString(int(progress * 100)));
        return QCoreApplication::translate("ui::status", "Fetching");
    case State::Connecting:
        return QCoreApplication::translate("ui::status", "Connecting");
    case State::UpToDate:
        return QCoreApplication::translate("ui::status", "Up to date");
    }
    return {};
}

/**
 * Milliseconds: a folder that is watched, or that the server would tell of, is confirmed more often. One that lags
 * behind its account by more (the server will not open it) is not called up to date.
 */
constexpr std::int64_t longestConfirmed = 15 * 60 * 1000;

void addPending(ActivitySummary &summary, State worst, const engine::PendingSummary &pending)
{
    if (pending.failed > 0) {
        summary.mood = ActivitySummary::Mood::Bad;
        summary.icon = QStringLiteral("triangle-alert");
        summary.line = pendingText(pending);
        summary.brief = QCoreApplication::translate("ui::status", "Change refused");
        return;
    }
    // While the server is there they are gone in a moment.
    const bool unreachable = worst == State::Offline || worst == State::Waiting || worst == State::NeedsUser;
    if (pending.waiting > 0 && unreachable)
        summary.line = QCoreApplication::translate("ui::status", "%1 · %2", "what the account does, what waits")
                           .arg(summary.line, pendingText(pending));
}

void addSending(ActivitySummary &summary, double sending, const QLocale &locale)
{
    if (summary.mood == ActivitySummary::Mood::Bad)
        return;
    const QString percent = locale.toString(static_cast<int>(sending * 100));
    summary.mood = ActivitySummary::Mood::Busy;
    summary.icon = QStringLiteral("send");
    summary.line = QCoreApplication::translate("ui::status", "Sending a message, %1 %").arg(percent);
    summary.brief = QCoreApplication::translate("ui::status", "Sending, %1 %").arg(percent);
    summary.progress = sending;
}

} // namespace

QString statusLine(const engine::AccountStatus &status, const QLocale &locale)
{
    switch (status.state) {
    case State::Offline:
        return translated(QT_TRANSLATE_NOOP("ui::status", "Not connected"));
    case State::Connecting:
        return translated(QT_TRANSLATE_NOOP("ui::status", "Connecting…"));
    case State::Syncing:
        if (status.progressTotal <= 0)
            return translated(QT_TRANSLATE_NOOP("ui::status", "Looking for changes…"));
        if (status.mailbox.isEmpty())
            return translated(QT_TRANSLATE_NOOP("ui::status", "Fetching %1 of %2"))
                .arg(locale.toString(qlonglong(status.progressDone)), locale.toString(qlonglong(status.progressTotal)));
        return translated(QT_TRANSLATE_NOOP("ui::status", "Fetching %1 of %2 in %3"))
            .arg(locale.toString(qlonglong(status.progressDone)), locale.toString(qlonglong(status.progressTotal)),
                 isolated(status.mailbox, 80));
    case State::UpToDate:
        if (status.trueAsOf <= 0)
            return translated(QT_TRANSLATE_NOOP("ui::status", "Up to date"));
        return translated(QT_TRANSLATE_NOOP("ui::status", "Up to date, %1")).arg(timeOf(status.trueAsOf, locale, true));
    case State::Waiting:
        if (status.retryAt <= 0)
            return translated(QT_TRANSLATE_NOOP("ui::status", "Not connected"));
        return translated(QT_TRANSLATE_NOOP("ui::status", "Not connected, trying again at %1"))
            .arg(timeOf(status.retryAt, locale, true));
    case State::NeedsUser:
        return troubleOf(status);
    }
    return {};
}

ActivitySummary summarize(const std::vector<engine::AccountStatus> &statuses, const QLocale &locale,
                          std::optional<std::int64_t> shownSyncedAt, const engine::PendingSummary &pending,
                          std::optional<double> sending)
{
    ActivitySummary result;
    if (statuses.empty()) {
        result.icon = QStringLiteral("mail");
        result.line = translated(QT_TRANSLATE_NOOP("ui::status", "No account yet"));
        result.brief = result.line;
        return result;
    }
    // Of several accounts that are true, the line shows the one that was confirmed longest ago.
    const auto worst = std::max_element(statuses.begin(), statuses.end(), [](const auto &a, const auto &b) {
        return rank(a.state) != rank(b.state) ? rank(a.state) < rank(b.state) : a.trueAsOf > b.trueAsOf;
    });
    result.line = statusLine(*worst, locale);
    // What is looked at counts: the account may know more of other folders.
    bool lags = false;
    if (worst->state == State::UpToDate && shownSyncedAt) {
        const std::int64_t shown = *shownSyncedAt * 1000;
        lags = worst->trueAsOf - shown > longestConfirmed;
        if (shown <= 0)
            result.line = translated(QT_TRANSLATE_NOOP("ui::status", "Not compared with the server yet"));
        else if (lags)
            result.line = translated(QT_TRANSLATE_NOOP("ui::status", "Last compared with the server: %1"))
                              .arg(momentOf(shown, worst->trueAsOf, locale));
        else
            result.line
                = translated(QT_TRANSLATE_NOOP("ui::status", "Up to date, %1")).arg(timeOf(shown, locale, true));
    }
    switch (worst->state) {
    case State::UpToDate:
        result.mood = lags ? ActivitySummary::Mood::Quiet : ActivitySummary::Mood::Good;
        result.icon = lags ? QStringLiteral("clock") : QStringLiteral("circle-check");
        break;
    case State::Connecting:
    case State::Syncing:
        result.mood = ActivitySummary::Mood::Busy;
        result.icon = QStringLiteral("refresh-cw");
        break;
    case State::Offline:
        result.icon = QStringLiteral("cloud-off");
        break;
    case State::Waiting:
        result.mood = ActivitySummary::Mood::Bad;
        result.icon = QStringLiteral("cloud-off");
        break;
    case State::NeedsUser:
        result.mood = ActivitySummary::Mood::Bad;
        result.icon = QStringLiteral("triangle-alert");
        break;
    }
    std::int64_t done = 0;
    std::int64_t total = 0;
    for (const auto &status : statuses) {
        if (status.state == State::Syncing) {
            done += status.progressDone;
            total += status.progressTotal;
        }
    }
    if (worst->state == State::Syncing && total > 0)
        result.progress = std::clamp(double(done) / double(total), 0.0, 1.0);
    result.brief = lags ? translated(QT_TRANSLATE_NOOP("ui::status", "Not up to date"))
                        : briefOf(*worst, result.progress, locale);
    addPending(result, worst->state, pending);
    if (sending)
        addSending(result, *sending, locale);
    return result;
}

} // namespace kittiwake::ui
