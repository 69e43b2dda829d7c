// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actionreport.h"

#include <QJsonObject>

namespace kittiwake::ctl
{

namespace
{

QJsonObject reportJson(const engine::ActionReport &report)
{
    QJsonObject json{
        {QStringLiteral("operation"),
         report.operation.isValid() ? QJsonValue(static_cast<qint64>(report.operation.value())) : QJsonValue()},
        {QStringLiteral("state"), report.state}};
    if (!report.error.isEmpty())
        json.insert(QStringLiteral("error"), report.error);
    return json;
}

} // namespace

void finishAction(Context &context, const Result<engine::ActionReport> &report, bool tellsUid)
{
    if (!report)
        return context.fail(report.error());
    if (context.json()) {
        QJsonObject json = reportJson(*report);
        if (tellsUid)
            json.insert(QStringLiteral("uid"),
                        report->uid > 0 ? QJsonValue(static_cast<qint64>(report->uid)) : QJsonValue());
        context.printJson(json);
    } else if (report->state == QLatin1String("none"))
        context.printText(QObject::tr("Nothing had to be done.\n"));
    else if (report->state == QLatin1String("done"))
        context.printText(QObject::tr("Done.\n"));
    else if (report->state == QLatin1String("sent"))
        context.printText(QObject::tr("Sent.\n"));
    else if (report->state == QLatin1String("queued"))
        context.printText(QObject::tr("Noted down; the server will be told when it can be reached.\n"));
    if (report->state == QLatin1String("failed") || report->state == QLatin1String("unknown"))
        return context.fail(ExitCode::Failed, report->error);
    context.finish();
}

} // namespace kittiwake::ctl
