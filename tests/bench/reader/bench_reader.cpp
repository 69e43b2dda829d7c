// SPDX-License-Identifier: GPL-3.0-or-later
// How long from a click to the text on the screen, for messages that are in memory already, beside what the bare
// widgets take for the same text; and how long the window is held up at most while the cursor key is held down.
#include "core/mime/content.h"
#include "tests/bench/window/windowwatch.h"
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/models/messagelistmodel.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"

#include <QElapsedTimer>
#include <QPlainTextEdit>
#include <QScreen>
#include <QTemporaryDir>
#include <QTimer>
#include <QWebEngineView>

#include <algorithm>
#include <cstdio>

using namespace kittiwake;
using namespace kittiwake::bench;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

constexpr int rounds = 15;
constexpr int warmUpRounds = 3;

struct Times {
    std::vector<double> all; ///< milliseconds
    void add(double ms) { all.push_back(ms); }
    [[nodiscard]] double median()
    {
        std::sort(all.begin(), all.end());
        return all.empty() ? 0 : all[all.size() / 2];
    }
    [[nodiscard]] double most() { return all.empty() ? 0 : *std::max_element(all.begin(), all.end()); }
};

/** Notes when a widget has been painted. */
class PaintWatch final : public QObject
{
public:
    explicit PaintWatch(QWidget &widget) { widget.installEventFilter(this); }
    bool painted = false;

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        // The event itself comes next; the turn of the loop after that, it is done.
        if (event->type() == QEvent::Paint)
            QTimer::singleShot(0, this, [this] { painted = true; });
        return QObject::eventFilter(watched, event);
    }
};

QString plainText(int number)
{
    QString text = QStringLiteral("Message %1\n\n").arg(number);
    while (text.size() < 20 * 1024) {
        text += QStringLiteral("> On Monday somebody wrote about https://example.org/%1 and more of that kind.\n"
                               ">> And somebody else before.\nAn answer, in a line of its own, that goes on a bit.\n\n")
                    .arg(number);
    }
    return text;
}

const QColor &colourOf(int number)
{
    static const std::array colours{QColor(0xcc3311), QColor(0x1133cc), QColor(0x11aa33), QColor(0xcc11aa)};
    return colours.at(static_cast<std::size_t>(number) % colours.size());
}

/** 100 KB as newsletters are: tables in tables, with a field of one colour in the first row. */
mime::MessageContent newsletter(int number)
{
    QByteArray body;
    while (body.size() < 100 * 1024) {
        body += "<tr><td style='padding:8px;font-family:sans-serif;font-size:14px;color:#333'><table><tr><td>"
                "<b>A headline of the news</b><br>And some text that belongs to it, which goes on for a line or two, "
                "as they do. <a href='https://example.org/read'>Read on</a></td></tr></table></td></tr>";
    }
    const QByteArray message = "Content-Type: text/html; charset=utf-8\n\n<html><body style='margin:0'><div "
                               "style='height:200px;background-color:"
        + colourOf(number).name().toLatin1() + "'>&nbsp;</div><table width='600'>" + body + "</table></body></html>";
    return mime::contentOfMessage(message);
}

bool isSeen(const QWidget &widget, const QPoint &at, const QColor &wanted)
{
    const QPoint point = widget.mapToGlobal(at);
    const QColor seen = widget.screen()->grabWindow(0, point.x(), point.y(), 1, 1).toImage().pixelColor(0, 0);
    return qAbs(seen.red() - wanted.red()) < 12 && qAbs(seen.green() - wanted.green()) < 12
        && qAbs(seen.blue() - wanted.blue()) < 12;
}

struct Reader {
    FakeSource source;
    Sample sample = fillWithSample(source, QDateTime(QDate(2026, 9, 24), QTime(14, 3)));
    ReaderPane pane{source};

    Reader()
    {
        pane.resize(800, 700);
        pane.show();
        waitUntil([this] { return pane.windowHandle() && pane.windowHandle()->isExposed(); });
    }
    store::MessageRow add(const mime::MessageContent &content)
    {
        mail::MessageHeader header;
        header.subject = QStringLiteral("Measured");
        header.from = {{QStringLiteral("Somebody"), QStringLiteral("a@example.org")}};
        const MessageId id = source.store().add(sample.inbox, header);
        source.setContent(id, content);
        return source.store().rows(std::span(&id, 1)).front();
    }
    /** As after a pause, not while a key is held down. */
    void rest()
    {
        QElapsedTimer timer;
        timer.start();
        waitUntil([&] { return timer.elapsed() > 200; });
    }
};

void measurePlain()
{
    Reader reader;
    PaintWatch watch(*reader.pane.plainView().viewport());
    Times times;
    Times cpu;
    for (int round = 0; round < rounds + warmUpRounds; ++round) {
        mime::MessageContent content;
        content.plainText = plainText(round);
        const store::MessageRow row = reader.add(content);
        reader.rest();
        Watch timer;
        timer.start();
        reader.pane.showMessage(row);
        waitUntil([&] { return reader.pane.state() == ReaderPane::State::Showing; });
        watch.painted = false;
        waitUntil([&] { return watch.painted; });
        if (round >= warmUpRounds) {
            times.add(timer.wallMs());
            cpu.add(timer.cpuMs());
        }
    }
    Times floor;
    Times floorCpu;
    QPlainTextEdit bare;
    bare.resize(800, 500);
    bare.show();
    waitUntil([&] { return bare.windowHandle()->isExposed(); });
    PaintWatch bareWatch(*bare.viewport());
    for (int round = 0; round < rounds + warmUpRounds; ++round) {
        reader.rest();
        Watch timer;
        timer.start();
        bare.setPlainText(plainText(round));
        bareWatch.painted = false;
        waitUntil([&] { return bareWatch.painted; });
        if (round >= warmUpRounds) {
            floor.add(timer.wallMs());
            floorCpu.add(timer.cpuMs());
        }
    }
    std::printf(
        "20 KB of plain text, click to painted: median %.1f ms, most %.1f ms (computed %.1f, most %.1f); bare text "
        "widget %.1f ms (computed %.1f): %.1f times\n",
        times.median(), times.most(), cpu.median(), cpu.most(), floor.median(), floorCpu.median(),
        cpu.median() / floorCpu.median());
}

void measureHtml()
{
    Reader reader;
    Times times;
    const QPoint inText(60, 250);
    for (int round = 0; round < rounds + warmUpRounds; ++round) {
        const store::MessageRow row = reader.add(newsletter(round));
        reader.rest();
        Watch timer;
        timer.start();
        reader.pane.showMessage(row);
        if (!waitUntil([&] { return isSeen(reader.pane, inText, colourOf(round)); })) {
            std::printf("the page was not painted\n");
            return;
        }
        if (round >= warmUpRounds)
            times.add(timer.wallMs());
    }
    Times floor;
    QWebEngineView bare;
    bare.resize(800, 500);
    bare.show();
    for (int round = 0; round < rounds + warmUpRounds; ++round) {
        const QString html = newsletter(round).html;
        reader.rest();
        Watch timer;
        timer.start();
        bare.setHtml(html);
        waitUntil([&] { return isSeen(bare, QPoint(60, 100), colourOf(round)); });
        if (round >= warmUpRounds)
            floor.add(timer.wallMs());
    }
    std::printf("100 KB of HTML, click to painted: median %.1f ms, most %.1f ms; bare web view %.1f ms (%.1f times)\n",
                times.median(), times.most(), floor.median(), times.median() / floor.median());
}

/** Down, as a keyboard repeats it, through a list of messages, each of which is in memory. */
void measureHeldKey()
{
    FakeSource source;
    const Sample sample = fillWithSample(source, QDateTime(QDate(2026, 9, 24), QTime(14, 3)));
    const QTemporaryDir profile;
    int number = 0;
    std::vector<mime::MessageContent> html;
    for (int kind = 0; kind < 4; ++kind)
        html.push_back(newsletter(kind));
    for (const MessageId id : source.store().ids(sample.inbox)) {
        mime::MessageContent content;
        content.plainText = plainText(number % 10);
        source.setContent(id, number % 3 == 0 ? html[static_cast<std::size_t>(number) % html.size()] : content);
        ++number;
    }
    MainWindow window(source, profile.path());
    window.resize(1400, 900);
    window.show();
    waitUntil([&] { return window.messageModel().isComplete() && window.messageModel().rowCount() > 200; });
    window.warmUp();
    auto *view = window.findChild<MessageListView *>();
    view->setFocus();
    window.openMessage(window.messageModel().listRow(0).id);
    waitUntil([&] { return window.reader().state() == ReaderPane::State::Showing; });

    Blocks blocks(16);
    int pressed = 0;
    QTimer repeat;
    repeat.setInterval(33);
    repeat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&repeat, &QTimer::timeout, [&] {
        QKeyEvent down(QEvent::KeyPress, Qt::Key_Down, {}, {}, true);
        QCoreApplication::sendEvent(view, &down);
        ++pressed;
    });
    blocks.start();
    repeat.start();
    waitUntil([&] { return pressed >= 200; }, 60000);
    repeat.stop();
    QElapsedTimer settle;
    settle.start();
    waitUntil([&] { return settle.elapsed() > 1000; });
    blocks.stop();
    std::printf(
        "down key held through %d messages: longest block of the window %.1f ms, computed %.1f ms at most, %d times "
        "over 16; at row %d, %s\n",
        pressed, blocks.longest, blocks.longestCpu, blocks.over, view->currentIndex().row(),
        window.reader().state() == ReaderPane::State::Showing ? "shown" : "not shown");
}

} // namespace

int main(int argc, char **argv)
{
    kittiwake::ui::prepareWebEngine();
    QApplication application(argc, argv);
    theme::apply(application, theme::Scheme::Light, false);
    measurePlain();
    measureHtml();
    measureHeldKey();
    return 0;
}
