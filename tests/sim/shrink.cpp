// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/shrink.h"

#include "tests/sim/simulation.h"

#include <algorithm>

namespace kittiwake::sim
{

namespace
{

/** What is wrong, without the numbers and names that differ from run to run; empty: nothing. */
QString complaint(const History &history)
{
    Simulation simulation(history, false);
    const Outcome outcome = simulation.run();
    if (outcome.isGood())
        return {};
    QString kind;
    bool isQuoted = false;
    for (const QChar character : outcome.violations.first()) {
        if (QStringView(u"“<{[").contains(character))
            isQuoted = true;
        if (!isQuoted && !character.isDigit())
            kind += character;
        if (QStringView(u"”>}]").contains(character))
            isQuoted = false;
    }
    return kind;
}

} // namespace

History shrink(History history, int runs)
{
    const QString wanted = complaint(history);
    std::size_t chunk = std::max<std::size_t>(1, history.events.size() / 2);
    while (runs > 0) {
        bool shorter = false;
        for (std::size_t at = 0; at < history.events.size() && runs > 0;) {
            History fewer = history;
            const std::size_t end = std::min(at + chunk, fewer.events.size());
            // Time still passes: what is left happens when it happened.
            std::uint32_t gap = 0;
            for (std::size_t i = at; i < end; ++i)
                gap += fewer.events[i].gap;
            if (end < fewer.events.size())
                fewer.events[end].gap += gap;
            fewer.events.erase(fewer.events.begin() + static_cast<std::ptrdiff_t>(at),
                               fewer.events.begin() + static_cast<std::ptrdiff_t>(end));
            --runs;
            if (complaint(fewer) == wanted) {
                history = std::move(fewer);
                shorter = true;
            } else {
                at = end;
            }
        }
        if (chunk > 1)
            chunk = chunk / 2;
        else if (!shorter)
            break;
    }
    return history;
}

} // namespace kittiwake::sim
