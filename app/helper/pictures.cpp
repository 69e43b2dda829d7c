// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/helper/tasks.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>
#include <QPdfDocument>

namespace kittiwake::helper
{

namespace
{

constexpr int allocationMegabytes = 512; // of one decoded picture: 128 megapixels
constexpr qint64 maxPixels = 128'000'000;

/** Pixels as QImage::Format_ARGB32_Premultiplied has them, without padding. */
QCborMap imageMap(const QImage &image)
{
    const QImage plain = image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
    QCborMap map;
    map[QStringLiteral("width")] = plain.width();
    map[QStringLiteral("height")] = plain.height();
    map[QStringLiteral("pixels")]
        = QByteArray(reinterpret_cast<const char *>(plain.constBits()), static_cast<qsizetype>(plain.sizeInBytes()));
    return map;
}

} // namespace

QCborMap picture(const QByteArray &bytes, const QByteArray &format, const QSize &most)
{
    QImageReader::setAllocationLimit(allocationMegabytes);
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, format);
    reader.setAutoDetectImageFormat(false); // nothing but what was asked for looks at it
    reader.setAutoTransform(true); // as the camera was held
    const QSize size = reader.size();
    if (!size.isValid() || qint64{size.width()} * size.height() > maxPixels)
        return {};
    const bool turned = reader.transformation() & QImageIOHandler::TransformationRotate90;
    const QSize room = turned ? most.transposed() : most;
    if (size.width() > room.width() || size.height() > room.height())
        reader.setScaledSize(size.scaled(room, Qt::KeepAspectRatio).expandedTo({1, 1}));
    const QImage image = reader.read();
    if (image.isNull())
        return {};
    QCborMap map;
    const QSize shown = turned ? size.transposed() : size;
    map[QStringLiteral("width")] = shown.width();
    map[QStringLiteral("height")] = shown.height();
    map[QStringLiteral("image")] = imageMap(image);
    return map;
}

QCborMap firstPage(const QByteArray &bytes, const QSize &most)
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QPdfDocument document;
    document.load(&buffer);
    if (document.status() != QPdfDocument::Status::Ready || document.pageCount() < 1)
        return {};
    const QSizeF points = document.pagePointSize(0);
    if (!(points.width() >= 1) || !(points.height() >= 1))
        return {};
    const QSize size = points.scaled(most, Qt::KeepAspectRatio).toSize().expandedTo({1, 1});
    QImage page(size, QImage::Format_ARGB32_Premultiplied);
    page.fill(Qt::white); // paper
    const QImage drawn = document.render(0, size);
    if (drawn.isNull())
        return {};
    for (int y = 0; y < qMin(page.height(), drawn.height()); ++y) {
        const auto *from = reinterpret_cast<const QRgb *>(drawn.constScanLine(y));
        auto *to = reinterpret_cast<QRgb *>(page.scanLine(y));
        for (int x = 0; x < qMin(page.width(), drawn.width()); ++x) {
            const int rest = 255 - qAlpha(from[x]);
            to[x] = qRgb(qMin(255, qRed(from[x]) + rest), qMin(255, qGreen(from[x]) + rest),
                         qMin(255, qBlue(from[x]) + rest));
        }
    }
    QCborMap map;
    map[QStringLiteral("pages")] = document.pageCount();
    map[QStringLiteral("image")] = imageMap(page);
    document.close();
    return map;
}

} // namespace kittiwake::helper
