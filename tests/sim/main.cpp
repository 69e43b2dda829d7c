// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/shrink.h"
#include "tests/sim/simulation.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QHashFunctions>
#include <QLoggingCategory>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <vector>

#include <malloc.h>
#include <sqlite3.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace kittiwake::sim;

namespace
{

void print(const QString &text)
{
    std::fputs(qPrintable(text + QLatin1Char('\n')), stdout);
    std::fflush(stdout);
}

void report(const History &history, const Outcome &outcome)
{
    print(QStringLiteral("seed %1, %2 events, %3 mailboxes of %4 messages; server: %5")
              .arg(QString::number(history.seed), QString::number(history.events.size()),
                   QString::number(history.mailboxes), QString::number(history.messages), describe(history.server)));
    for (const QString &violation : outcome.violations)
        print(QStringLiteral("  ") + violation);
}

/** What many histories came to. Plain numbers, since it travels from process to process as it is. */
struct Tally {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t steps = 0;
    std::int64_t simulatedMs = 0;
    std::uint64_t connections = 0;
    std::uint64_t kills = 0;
    std::uint64_t letters = 0;
    std::uint64_t actions = 0;
    std::uint64_t checkedMessages = 0;
    std::uint64_t textsRead = 0;
    std::uint64_t fingerprint = 0;

    void add(const Outcome &outcome, std::uint64_t seed)
    {
        ++done;
        failed += outcome.isGood() ? 0 : 1;
        steps += outcome.steps;
        simulatedMs += outcome.simulatedMs;
        connections += outcome.connections;
        kills += outcome.kills;
        letters += outcome.letters;
        actions += outcome.actions;
        checkedMessages += outcome.checkedMessages;
        textsRead += outcome.textsRead;
        fingerprint ^= outcome.fingerprint * (seed * 2 + 1);
    }
    void add(const Tally &other)
    {
        done += other.done;
        failed += other.failed;
        steps += other.steps;
        simulatedMs += other.simulatedMs;
        connections += other.connections;
        kills += other.kills;
        letters += other.letters;
        actions += other.actions;
        checkedMessages += other.checkedMessages;
        textsRead += other.textsRead;
        fingerprint ^= other.fingerprint;
    }
};

struct Range {
    std::uint64_t from = 1;
    std::uint64_t count = 1;
    std::uint64_t every = 1; ///< of the numbers, each so many-th
    qint64 limitMs = 0; ///< 0: none
    int shrinkRuns = 0;
    bool traces = false;
    bool keepsGoing = false;
    bool opensAnew = false;
    bool isTwice = false;
};

QString summary(const Tally &tally, double seconds)
{
    return QStringLiteral(
               "%1 histories in %2 s (%3 a second), %4 failed; %5 hours simulated, %6 connections, %7 kills, "
               "%8 actions, %9 messages checked exactly, %10 texts read, %11 letters sent, fingerprint %12")
        .arg(QString::number(tally.done), QString::number(seconds, 'f', 1),
             QString::number(static_cast<double>(tally.done) / std::max(seconds, 0.001), 'f', 1),
             QString::number(tally.failed), QString::number(static_cast<double>(tally.simulatedMs) / 3.6e6, 'f', 1),
             QString::number(tally.connections), QString::number(tally.kills), QString::number(tally.actions),
             QString::number(tally.checkedMessages), QString::number(tally.textsRead), QString::number(tally.letters),
             QString::number(tally.fingerprint, 16));
}

/** CPU that one history may take, in seconds: the longest takes a few. */
constexpr int longestHistory = 120;
constexpr itimerval noLimit{};
std::uint64_t runningSeed = 0; // for the signal handler

/** A loop that does not come back to the clock is seen by nothing else. */
void startWatch(std::uint64_t seed)
{
    runningSeed = seed;
    const auto onTime = [](int) {
        std::array<char, 64> text{};
        const int length = std::snprintf(text.data(), text.size(), "seed %llu does not end\n",
                                         static_cast<unsigned long long>(runningSeed));
        const auto written = ::write(STDOUT_FILENO, text.data(), static_cast<std::size_t>(length));
        ::_exit(written == length ? 3 : 4);
    };
    std::signal(SIGVTALRM, onTime);
    const itimerval limit{{0, 0}, {longestHistory, 0}};
    ::setitimer(ITIMER_VIRTUAL, &limit, nullptr);
}

/** One seed; a failing one is cut short and written down with what both sides said. */
Outcome runSeed(std::uint64_t seed, const Range &range)
{
    History history = makeHistory(seed);
    history.opensAnew = history.opensAnew || range.opensAnew;
    Outcome outcome;
    startWatch(seed);
    {
        Simulation simulation(history, range.traces);
        outcome = simulation.run();
    }
    // How many reads fail on a disk with errors depends on how many there are.
    const bool hasErrors = std::any_of(history.events.begin(), history.events.end(),
                                       [](const Event &event) { return event.kind == EventKind::DiskErrors; });
    if (range.isTwice && outcome.isGood() && !hasErrors && !history.opensAnew) {
        history.opensAnew = true;
        Simulation simulation(history, false);
        if (simulation.run().fingerprint != outcome.fingerprint)
            outcome.violations.append(QStringLiteral("it is another history where SQLite opens its files anew"));
    }
    if (range.traces) {
        for (const QString &line : std::as_const(outcome.trace))
            print(line);
    }
    if (outcome.isGood())
        return outcome;
    report(history, outcome);
    if (range.shrinkRuns > 0) {
        ::setitimer(ITIMER_VIRTUAL, &noLimit, nullptr); // that takes as long as was asked for
        const History shorter = shrink(history, range.shrinkRuns);
        Simulation simulation(shorter, true);
        const Outcome again = simulation.run();
        print(QStringLiteral("cut short:"));
        report(shorter, again);
        for (const Event &event : shorter.events)
            print(QStringLiteral("  ") + event.text());
        for (const QString &line : again.trace)
            print(line);
    }
    return outcome;
}

Tally runRange(const Range &range)
{
    QElapsedTimer elapsed;
    elapsed.start();
    Tally tally;
    for (std::uint64_t i = 0; i < range.count && (range.limitMs == 0 || elapsed.elapsed() < range.limitMs); ++i) {
        const std::uint64_t seed = range.from + i * range.every;
        tally.add(runSeed(seed, range), seed);
        if (tally.failed > 0 && !range.keepsGoing)
            break;
    }
    return tally;
}

/** Each process takes its share: a history is one thread, and SQLite's VFS are of one process. */
Tally runShared(const Range &range, std::uint64_t jobs)
{
    struct Child {
        pid_t process;
        int results;
    };
    std::vector<Child> children;
    const std::uint64_t share = (range.count + jobs - 1) / jobs;
    for (std::uint64_t job = 0; job < jobs && job * share < range.count; ++job) {
        std::array<int, 2> pipe{};
        if (::pipe(pipe.data()) != 0)
            break;
        const pid_t process = ::fork();
        if (process == 0) {
            ::close(pipe[0]);
            Range mine = range;
            mine.from += job * share * range.every;
            mine.count = std::min(share, range.count - job * share);
            const Tally tally = runRange(mine);
            const bool isTold = ::write(pipe[1], &tally, sizeof tally) == static_cast<ssize_t>(sizeof tally);
            ::_exit(isTold ? 0 : 1);
        }
        ::close(pipe[1]);
        children.push_back({process, pipe[0]});
    }
    Tally sum;
    for (const Child &child : children) {
        Tally tally;
        const bool isTold
            = child.process > 0 && ::read(child.results, &tally, sizeof tally) == static_cast<ssize_t>(sizeof tally);
        ::close(child.results);
        int status = 0;
        ::waitpid(child.process, &status, 0);
        if (!isTold)
            ++tally.failed; // it crashed
        sum.add(tally);
    }
    if (children.empty())
        ++sum.failed;
    return sum;
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("TZ", "UTC");
#ifdef M_TRIM_THRESHOLD
    mallopt(M_TRIM_THRESHOLD, 512 * 1024 * 1024); // each history would give its memory back, and ask for it again
    mallopt(M_MMAP_THRESHOLD, 256 * 1024 * 1024);
#endif
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD); // one thread: its locks would cost a twentieth of everything
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); // as the program does, too late for what is opened here first
    QHashSeed::setDeterministicGlobalSeed(); // the same seed is the same history
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Runs the engine through seeded histories against a model server, in virtual time."));
    parser.addHelpOption();
    parser.addOptions({
        {QStringLiteral("seed"), QStringLiteral("Run this one."), QStringLiteral("N")},
        {QStringLiteral("from"), QStringLiteral("The first of many."), QStringLiteral("N"), QStringLiteral("1")},
        {QStringLiteral("count"), QStringLiteral("How many."), QStringLiteral("N"), QStringLiteral("1000")},
        {QStringLiteral("every"), QStringLiteral("Each N-th only: 5, from 1, are those that send mail."),
         QStringLiteral("N"), QStringLiteral("1")},
        {QStringLiteral("seconds"), QStringLiteral("Stop after so much time."), QStringLiteral("S")},
        {QStringLiteral("trace"), QStringLiteral("Print what both sides say and what happens.")},
        {QStringLiteral("shrink"), QStringLiteral("Runs spent on cutting a failing history short."),
         QStringLiteral("N"), QStringLiteral("400")},
        {QStringLiteral("jobs"), QStringLiteral("In so many processes."), QStringLiteral("N"), QStringLiteral("1")},
        {QStringLiteral("keep-going"), QStringLiteral("Do not stop at the first failing seed.")},
        {QStringLiteral("open-anew"), QStringLiteral("SQLite opens its files anew after each kill.")},
        {QStringLiteral("twice"), QStringLiteral("Each also with files opened anew: it must be the same history.")},
    });
    parser.process(application);
    if (!parser.isSet(QStringLiteral("trace")))
        QLoggingCategory::setFilterRules(QStringLiteral("*=false"));

    const bool single = parser.isSet(QStringLiteral("seed"));
    const std::uint64_t from = parser.value(single ? QStringLiteral("seed") : QStringLiteral("from")).toULongLong();
    const std::uint64_t count = single ? 1 : parser.value(QStringLiteral("count")).toULongLong();
    const qint64 limitMs = parser.value(QStringLiteral("seconds")).toLongLong() * 1000;
    const int shrinkRuns = parser.value(QStringLiteral("shrink")).toInt();
    const Range range{from,
                      count,
                      std::max<std::uint64_t>(1, parser.value(QStringLiteral("every")).toULongLong()),
                      limitMs,
                      shrinkRuns,
                      parser.isSet(QStringLiteral("trace")),
                      parser.isSet(QStringLiteral("keep-going")),
                      parser.isSet(QStringLiteral("open-anew")),
                      parser.isSet(QStringLiteral("twice"))};
    QElapsedTimer elapsed;
    elapsed.start();
    const int jobs = single ? 1 : std::clamp(parser.value(QStringLiteral("jobs")).toInt(), 1, 64);
    const Tally tally = jobs == 1 ? runRange(range) : runShared(range, static_cast<std::uint64_t>(jobs));
    print(summary(tally, static_cast<double>(elapsed.elapsed()) / 1000.0));
    return tally.failed == 0 ? 0 : 1;
}
