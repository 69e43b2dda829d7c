// SPDX-License-Identifier: GPL-3.0-or-later
// bench_attach PROFILE RECIPIENT FILE...: the real window and engine on a profile that has an account. For each file a
// message is written in the composer, the file attached, and the message sent; it ends when the outbox is empty again.
// Prints a line of JSON for each: how long the window answered to nothing meanwhile, the memory at its highest, and
// what was told of the progress. bench_attach.py makes the profile and the servers.
#include "app/window/enginecomposer.h"
#include "app/window/enginesource.h"
#include "core/engine/engine.h"
#include "tests/bench/window/windowwatch.h"
#include "ui/composer/composers.h"
#include "ui/composer/composerwindow.h"
#include "ui/composer/draftkeeper.h"
#include "ui/composer/outgoingbar.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/mainwindow/activity.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/pendingactions.h"
#include "ui/reader/htmlprofile.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QSettings>

#include <cstdio>
#include <set>
#include <sys/resource.h>

using namespace kittiwake;
using namespace kittiwake::bench;
using namespace kittiwake::ui;

namespace
{

constexpr double blockLimit = 16; // ms, law 5
constexpr int longestWait = 240'000; // ms

/** Of this process so far, in octets. */
long long peakMemory()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * 1024LL;
}

/** Writes a message with that file and sends it; what it cost the window. */
bool send(MainWindow &window, const QString &recipient, const QString &file)
{
    Composers *composers = window.composers();
    auto *pending = window.findChild<PendingActions *>();
    auto *line = window.findChild<ActivityButton *>(QStringLiteral("activityLine"));
    std::set<int> told; // hundredths that the line below the folders has shown
    const auto connection = QObject::connect(pending, &PendingActions::progressed, pending, [&] {
        if (line->summary().line.startsWith(QLatin1String("Sending")))
            told.insert(static_cast<int>(line->summary().progress * 100));
    });
    ComposerWindow *composer = composers->writeNew();
    if (composer == nullptr || !waitUntil([&] { return composer->isVisible(); }))
        return false;
    Blocks blocks(blockLimit);
    QElapsedTimer timer;
    timer.start();
    blocks.start();
    composer->recipients().field(RecipientRows::Row::To).addAddresses({{{}, recipient}});
    composer->subjectEdit()->setText(QFileInfo(file).fileName());
    composer->files().addFiles({file});
    const bool isAttached = waitUntil([&] { return composer->files().chips().size() == 1; }, longestWait);
    // As long as somebody looks at it before they send it: it is saved meanwhile.
    const bool isSaved = isAttached
        && waitUntil([&] { return composer->keeper().wasSaved() && composer->keeper().isSaved(); }, longestWait);
    const auto written = static_cast<double>(timer.elapsed());
    composer->send();
    const auto isGone = [&] { return composers->windows().empty(); };
    const auto isEmpty = [&] { return pending->all().empty(); };
    bool wasThere = false;
    QObject::connect(pending, &PendingActions::changed, line, [&] { wasThere = wasThere || !isEmpty(); });
    const bool isSent
        = isSaved && waitUntil(isGone, longestWait) && waitUntil([&] { return wasThere && isEmpty(); }, longestWait);
    blocks.stop();
    QObject::disconnect(connection);
    QObject::disconnect(pending, &PendingActions::changed, line, nullptr);
    std::printf("{\"octets\": %lld, \"sent\": %s, \"written_ms\": %.0f, \"total_ms\": %lld, \"longest_ms\": %.1f, "
                "\"longest_cpu_ms\": %.1f, \"over\": %d, \"peak\": %lld, \"progress\": %zu}\n",
                static_cast<long long>(QFileInfo(file).size()), isSent ? "true" : "false", written,
                static_cast<long long>(timer.elapsed()), blocks.longest, blocks.longestCpu, blocks.over, peakMemory(),
                told.size());
    return isSent;
}

} // namespace

int main(int argc, char **argv)
{
    prepareWebEngine();
    QApplication application(argc, argv);
    theme::apply(application, theme::Scheme::Light, false);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 4) {
        std::fputs("usage: bench_attach PROFILE RECIPIENT FILE...\n", stderr);
        return 2;
    }
    const QString profile = arguments.at(1);
    auto engine = engine::Engine::open({.profile = profile, .stayConnected = true});
    if (!engine) {
        std::fprintf(stderr, "%s\n", qPrintable(engine.error().userText));
        return 1;
    }
    app::EngineSource source(**engine);
    app::EngineComposer composer(**engine);
    MainWindow window(source, profile);
    window.setWriting(composer);
    window.resize(1400, 900);
    window.show();
    const bool isConnected = waitUntil(
        [&] { return source.status(source.accounts().front().id).state == engine::AccountStatus::State::UpToDate; });
    bool isSent = isConnected;
    for (const QString &file : arguments.mid(3))
        isSent = isSent && send(window, arguments.at(2), file);
    window.hide();
    return isSent ? 0 : 1;
}
