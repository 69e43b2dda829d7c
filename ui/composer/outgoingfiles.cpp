// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/outgoingfiles.h"

#include "core/mime/contenttype.h"
#include "core/mime/filename.h"
#include "core/mime/headers.h"
#include "ui/widgets/safetext.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>

namespace kittiwake::ui
{

namespace
{

constexpr qint64 largestFile = 60LL * 1024 * 1024; // what a message can be at most; providers take 25 to 50 MB
constexpr qsizetype smallPicture = 256 * 1024;

QString refusalOf(const QFileInfo &info)
{
    const QString name = isolated(info.fileName(), 200);
    const auto sentence = [](const char *text) { return QCoreApplication::translate("ui::composer", text); };
    if (!info.exists())
        return sentence(QT_TRANSLATE_NOOP("ui::composer", "%1 is not there any more, so it was not attached."))
            .arg(name);
    if (info.isDir())
        return sentence(
                   QT_TRANSLATE_NOOP("ui::composer", "%1 is a folder. Put it into an archive (.zip), and attach that."))
            .arg(name);
    // A pipe or a device has no end.
    if (!info.isFile())
        return sentence(QT_TRANSLATE_NOOP("ui::composer", "%1 is no file that can be attached.")).arg(name);
    if (!QFile(info.filePath()).open(QIODevice::ReadOnly))
        return sentence(QT_TRANSLATE_NOOP("ui::composer", "%1 cannot be read. Check that you may open it.")).arg(name);
    if (info.size() > largestFile)
        return sentence(QT_TRANSLATE_NOOP("ui::composer",
                                          "%1 is too large to be sent by mail. Share it in another way, and send a "
                                          "link."))
            .arg(name);
    return {};
}

/** The name of a part that travels as it is: of Content-Disposition, else of Content-Type. */
PartSummary summaryOf(const mime::ForwardedPart &part)
{
    PartSummary result;
    const auto type = mime::parseParameterisedValue(mime::headerFieldValue(part.header, "Content-Type"));
    const auto disposition = mime::parseParameterisedValue(mime::headerFieldValue(part.header, "Content-Disposition"));
    result.type = type.value;
    QString name = mime::decodedParameter(disposition.parameters, "filename");
    if (name.isEmpty())
        name = mime::decodedParameter(type.parameters, "name");
    result.name = mime::safeFileName(name);
    const QByteArray encoding = mime::headerFieldValue(part.header, "Content-Transfer-Encoding").trimmed().toLower();
    result.size = encoding == "base64" ? part.body.size() * 57 / 78 : part.body.size();
    return result;
}

} // namespace

PartSummary summaryOf(const mime::OutgoingPart &part)
{
    if (const auto *file = std::get_if<mime::OutgoingFile>(&part)) {
        const auto *bytes = std::get_if<QByteArray>(&file->content);
        return {file->name, file->type, bytes != nullptr ? bytes->size() : 0};
    }
    if (const auto *message = std::get_if<mime::ForwardedMessage>(&part))
        return {message->name, QByteArrayLiteral("message/rfc822"), message->bytes.size()};
    return summaryOf(std::get<mime::ForwardedPart>(part));
}

std::vector<FoundFile> lookAtFiles(const QStringList &paths)
{
    const QMimeDatabase types;
    std::vector<FoundFile> result;
    for (const QString &path : paths) {
        const QFileInfo info(path);
        FoundFile found;
        found.refusal = refusalOf(info);
        if (found.refusal.isEmpty()) {
            found.size = info.size();
            found.file.name = mime::displayLine(info.fileName());
            found.file.type = types.mimeTypeForFile(info).name().toLatin1();
            found.file.content = info.absoluteFilePath();
        }
        result.push_back(std::move(found));
    }
    return result;
}

mime::OutgoingFile pictureFile(const QImage &picture, const QString &name)
{
    const auto written = [&picture](const char *format, int quality) {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        picture.save(&buffer, format, quality);
        return bytes;
    };
    mime::OutgoingFile file;
    QByteArray bytes = written("PNG", -1);
    file.type = QByteArrayLiteral("image/png");
    file.name = name + QLatin1String(".png");
    if (bytes.size() > smallPicture && !picture.hasAlphaChannel()) {
        QByteArray other = written("JPEG", 88);
        if (!other.isEmpty() && other.size() * 3 < bytes.size()) {
            bytes = std::move(other);
            file.type = QByteArrayLiteral("image/jpeg");
            file.name = name + QLatin1String(".jpg");
        }
    }
    file.content = std::move(bytes);
    return file;
}

} // namespace kittiwake::ui
