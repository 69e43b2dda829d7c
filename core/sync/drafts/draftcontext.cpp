// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/drafts/draftcontext.h"

#include <QJsonObject>

namespace kittiwake::sync
{

QJsonArray toJson(const std::vector<DraftOrigin> &origins)
{
    QJsonArray result;
    for (const DraftOrigin &origin : origins)
        result.append(QJsonObject{{QStringLiteral("forwards"), origin.how == DraftOrigin::How::Forwards},
                                  {QStringLiteral("account"), static_cast<qint64>(origin.account.value())},
                                  {QStringLiteral("mailbox"), origin.mailbox},
                                  {QStringLiteral("id"), QString::fromLatin1(origin.messageId)}});
    return result;
}

std::vector<DraftOrigin> originsFromJson(const QJsonValue &value)
{
    std::vector<DraftOrigin> result;
    const QJsonArray list = value.toArray();
    for (const QJsonValue one : list) {
        const QJsonObject object = one.toObject();
        result.push_back({object[u"forwards"].toBool() ? DraftOrigin::How::Forwards : DraftOrigin::How::Answers,
                          AccountId(object[u"account"].toInteger()), object[u"mailbox"].toString(),
                          object[u"id"].toString().toLatin1()});
    }
    return result;
}

} // namespace kittiwake::sync
