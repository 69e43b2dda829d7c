// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/picturesenders.h"

#include "core/base/log.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>

namespace kittiwake::engine
{

namespace
{

constexpr int version = 1;
constexpr qint64 largestFile = 4 * 1024 * 1024;
constexpr qsizetype longestAddress = 320;

} // namespace

PictureSenders::PictureSenders(const QString &profile) : m_path(QDir(profile).filePath(QStringLiteral("pictures.json")))
{
    QFile file(m_path);
    if (!file.exists() || file.size() > largestFile || !file.open(QIODevice::ReadOnly))
        return;
    const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
    if (root.value(QLatin1String("version")).toInt() != version) {
        qCWarning(logEngine) << m_path << "is damaged or newer than this program: no sender's pictures are loaded";
        return;
    }
    const QJsonArray senders = root.value(QLatin1String("senders")).toArray();
    for (const QJsonValue value : senders) {
        const QJsonObject entry = value.toObject();
        const PictureSender sender{AccountId(entry.value(QLatin1String("account")).toInteger()),
                                   entry.value(QLatin1String("address")).toString().toLower()};
        if (sender.account.isValid() && !sender.address.isEmpty() && sender.address.size() <= longestAddress
            && m_senders.size() < limit)
            m_senders.push_back(sender);
    }
}

Result<void> PictureSenders::set(const PictureSender &sender, bool allowed)
{
    const PictureSender entry{sender.account, sender.address.toLower()};
    std::vector<PictureSender> senders = m_senders;
    std::erase(senders, entry);
    if (allowed && entry.account.isValid() && !entry.address.isEmpty() && entry.address.size() <= longestAddress)
        senders.push_back(entry);
    if (senders.size() > limit)
        senders.erase(senders.begin()); // the oldest
    return store(std::move(senders));
}

Result<void> PictureSenders::forget(AccountId account)
{
    std::vector<PictureSender> senders = m_senders;
    if (std::erase_if(senders, [account](const PictureSender &one) { return one.account == account; }) == 0)
        return {};
    return store(std::move(senders));
}

Result<void> PictureSenders::store(std::vector<PictureSender> senders)
{
    QJsonArray entries;
    for (const PictureSender &sender : senders) {
        entries.append(QJsonObject{{QStringLiteral("account"), static_cast<qint64>(sender.account.value())},
                                   {QStringLiteral("address"), sender.address}});
    }
    QSaveFile file(m_path);
    const QByteArray bytes
        = QJsonDocument(QJsonObject{{QStringLiteral("version"), version}, {QStringLiteral("senders"), entries}})
              .toJson(QJsonDocument::Compact);
    const bool written = file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) && file.write(bytes) == bytes.size()
        && file.commit();
    if (!written) {
        return failure(ErrorKind::Storage, QDir::toNativeSeparators(m_path),
                       QCoreApplication::translate("core",
                                                   "Your choice could not be stored in %1; check that there is "
                                                   "room on the disk.")
                           .arg(QDir::toNativeSeparators(m_path)),
                       file.errorString());
    }
    m_senders = std::move(senders);
    return {};
}

} // namespace kittiwake::engine
