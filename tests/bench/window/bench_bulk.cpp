// SPDX-License-Identifier: GPL-3.0-or-later
// bench_bulk [MESSAGES]: the real window and engine, not connected, on a folder of so many messages (100,000): all are
// selected, marked, moved, and all of it is undone. How long the window answers to nothing meanwhile, at most.
#include "app/window/enginesource.h"
#include "core/accounts/accountregistry.h"
#include "core/engine/engine.h"
#include "core/store/cachestore.h"
#include "tests/bench/store/headersource.h"
#include "tests/bench/window/windowwatch.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/windowactions.h"
#include "ui/messagelist/messagelistview.h"
#include "ui/models/messagelistmodel.h"
#include "ui/reader/htmlprofile.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace kittiwake;
using namespace kittiwake::bench;
using namespace kittiwake::ui;

namespace
{

constexpr double blockLimit = 50; // ms, of computing without looking at what the person does
constexpr int longestWait = 60'000; // ms

bool isOk(const char *what, const Result<void> &result)
{
    if (!result)
        std::fprintf(stderr, "%s: %s\n", what, qPrintable(result.error().userText));
    return result.has_value();
}

/** An account, and a cache with an INBOX of count messages and an empty Archive. */
bool fill(const QString &profile, std::int64_t count)
{
    auto registry = accounts::AccountRegistry::open(profile);
    if (!registry)
        return isOk("accounts", failure(registry.error()));
    accounts::Account account;
    account.email = QStringLiteral("anna@kittiwake.example");
    account.displayName = QStringLiteral("Anna");
    account.imap.endpoint = {QStringLiteral("127.0.0.1"), 9};
    const auto added = registry->add(account);
    if (!added)
        return isOk("account", failure(added.error()));
    auto cache = store::CacheStore::open(profile, Secret());
    if (!cache)
        return isOk("cache", failure(cache.error()));
    MailboxId inbox;
    const UidValidity validity(7);
    const auto made = (*cache)->write([&](store::CacheTransaction &transaction) -> Result<void> {
        for (const auto &[name, role] : {std::pair(QStringLiteral("INBOX"), mail::MailboxRole::Inbox),
                                         std::pair(QStringLiteral("Archive"), mail::MailboxRole::Archive)}) {
            store::MailboxListing listing;
            listing.name.text = name;
            listing.delimiter = QChar(u'/');
            listing.role = role;
            const auto mailbox = transaction.putMailbox(added->id, listing);
            if (!mailbox)
                return failure(mailbox.error());
            if (auto reset = transaction.resetMailbox(*mailbox, validity); !reset)
                return reset;
            if (role == mail::MailboxRole::Inbox)
                inbox = *mailbox;
        }
        return {};
    });
    if (!isOk("mailboxes", made))
        return false;
    const HeaderSource headers(count);
    for (std::int64_t first = 0; first < count; first += 2000) {
        const auto written = (*cache)->write([&](store::CacheTransaction &transaction) -> Result<void> {
            const auto inserted = transaction.insertHeaders(
                inbox, validity, headers.batch(first, std::min<std::int64_t>(2000, count - first)));
            return inserted ? Result<void>() : failure(inserted.error());
        });
        if (!isOk("headers", written))
            return false;
    }
    const auto state = (*cache)->state(inbox);
    if (!state)
        return isOk("state", failure(state.error()));
    store::MailboxState complete = state->value_or(store::MailboxState());
    complete.complete = true;
    complete.uidNext = Uid(static_cast<std::uint32_t>(count + 1));
    complete.lowestFetched = Uid(1);
    complete.messages = count;
    return isOk("state", (*cache)->write([&](store::CacheTransaction &transaction) -> Result<void> {
        return transaction.setState(inbox, complete);
    }));
}

struct Bench {
    MainWindow &window;
    bool allDone = true;

    [[nodiscard]] int rows() const { return window.messageModel().rowCount(); }

    /** Does it, and waits until it can be seen. */
    template <typename Action, typename Condition>
    void measure(const char *name, Action action, Condition isSeen)
    {
        Blocks blocks(blockLimit);
        QElapsedTimer timer;
        timer.start();
        blocks.start();
        action();
        const bool seen = waitUntil(isSeen, longestWait);
        const auto elapsed = static_cast<double>(timer.elapsed());
        // What comes after it counts as well: lists that are read again, counters, the folders.
        QElapsedTimer rest;
        rest.start();
        waitUntil([&] { return rest.elapsed() > 1500; });
        blocks.stop();
        allDone = allDone && seen;
        const auto *banner = window.findChild<Banner *>(QStringLiteral("actionBanner"));
        if (!seen && banner != nullptr && banner->isVisible())
            std::fprintf(stderr, "%s\n", qPrintable(banner->text()));
        std::printf("  %-34s%8.0f ms until it is seen; the window computed %.1f ms at a time at most (%d times over "
                    "%.0f), and was held up %.1f ms%s\n",
                    name, elapsed, blocks.longestCpu, blocks.over, blockLimit, blocks.longest,
                    seen ? "" : "  NOT SEEN");
    }
};

bool run(std::int64_t count)
{
    const QTemporaryDir profile;
    if (!fill(profile.path(), count))
        return false;
    auto engine = engine::Engine::open({.profile = profile.path(), .offline = true});
    if (!engine) {
        std::fprintf(stderr, "%s\n", qPrintable(engine.error().userText));
        return false;
    }
    app::EngineSource source(**engine);
    MainWindow window(source, profile.path());
    window.resize(1400, 900);
    window.show();
    auto *view = window.findChild<MessageListView *>();
    MessageListModel &model = window.messageModel();
    if (!waitUntil([&] { return model.isComplete() && model.rowCount() > 0; }, longestWait)) {
        std::fprintf(stderr, "the window shows nothing\n");
        return false;
    }
    const int all = model.rowCount(); // a conversation is one row
    Bench bench{window};
    view->setFocus();
    const auto selected = [&] { return view->selectionModel()->selectedRows().size(); };
    const auto selectAll = [&] { QTest::keyClick(view, Qt::Key_A, Qt::ControlModifier); };
    const auto undo = [&] { window.actions().undo->trigger(); };
    std::printf("%lld messages in %d conversations\n", static_cast<long long>(count), all);
    bench.measure("select all", selectAll, [&] { return selected() == all; });
    // What the command will do next tells what the messages are like.
    const QAction *star = window.actions().toggleStar;
    QString before;
    const auto toggle = [&] {
        before = star->text();
        window.actions().toggleStar->trigger();
    };
    bench.measure("star, or its removal", toggle, [&] { return star->text() != before; });
    bench.measure("the other one", toggle, [&] { return star->text() != before; });
    before = star->text();
    bench.measure("undo", undo, [&] { return star->text() != before; });
    if (selected() != all)
        bench.measure("select all", selectAll, [&] { return selected() == all; });
    bench.measure(
        "archive", [&] { window.actions().archive->trigger(); }, [&] { return bench.rows() == 0; });
    bench.measure("undo", undo, [&] { return bench.rows() == all; });
    bench.measure("select all", selectAll, [&] { return selected() == all; });
    bench.measure(
        "delete", [&] { window.actions().remove->trigger(); }, [&] { return bench.rows() == 0; });
    return bench.allDone;
}

} // namespace

int main(int argc, char **argv)
{
    prepareWebEngine();
    QApplication application(argc, argv);
    theme::apply(application, theme::Scheme::Light, false);
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // each line when it is known
    const std::int64_t count = argc > 1 ? std::max(1LL, std::atoll(argv[1])) : 100'000;
    return run(count) ? 0 : 1;
}
