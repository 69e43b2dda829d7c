// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/icon.h"

#include "ui/widgets/flatstyle.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace kittiwake::ui
{

namespace
{

/** The SVG text of an icon, thinner than Lucide draws it: two units are too heavy beside text, and in large marks. */
QByteArray svgText(const QString &name, int size)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().replace("stroke-width=\"2\"", size >= 32 ? "stroke-width=\"1.2\"" : "stroke-width=\"1.8\"");
}

QPixmap render(const QByteArray &svg, const QSize &pixels)
{
    QPixmap pixmap(pixels);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svg);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(pixels)));
    return pixmap;
}

class TintedEngine final : public QIconEngine
{
public:
    TintedEngine(QString name, IconTint tint) : m_name(std::move(name)), m_tint(tint) { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device()->devicePixelRatioF();
        const int side = qMin(rect.width(), rect.height());
        Q_UNUSED(state)
        const QPixmap drawn = iconPixmap(m_name, colour(mode), side, ratio);
        painter->drawPixmap(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, drawn);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        // size is in device pixels here; the caller sets the ratio.
        return iconPixmap(m_name, colour(mode), qMin(size.width(), size.height()), 1.0);
    }

    QSize actualSize(const QSize &size, QIcon::Mode, QIcon::State) override { return size; }
    [[nodiscard]] QString key() const override { return QStringLiteral("KittiwakeIcon"); }
    [[nodiscard]] QIconEngine *clone() const override { return new TintedEngine(*this); }
    bool isNull() override { return false; }

private:
    [[nodiscard]] QColor colour(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        // FlatStyle tints selected rows only; others fill them.
        if (mode == QIcon::Selected && !qobject_cast<FlatStyle *>(QApplication::style()))
            return palette.color(QPalette::HighlightedText);
        if (m_tint == IconTint::Accent)
            return theme::accent(palette);
        if (m_tint == IconTint::Secondary)
            return theme::secondaryText(palette);
        return theme::mix(palette.color(QPalette::Button), palette.color(QPalette::ButtonText), 0.86);
    }

    QString m_name;
    IconTint m_tint;
};

} // namespace

QIcon icon(const QString &name, IconTint tint)
{
    return QIcon(new TintedEngine(name, tint));
}

QPixmap iconPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio)
{
    const QString key = QStringLiteral("kittiwake/%1/%2/%3/%4")
                            .arg(name, colour.name(), QString::number(size), QString::number(devicePixelRatio));
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    const QSize pixels = (QSizeF(size, size) * devicePixelRatio).toSize();
    pixmap = render(svgText(name, size).replace("currentColor", colour.name().toLatin1()), pixels);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

void paintIcon(QPainter &painter, const QRect &rect, const QString &name, const QColor &colour, int size)
{
    const QPixmap pixmap = iconPixmap(name, colour, size, painter.device()->devicePixelRatioF());
    painter.drawPixmap(rect.x() + (rect.width() - size) / 2, rect.y() + (rect.height() - size) / 2, pixmap);
}

QIcon applicationIcon()
{
    return QIcon(QStringLiteral(":/kittiwake.svg"));
}

} // namespace kittiwake::ui
