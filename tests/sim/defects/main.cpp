// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the simulator sees anything: each planted defect must be found.
#include "tests/sim/defects/defectlist.h"
#include "tests/sim/defects/planted.h"
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

/** What a history shows of the defect that is planted; empty: nothing. */
QString complaint(std::uint64_t seed)
{
    const History history = makeHistory(seed);
    Simulation simulation(history, false);
    const Outcome outcome = simulation.run();
    return outcome.isGood() ? QString() : outcome.violations.first();
}

/** Whether the history that is recorded for it, or else one of so many, shows the defect. */
bool isFound(const Defect &defect, std::uint64_t from, std::uint64_t count, bool startsWithRecorded)
{
    plant(defect.name);
    if (startsWithRecorded && defect.seed != 0) {
        if (const QString seen = complaint(defect.seed); !seen.isEmpty()) {
            print(QStringLiteral("found    %1 (%2) by seed %3: %4")
                      .arg(QLatin1String(defect.name), QLatin1String(defect.what), QString::number(defect.seed), seen));
            return true;
        }
    }
    for (std::uint64_t seed = from; seed < from + count; ++seed) {
        const QString seen = complaint(seed);
        if (seen.isEmpty())
            continue;
        print(QStringLiteral("found    %1 (%2) by seed %3, after %4 histories: %5")
                  .arg(QLatin1String(defect.name), QLatin1String(defect.what), QString::number(seed),
                       QString::number(seed - from + 1), seen));
        return true;
    }
    print(QStringLiteral("NOT SEEN %1 (%2) in %3 histories")
              .arg(QLatin1String(defect.name), QLatin1String(defect.what), QString::number(count)));
    return false;
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("TZ", "UTC");
    QHashSeed::setDeterministicGlobalSeed();
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({
        {QStringLiteral("defect"), QStringLiteral("Only this one."), QStringLiteral("NAME")},
        {QStringLiteral("recorded"), QStringLiteral("Try the seed that is recorded in defects.txt first.")},
        {QStringLiteral("from"), QStringLiteral("The first seed."), QStringLiteral("N"), QStringLiteral("1")},
        {QStringLiteral("count"), QStringLiteral("How many seeds at most for each."), QStringLiteral("N"),
         QStringLiteral("10000")},
    });
    parser.process(application);
    QLoggingCategory::setFilterRules(QStringLiteral("*=false"));
    const std::uint64_t from = parser.value(QStringLiteral("from")).toULongLong();
    const std::uint64_t count = parser.value(QStringLiteral("count")).toULongLong();
    const QString only = parser.value(QStringLiteral("defect"));
    QElapsedTimer elapsed;
    elapsed.start();
    int missed = 0;
    for (const Defect &defect : allDefects()) {
        if (!only.isEmpty() && only != QLatin1String(defect.name))
            continue;
        if (!defect.isPlanted) {
            print(QStringLiteral("STALE    %1 (%2): the source has changed, say in defects.txt how to damage it now")
                      .arg(QLatin1String(defect.name), QLatin1String(defect.what)));
            ++missed;
        } else if (!isFound(defect, from, count, parser.isSet(QStringLiteral("recorded")))) {
            ++missed;
        }
    }
    print(QStringLiteral("%1 defects, %2 not found, %3 s")
              .arg(QString::number(allDefects().size()), QString::number(missed),
                   QString::number(static_cast<double>(elapsed.elapsed()) / 1000.0, 'f', 1)));
    return missed == 0 ? 0 : 1;
}
