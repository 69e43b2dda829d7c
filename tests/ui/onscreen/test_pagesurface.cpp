// SPDX-License-Identifier: GPL-3.0-or-later
// The window stays the same window when the first page comes into it.
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/reader/htmlview.h"
#include "ui/reader/readerpane.h"

#include <QPlatformSurfaceEvent>
#include <QSignalSpy>
#include <QWindow>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

/** Counts how often a native window is made. */
class SurfaceCounter final : public QObject
{
public:
    int made = 0;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::PlatformSurface
            && static_cast<QPlatformSurfaceEvent *>(event)->surfaceEventType() == QPlatformSurfaceEvent::SurfaceCreated)
            ++made;
        return QObject::eventFilter(watched, event);
    }
};

} // namespace

class TestPageSurface final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWindowIsNotMadeAnew()
    {
        FakeSource source;
        const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));
        const Sample sample = fillWithSample(source, now);
        MainWindow window(source, {});
        window.resize(1200, 700);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTRY_VERIFY(window.messageModel().isComplete());
        QVERIFY(!window.reader().htmlView()); // Qt WebEngine waits until it is needed
        const WId before = window.winId();
        SurfaceCounter counter;
        window.windowHandle()->installEventFilter(&counter);
        QSignalSpy hidden(window.windowHandle(), &QWindow::visibleChanged);

        window.openMessage(sample.newsletter);
        QTRY_VERIFY_WITH_TIMEOUT(window.reader().htmlView() && window.reader().htmlView()->isLoaded(), 60000);
        QTRY_VERIFY_WITH_TIMEOUT(window.reader().htmlView()->isVisible(), 60000);
        QCOMPARE(window.winId(), before);
        QCOMPARE(counter.made, 0);
        QCOMPARE(hidden.size(), 0);
    }

    void withoutTheReserveItWould()
    {
        // If this fails, Qt has learnt to change a window's surface, and reservePageSurface() can go.
        QWidget window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const WId before = window.winId();
        HtmlView view(&window);
        view.show();
        view.setMessage(QStringLiteral("<html><body>page</body></html>"), {}, false);
        QTRY_VERIFY_WITH_TIMEOUT(window.winId() != before, 60000);
    }
};

KITTIWAKE_UI_TEST_MAIN(TestPageSurface)
#include "test_pagesurface.moc"
