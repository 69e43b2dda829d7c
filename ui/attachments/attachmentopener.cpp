// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/attachmentopener.h"

#include "core/mime/filename.h"
#include "ui/reader/savefile.h"
#include "ui/widgets/inworker.h"
#include "ui/widgets/safetext.h"

#include <QCborArray>
#include <QDesktopServices>

namespace kittiwake::ui
{

namespace
{

constexpr std::size_t maxUnpacked = 200;

Error cannotOpen(const QString &name)
{
    return {ErrorKind::Input,
            name,
            AttachmentOpener::tr("No program was found that opens %1. Save it, and open it from there.")
                .arg(isolated(name)),
            {}};
}

std::vector<AttachedFile> filesOf(const QCborMap &answer, const QByteArray &section)
{
    std::vector<AttachedFile> files;
    const QCborArray listed = answer.value(QLatin1String("files")).toArray();
    for (const auto &value : listed) {
        if (files.size() >= maxUnpacked)
            break;
        const QCborMap map = value.toMap();
        AttachedFile file;
        const QString said = map.value(QLatin1String("name")).toString();
        file.attachment.fileName = mime::safeFileName(said);
        file.attachment.hasHiddenName = mime::hidesItsKind(said);
        if (file.attachment.fileName.isEmpty())
            file.attachment.fileName = AttachmentOpener::tr("attachment");
        file.attachment.mimeType = map.value(QLatin1String("type")).toString().toLatin1().toLower();
        if (file.attachment.mimeType.isEmpty())
            file.attachment.mimeType = QByteArrayLiteral("application/octet-stream");
        file.bytes = std::make_shared<const QByteArray>(map.value(QLatin1String("data")).toByteArray());
        file.attachment.size = static_cast<std::uint64_t>(file.bytes->size());
        file.attachment.section = section + '#' + QByteArray::number(qulonglong{files.size()} + 1);
        files.push_back(std::move(file));
    }
    return files;
}

} // namespace

AttachmentOpener::AttachmentOpener(MailSource &source, QObject *parent)
    : QObject(parent), m_source(source), m_openUrl([](const QUrl &url) { return QDesktopServices::openUrl(url); })
{
}

QFuture<Result<QByteArray>> AttachmentOpener::bytes(const AttachedFile &file)
{
    if (file.bytes)
        return answered<Result<QByteArray>>(*file.bytes);
    return m_source.fetchPart(m_message, file.attachment.section);
}

QFuture<Result<QString>> AttachmentOpener::save(const AttachedFile &file, const QString &path, const Progress &progress)
{
    if (file.bytes) {
        return inWorker([path, bytes = file.bytes]() -> Result<QString> {
            const auto written = writeFile(path, *bytes);
            if (!written)
                return failure(written.error());
            return path;
        });
    }
    engine::PartRequest request;
    request.section = file.attachment.section;
    request.path = path;
    if (progress) {
        request.progress = [context = QPointer<AttachmentOpener>(this), progress](const engine::PartProgress &now) {
            QMetaObject::invokeMethod(
                qApp,
                [context, progress, now] {
                    if (context)
                        progress(now);
                },
                Qt::QueuedConnection);
        };
    }
    return m_source.savePart(m_message, request)
        .then([path](const Result<engine::SavedPart> &saved) -> Result<QString> {
            if (!saved)
                return failure(saved.error());
            markAsDownloaded(path);
            return path;
        });
}

QFuture<Result<QString>> AttachmentOpener::place(const AttachedFile &file, const Progress &progress)
{
    if (m_files == nullptr) {
        return answered<Result<QString>>(failure(cannotOpen(file.attachment.fileName)));
    }
    const auto path = m_files->place(safeFileName(file.attachment.fileName));
    if (!path)
        return answered<Result<QString>>(failure(path.error()));
    return save(file, *path, progress).then([](const Result<QString> &saved) -> Result<QString> {
        if (!saved)
            return saved;
        if (const auto sealed = OpenedFiles::seal(*saved); !sealed)
            return failure(sealed.error());
        return saved;
    });
}

QFuture<Result<void>> AttachmentOpener::open(const AttachedFile &file, const Progress &progress)
{
    const mime::OpenRule rule = file.rule();
    switch (rule.verdict) {
    case mime::OpenRule::Verdict::Refuse:
        return answered<Result<void>>(failure(ErrorKind::Input, file.attachment.fileName,
                                              mime::openRuleText(rule, isolated(file.attachment.fileName))));
    case mime::OpenRule::Verdict::Message:
        return openMessage(file);
    case mime::OpenRule::Verdict::Winmail:
        return unpack(file);
    case mime::OpenRule::Verdict::Open:
        break;
    }
    return place(file, progress).then(this, [this](const Result<QString> &path) -> Result<void> {
        if (!path)
            return failure(path.error());
        if (!m_openUrl(QUrl::fromLocalFile(*path)))
            return failure(cannotOpen(QFileInfo(*path).fileName()));
        return {};
    });
}

QFuture<Result<void>> AttachmentOpener::openMessage(const AttachedFile &file)
{
    const QString name = file.attachment.fileName;
    return bytes(file)
        .then(this,
              [name](const Result<QByteArray> &bytes) {
                  if (!bytes)
                      return answered<Result<SharedMessage>>(failure(bytes.error()));
                  return readMessage(*bytes, name);
              })
        .unwrap()
        .then(this, [this](const Result<SharedMessage> &message) -> Result<void> {
            if (!message)
                return failure(message.error());
            Q_EMIT messageOpened(*message);
            return {};
        });
}

QFuture<Result<void>> AttachmentOpener::unpack(const AttachedFile &file)
{
    const QByteArray section = file.attachment.section;
    return bytes(file)
        .then(this,
              [this](const Result<QByteArray> &bytes) {
                  if (!bytes)
                      return answered<Result<QCborMap>>(failure(bytes.error()));
                  return m_helper.run({QStringLiteral("winmail")}, *bytes);
              })
        .unwrap()
        .then(this, [this, section](const Result<QCborMap> &answer) -> Result<void> {
            if (!answer)
                return failure(answer.error());
            const auto files = filesOf(*answer, section);
            if (files.empty())
                return failure(ErrorKind::Input, QStringLiteral("winmail.dat"),
                               tr("There are no files in this winmail.dat, or it is damaged. It can still be saved."));
            Q_EMIT unpacked(section, files);
            return {};
        });
}

} // namespace kittiwake::ui
