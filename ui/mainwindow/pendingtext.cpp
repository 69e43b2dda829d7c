// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/pendingtext.h"

#include "ui/widgets/safetext.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype longestName = 60;

int plural(std::int64_t count)
{
    return static_cast<int>(std::min<std::int64_t>(count, std::numeric_limits<int>::max()));
}

QString counted(const char *text, std::int64_t count)
{
    return QCoreApplication::translate("ui::pending", text, nullptr, plural(count));
}

} // namespace

QString actionText(const engine::PendingAction &action)
{
    const QString from = isolated(action.mailbox, longestName);
    const QString to = isolated(action.target, longestName);
    if (action.kind == QLatin1String("flag"))
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Mark %Ln message(s) in %1"), action.messages).arg(from);
    if (action.kind == QLatin1String("move"))
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Move %Ln message(s) from %1 to %2"), action.messages)
            .arg(from, to);
    if (action.kind == QLatin1String("copy"))
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Copy %Ln message(s) from %1 to %2"), action.messages)
            .arg(from, to);
    if (action.kind == QLatin1String("delete"))
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Delete %Ln message(s) in %1"), action.messages).arg(from);
    if (action.kind == QLatin1String("expunge"))
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Delete %Ln message(s) in %1 for good"), action.messages)
            .arg(from);
    if (action.kind == QLatin1String("archive"))
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Archive %Ln message(s) from %1"), action.messages).arg(from);
    if (action.kind == QLatin1String("junk"))
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Move %Ln message(s) from %1 to junk mail"), action.messages)
            .arg(from);
    if (action.kind == QLatin1String("not-junk"))
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Take %Ln message(s) out of %1"), action.messages).arg(from);
    const auto sentence = [](const char *text) { return QCoreApplication::translate("ui::pending", text); };
    if (action.kind == QLatin1String("send")) {
        if (action.subject.trimmed().isEmpty())
            return sentence(QT_TRANSLATE_NOOP("ui::pending", "Send a message without subject"));
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Send %1")).arg(isolated(action.subject, longestName));
    }
    if (action.kind == QLatin1String("draft"))
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Keep a draft on the server"));
    if (action.kind == QLatin1String("mark"))
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Mark a message that was answered or passed on"));
    if (action.kind == QLatin1String("append"))
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Put a message into %1")).arg(from);
    if (action.kind == QLatin1String("create-folder"))
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Make the folder %1")).arg(from);
    if (action.kind == QLatin1String("rename-folder"))
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Rename the folder %1 to %2")).arg(from, to);
    if (action.kind == QLatin1String("delete-folder"))
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Delete the folder %1")).arg(from);
    if (action.kind == QLatin1String("subscribe"))
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Subscribe to the folder %1")).arg(from);
    if (action.kind == QLatin1String("unsubscribe"))
        return sentence(QT_TRANSLATE_NOOP("ui::pending", "Unsubscribe from the folder %1")).arg(from);
    return counted(QT_TRANSLATE_N_NOOP("ui::pending", "Change %Ln message(s) in %1"), action.messages).arg(from);
}

QString actionState(const engine::PendingAction &action, const QLocale &locale, const QDateTime &now)
{
    const QDateTime since = QDateTime::fromMSecsSinceEpoch(action.createdAt);
    const QString when = since.date() == now.date() ? locale.toString(since.time(), QLocale::ShortFormat)
                                                    : locale.toString(since, QLocale::ShortFormat);
    // The sentences of errors come from the program; what a server said is inside them, on one line.
    const QString why = oneLine(action.error, 400);
    if (action.state == QLatin1String("unknown")) {
        return QCoreApplication::translate("ui::pending",
                                           "The connection was lost while the server took the message, so it may have "
                                           "been sent. Look whether it has arrived before you send it again.");
    }
    if (action.state == QLatin1String("sending"))
        return QCoreApplication::translate("ui::pending", "Being sent…");
    if (action.notBefore > now.toMSecsSinceEpoch() && why.isEmpty()) {
        return QCoreApplication::translate("ui::pending", "Goes out: %1.", "date and time")
            .arg(locale.toString(QDateTime::fromMSecsSinceEpoch(action.notBefore), QLocale::ShortFormat));
    }
    if (action.isRefused()) {
        if (why.isEmpty())
            return QCoreApplication::translate("ui::pending", "Refused by the server. Asked for at %1.").arg(when);
        return QCoreApplication::translate("ui::pending", "%1 Asked for at %2.", "an error sentence, a time")
            .arg(why, when);
    }
    if (why.isEmpty())
        return QCoreApplication::translate("ui::pending", "Waits for the server since %1.").arg(when);
    if (action.notBefore > now.toMSecsSinceEpoch()) {
        const QDateTime next = QDateTime::fromMSecsSinceEpoch(action.notBefore);
        const QString then = next.date() == now.date() ? locale.toString(next.time(), QLocale::ShortFormat)
                                                       : locale.toString(next, QLocale::ShortFormat);
        return QCoreApplication::translate("ui::pending", "Waits since %1. %2 The next attempt is at %3.",
                                           "a time, an error sentence, a time")
            .arg(when, why, then);
    }
    return QCoreApplication::translate("ui::pending", "Waits since %1. %2", "a time, an error sentence").arg(when, why);
}

QString pendingText(const engine::PendingSummary &summary)
{
    if (summary.failed > 0)
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "The server refused %Ln change(s)"), summary.failed);
    if (summary.waiting > 0)
        return counted(QT_TRANSLATE_N_NOOP("ui::pending", "%Ln change(s) wait for the server"), summary.waiting);
    return {};
}

} // namespace kittiwake::ui
