// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the simulator sees anything: each planted defect must be found, by a history that is good without it.
#include "tests/sim/defects/defectlist.h"
#include "tests/sim/defects/planted.h"
#include "tests/sim/simulation.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QHashFunctions>
#include <QLoggingCategory>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <map>

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace kittiwake::sim;

namespace
{

/** No history takes so many seconds of a processor: with a defect it may never come to its end. */
constexpr rlim_t mostSeconds = 20;
constexpr std::size_t longestComplaint = 600;
/** Exit code of a history that came to the place of the defect. */
constexpr int reachedIt = 2;

void print(const QString &text)
{
    std::fputs(qPrintable(text + QLatin1Char('\n')), stdout);
    std::fflush(stdout);
}

[[noreturn]] void tellComplaint(std::uint64_t seed, int pipe)
{
    const rlimit limit{mostSeconds, mostSeconds + 1};
    if (::setrlimit(RLIMIT_CPU, &limit) != 0)
        ::_exit(1);
    const History history = makeHistory(seed);
    QByteArray text;
    {
        Simulation simulation(history, false);
        const Outcome outcome = simulation.run();
        if (!outcome.isGood())
            text = outcome.violations.first().toUtf8().left(longestComplaint);
    }
    const bool isTold = ::write(pipe, text.constData(), static_cast<std::size_t>(text.size())) == text.size();
    ::_exit(!isTold ? 1 : wasReached() ? reachedIt : 0);
}

/**
 * What a history shows with what is planted now; empty: nothing. Counts those that come to its place and end well. A
 * process of its own for each: a defect may crash or hang it, which is a complaint as well.
 */
QString complaint(std::uint64_t seed, std::uint64_t &reached)
{
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0)
        qFatal("no pipe: %s", std::strerror(errno));
    const pid_t process = ::fork();
    if (process == 0) {
        ::close(pipe[0]);
        tellComplaint(seed, pipe[1]);
    }
    ::close(pipe[1]);
    QByteArray text;
    std::array<char, longestComplaint> buffer{};
    for (ssize_t count = 0; (count = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), count);
    ::close(pipe[0]);
    int status = 0;
    if (process < 0 || ::waitpid(process, &status, 0) != process)
        qFatal("no process: %s", std::strerror(errno));
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return QStringLiteral("it does not come to its end");
    if (WIFSIGNALED(status))
        return QStringLiteral("it ended with signal %1").arg(WTERMSIG(status));
    if (WEXITSTATUS(status) == reachedIt)
        ++reached;
    else if (WEXITSTATUS(status) != 0)
        qFatal("a history could not be run");
    return QString::fromUtf8(text);
}

/** A history that is bad by itself shows nothing of any defect. */
bool isSound(std::uint64_t seed)
{
    static std::map<std::uint64_t, bool> known;
    const auto [place, isNew] = known.try_emplace(seed, false);
    if (isNew) {
        plant({});
        std::uint64_t unused = 0;
        place->second = complaint(seed, unused).isEmpty();
    }
    return place->second;
}

struct Search {
    std::uint64_t from = 1;
    std::uint64_t count = 1;
    std::uint64_t every = 1; ///< of the numbers, each so many-th
    bool traces = false; ///< prints what both sides say in the first history
    bool isQuick = false; ///< the recorded seeds and their neighbours first
    std::uint64_t neighbours = 0;
    std::uint64_t wanted = 1; ///< histories that show it
};

void trace(std::uint64_t seed)
{
    const History history = makeHistory(seed);
    Simulation simulation(history, true);
    const Outcome outcome = simulation.run();
    for (const QString &line : outcome.trace)
        print(line);
}

/** Whether one of the histories in question shows the defect. */
bool isFound(const Defect &defect, const Search &search)
{
    if (search.traces) {
        plant(defect.name);
        trace(search.from);
    }
    std::vector<std::uint64_t> candidates;
    if (search.isQuick) {
        candidates = defect.seeds;
        for (const std::uint64_t seed : defect.seeds) {
            for (std::uint64_t next = 1; next <= search.neighbours; ++next)
                candidates.push_back(seed + next);
        }
    }
    const std::size_t recorded = search.isQuick ? defect.seeds.size() : 0;
    std::uint64_t found = 0;
    std::uint64_t reached = 0;
    for (std::uint64_t i = 0; i < search.count; ++i)
        candidates.push_back(search.from + i * search.every);
    for (std::size_t at = 0; at < candidates.size(); ++at) {
        const std::uint64_t seed = candidates[at];
        plant(defect.name);
        const QString seen = complaint(seed, reached);
        if (seen.isEmpty() || !isSound(seed))
            continue;
        print(QStringLiteral("found    %1 (%2) by seed %3, history %4: %5")
                  .arg(QLatin1String(defect.name), QLatin1String(defect.what), QString::number(seed),
                       QString::number(at + 1), seen));
        if (at >= recorded && search.isQuick && found == 0)
            print(QStringLiteral("         no recorded seed shows it any more: see tests/sim/defects/record.py"));
        if (++found >= search.wanted)
            return true;
    }
    if (found > 0)
        return true;
    print(QStringLiteral("NOT SEEN %1 (%2) in %3 histories, of which %4 came to its place")
              .arg(QLatin1String(defect.name), QLatin1String(defect.what), QString::number(candidates.size()),
                   QString::number(reached)));
    return false;
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("TZ", "UTC");
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD); // as in the other program: each history is one thread
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    QHashSeed::setDeterministicGlobalSeed();
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({
        {QStringLiteral("defect"), QStringLiteral("Only this one."), QStringLiteral("NAME")},
        {QStringLiteral("recorded"), QStringLiteral("Try the seeds that are recorded in defects.txt first.")},
        {QStringLiteral("neighbours"), QStringLiteral("And so many seeds after each of these."), QStringLiteral("N"),
         QStringLiteral("0")},
        {QStringLiteral("trace"), QStringLiteral("Print what happens in the first history.")},
        {QStringLiteral("seeds"), QStringLiteral("How many seeds to find for each."), QStringLiteral("N"),
         QStringLiteral("1")},
        {QStringLiteral("from"), QStringLiteral("The first seed."), QStringLiteral("N"), QStringLiteral("1")},
        {QStringLiteral("every"), QStringLiteral("Each N-th only: 5, from 1, are those that send mail."),
         QStringLiteral("N"), QStringLiteral("1")},
        {QStringLiteral("count"), QStringLiteral("How many seeds at most for each."), QStringLiteral("N"),
         QStringLiteral("10000")},
    });
    parser.process(application);
    QLoggingCategory::setFilterRules(QStringLiteral("*=false"));
    Search search;
    search.from = parser.value(QStringLiteral("from")).toULongLong();
    search.count = parser.value(QStringLiteral("count")).toULongLong();
    search.every = std::max<std::uint64_t>(1, parser.value(QStringLiteral("every")).toULongLong());
    search.traces = parser.isSet(QStringLiteral("trace"));
    search.isQuick = parser.isSet(QStringLiteral("recorded"));
    search.neighbours = parser.value(QStringLiteral("neighbours")).toULongLong();
    search.wanted = parser.value(QStringLiteral("seeds")).toULongLong();
    const QString only = parser.value(QStringLiteral("defect"));
    QElapsedTimer elapsed;
    elapsed.start();
    int tried = 0;
    int missed = 0;
    for (const Defect &defect : allDefects()) {
        if (!only.isEmpty() && only != QLatin1String(defect.name))
            continue;
        ++tried;
        if (!defect.isPlanted) {
            print(QStringLiteral("STALE    %1 (%2): the source has changed, say in defects.txt how to damage it now")
                      .arg(QLatin1String(defect.name), QLatin1String(defect.what)));
            ++missed;
        } else if (search.isQuick && defect.seeds.empty()) {
            print(QStringLiteral("RARE     %1 (%2): no seed is recorded, so it is not looked for in this run")
                      .arg(QLatin1String(defect.name), QLatin1String(defect.what)));
        } else if (!isFound(defect, search)) {
            ++missed;
        }
    }
    if (tried == 0)
        print(QStringLiteral("there is no such defect"));
    print(QStringLiteral("%1 defects, %2 not found, %3 s")
              .arg(QString::number(tried), QString::number(missed),
                   QString::number(static_cast<double>(elapsed.elapsed()) / 1000.0, 'f', 1)));
    return tried > 0 && missed == 0 ? 0 : 1;
}
