// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/shrink.h"
#include "tests/sim/simulation.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QHashFunctions>
#include <QLoggingCategory>

#include <cstdio>

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

/** One seed; a failing one is cut short and written down with what both sides said. */
bool runSeed(std::uint64_t seed, int shrinkRuns, bool traces, Outcome *sum)
{
    const History history = makeHistory(seed);
    Outcome outcome;
    {
        Simulation simulation(history, traces);
        outcome = simulation.run();
    }
    sum->steps += outcome.steps;
    sum->simulatedMs += outcome.simulatedMs;
    sum->connections += outcome.connections;
    sum->kills += outcome.kills;
    sum->textsRead += outcome.textsRead;
    sum->fingerprint ^= outcome.fingerprint * (seed * 2 + 1);
    if (traces) {
        for (const QString &line : std::as_const(outcome.trace))
            print(line);
    }
    if (outcome.isGood())
        return true;
    report(history, outcome);
    if (shrinkRuns > 0) {
        const History shorter = shrink(history, shrinkRuns);
        Simulation simulation(shorter, true);
        const Outcome again = simulation.run();
        print(QStringLiteral("cut short:"));
        report(shorter, again);
        for (const Event &event : shorter.events)
            print(QStringLiteral("  ") + event.text());
        for (const QString &line : again.trace)
            print(line);
    }
    return false;
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("TZ", "UTC");
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
        {QStringLiteral("seconds"), QStringLiteral("Stop after so much time."), QStringLiteral("S")},
        {QStringLiteral("trace"), QStringLiteral("Print what both sides say and what happens.")},
        {QStringLiteral("shrink"), QStringLiteral("Runs spent on cutting a failing history short."),
         QStringLiteral("N"), QStringLiteral("400")},
        {QStringLiteral("keep-going"), QStringLiteral("Do not stop at the first failing seed.")},
    });
    parser.process(application);
    if (!parser.isSet(QStringLiteral("trace")))
        QLoggingCategory::setFilterRules(QStringLiteral("*=false"));

    const bool single = parser.isSet(QStringLiteral("seed"));
    const std::uint64_t from = parser.value(single ? QStringLiteral("seed") : QStringLiteral("from")).toULongLong();
    const std::uint64_t count = single ? 1 : parser.value(QStringLiteral("count")).toULongLong();
    const qint64 limitMs = parser.value(QStringLiteral("seconds")).toLongLong() * 1000;
    const int shrinkRuns = parser.value(QStringLiteral("shrink")).toInt();
    QElapsedTimer elapsed;
    elapsed.start();
    Outcome sum;
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    for (; done < count && (limitMs == 0 || elapsed.elapsed() < limitMs); ++done) {
        if (!runSeed(from + done, shrinkRuns, parser.isSet(QStringLiteral("trace")), &sum)) {
            ++failed;
            if (!parser.isSet(QStringLiteral("keep-going")))
                break;
        }
    }
    const double seconds = static_cast<double>(elapsed.elapsed()) / 1000.0;
    print(QStringLiteral("%1 histories in %2 s (%3 a second), %4 failed; %5 hours simulated, %6 connections, %7 kills, "
                         "%8 texts read, fingerprint %9")
              .arg(QString::number(done), QString::number(seconds, 'f', 1),
                   QString::number(static_cast<double>(done) / std::max(seconds, 0.001), 'f', 1),
                   QString::number(failed), QString::number(static_cast<double>(sum.simulatedMs) / 3.6e6, 'f', 1),
                   QString::number(sum.connections), QString::number(sum.kills), QString::number(sum.textsRead),
                   QString::number(sum.fingerprint, 16)));
    return failed == 0 ? 0 : 1;
}
