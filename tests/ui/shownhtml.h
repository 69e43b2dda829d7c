// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/reader/htmlview.h"

#include <QBuffer>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <QWebEngineView>

namespace kittiwake::ui::testing
{

/** A picture of one colour, PNG. */
inline QByteArray picture(int width, int height, const QColor &colour = Qt::red)
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(colour);
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return png;
}

/** An HtmlView in a window of its own. */
struct Shown {
    HtmlView view;

    Shown()
    {
        view.resize(600, 400);
        view.show();
        view.activateWindow();
    }
    void load(const QString &html, const std::vector<mime::InlineImage> &images = {}, bool dark = false)
    {
        QSignalSpy loaded(&view, &HtmlView::loaded);
        view.setMessage(html, images, dark);
        QTRY_VERIFY_WITH_TIMEOUT(!loaded.isEmpty(), 30000);
    }
    [[nodiscard]] QWebEnginePage *page() const { return view.view()->page(); }
};

} // namespace kittiwake::ui::testing
