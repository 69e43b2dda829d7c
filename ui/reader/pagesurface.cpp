// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/pagesurface.h"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QQuickWidget>
#include <QQuickWindow>

namespace kittiwake::ui
{

namespace
{

/**
 * Qt Quick does not fall back by itself: with a driver that is missing (a remote X server, a container, a broken
 * installation) Qt 6.4.2 dereferences null while it shows the window.
 */
bool hasOpenGl()
{
    QOpenGLContext context;
    if (!context.create())
        return false;
    QOffscreenSurface surface;
    surface.setFormat(context.format());
    surface.create();
    return surface.isValid() && context.makeCurrent(&surface);
}

/** Once a process: Qt Quick allows no change after its first window. */
void chooseGraphics()
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    // Direct3D and Metal, which are always there.
#else
    static const bool chosen = [] {
        const bool named
            = qEnvironmentVariableIsSet("QT_QUICK_BACKEND") || qEnvironmentVariableIsSet("QSG_RHI_BACKEND");
        if (!named && !hasOpenGl())
            QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
        return true;
    }();
    Q_UNUSED(chosen)
#endif
}

} // namespace

void reservePageSurface(QWidget &widget)
{
    chooseGraphics();
    // Qt looks at all children, hidden ones too, when it chooses the surface of a window. A QQuickWidget is what
    // Qt WebEngine puts there, so both always agree; hidden, it starts nothing.
    auto *same = new QQuickWidget(&widget);
    same->setObjectName(QStringLiteral("pageSurface"));
    same->setVisible(false);
    same->setFocusPolicy(Qt::NoFocus);
}

} // namespace kittiwake::ui
