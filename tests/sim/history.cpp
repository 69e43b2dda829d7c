// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/history.h"
#include "tests/sim/scenes.h"

#include <array>
#include <numeric>

namespace kittiwake::sim
{

namespace
{

struct Row {
    EventKind kind;
    const char *name;
    unsigned weight; ///< how often, against the others
    bool isFault;
};

constexpr std::array rows{
    Row{EventKind::Deliver, "deliver", 160, false},
    Row{EventKind::ChangeFlags, "change flags", 160, false},
    Row{EventKind::Expunge, "expunge", 90, false},
    Row{EventKind::MoveByOther, "move by the other client", 40, false},
    Row{EventKind::CreateMailbox, "create mailbox", 12, false},
    Row{EventKind::DeleteMailbox, "delete mailbox", 8, false},
    Row{EventKind::RenameMailbox, "rename mailbox", 8, false},
    Row{EventKind::Subscribe, "subscribe", 5, false},
    Row{EventKind::Renumber, "new UIDVALIDITY", 4, true},
    Row{EventKind::LoseModSeqs, "HIGHESTMODSEQ goes back", 4, true},
    Row{EventKind::ForgetExpunged, "forget old expunges", 10, true},
    Row{EventKind::OpenMailbox, "open mailbox", 40, false},
    Row{EventKind::ReadMessage, "read message", 40, false},
    Row{EventKind::CheckNow, "check now", 12, false},
    Row{EventKind::Mark, "mark", 120, false},
    Row{EventKind::MarkAllRead, "mark all read", 8, false},
    Row{EventKind::Move, "move", 60, false},
    Row{EventKind::Copy, "copy", 25, false},
    Row{EventKind::Delete, "delete", 25, false},
    Row{EventKind::Remove, "delete for good", 12, false},
    Row{EventKind::Archive, "archive", 20, false},
    Row{EventKind::Junk, "junk", 12, false},
    Row{EventKind::NotJunk, "not junk", 10, false},
    Row{EventKind::Append, "append", 20, false},
    Row{EventKind::CreateFolder, "make a folder", 4, false},
    Row{EventKind::RenameFolder, "rename a folder", 4, false},
    Row{EventKind::DeleteFolder, "delete a folder", 3, false},
    Row{EventKind::SubscribeFolder, "subscribe a folder", 3, false},
    Row{EventKind::EmptyFolder, "empty a folder", 4, false},
    Row{EventKind::Undo, "undo", 40, false},
    Row{EventKind::UndoMany, "undo many", 3, false},
    Row{EventKind::Retry, "retry", 6, false},
    Row{EventKind::GiveUp, "give up", 4, false},
    Row{EventKind::DropCache, "drop the cache", 2, true},
    Row{EventKind::WorkOffline, "work offline", 2, false},
    Row{EventKind::Restart, "restart", 2, false},
    Row{EventKind::KillWhileStarting, "kill while starting", 4, true},
    Row{EventKind::KillAtStep, "kill at an await", 5, true},
    Row{EventKind::KillAtWrite, "kill at a write", 3, true},
    Row{EventKind::PowerCutAtWrite, "power cut at a write", 3, true},
    Row{EventKind::CutToClient, "cut towards the client", 14, true},
    Row{EventKind::CutToServer, "cut towards the server", 10, true},
    Row{EventKind::CutNow, "cut now", 6, true},
    Row{EventKind::Stall, "stall", 6, true},
    Row{EventKind::NetworkDown, "network down", 4, true},
    Row{EventKind::Bye, "BYE", 5, true},
    Row{EventKind::DiskFull, "disk full", 4, true},
    Row{EventKind::DiskErrors, "disk errors", 4, true},
    Row{EventKind::ClockJump, "clock jumps", 3, true},
    // Not chosen with the others: addLetters().
    Row{EventKind::Send, "send", 0, false},
    Row{EventKind::SendAgain, "send again", 0, false},
    Row{EventKind::GiveUpSending, "give up sending", 0, false},
    // Neither are these: scenes.cpp.
    Row{EventKind::ChangeMind, "change one's mind", 0, false},
    Row{EventKind::MarkVariously, "mark variously", 0, false},
    Row{EventKind::LockMailbox, "lock a mailbox", 0, false},
    Row{EventKind::RenameAwaited, "rename a mailbox for which something waits", 0, false},
    Row{EventKind::RenumberAwaited, "new UIDVALIDITY where something waits", 0, false},
    Row{EventKind::ChangeOpened, "change what is open", 0, false},
};

/** How soon one event follows the other. */
enum class Pace {
    Leisurely, ///< most things have settled when the next one comes
    Hurried, ///< most things come while others are under way
};

std::uint32_t chooseGap(SeededRandom &random, Pace pace)
{
    const bool isHurried = pace == Pace::Hurried;
    const std::uint64_t kind = random.below(1000);
    if (kind < (isHurried ? 760U : 450U))
        return static_cast<std::uint32_t>(random.below(12));
    if (kind < (isHurried ? 930U : 750U))
        return static_cast<std::uint32_t>(random.below(300));
    if (kind < (isHurried ? 985U : 930U))
        return static_cast<std::uint32_t>(random.below(5000));
    if (kind < (isHurried ? 998U : 990U))
        return static_cast<std::uint32_t>(random.below(90'000));
    return static_cast<std::uint32_t>(random.below(1'500'000));
}

/** One history of five sends mail. Its chances are drawn apart, so that the other four stay what they are. */
void addLetters(History &history)
{
    if (history.seed % 5 != 1)
        return;
    SeededRandom random(history.seed ^ 0x1e77e25ULL);
    history.sends = true;
    history.submission = model::chooseSubmission(random, random.percent(80));
    const std::uint64_t count = random.between(8, 40);
    std::vector<Event> events;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t kind = random.below(10);
        events.push_back({kind < 6       ? EventKind::Send
                              : kind < 9 ? EventKind::SendAgain
                                         : EventKind::GiveUpSending,
                          static_cast<std::uint32_t>(random.below(random.oneIn(3) ? 400 : 12)), random.next() >> 16});
    }
    for (const Event &event : events) {
        const std::uint64_t at = random.below(history.events.size() + 1);
        history.events.insert(history.events.begin() + static_cast<std::ptrdiff_t>(at), event);
    }
}

} // namespace

QString Event::text() const
{
    for (const Row &row : rows) {
        if (row.kind == kind)
            return QStringLiteral("+%1 ms: %2 (%3)")
                .arg(QString::number(gap), QString::fromLatin1(row.name), QString::number(pick));
    }
    return {};
}

History makeHistory(std::uint64_t seed)
{
    SeededRandom random(seed * 0x9e3779b97f4a7c15ULL + 1);
    History history;
    history.seed = seed;
    history.isPrepared = seed % 20 != 0;
    history.opensAnew = !history.isPrepared;
    history.lies = random.percent(40);
    const bool faults = random.percent(80);
    history.server = model::choosePersonality(random, history.lies);
    history.mailboxes = random.between(1, 5);
    history.messages = random.oneIn(40) ? random.between(200, 800) : random.between(0, 12);
    history.bustle = random.oneIn(2) ? random.between(1, 150) : 0;
    // Most are short and crowded, so that there are many of them: what costs is each round trip, and the more happens
    // within one, the more meets. One in ten takes its time, one in a hundred may be as long as issue 4 asks for.
    const Pace pace = random.oneIn(10) ? Pace::Leisurely : Pace::Hurried;
    const std::uint64_t count = random.oneIn(100) ? random.between(220, 2000) : random.between(200, 220);
    // Each history likes some events and leaves others out, so that every mixture comes up.
    std::array<unsigned, rows.size()> weights{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if ((rows.at(i).isFault && !faults) || rows.at(i).weight == 0)
            continue;
        const std::uint64_t taste = random.below(4);
        weights.at(i) = rows.at(i).weight * static_cast<unsigned>(taste);
    }
    weights.front() += 1; // never all zero
    const std::uint64_t total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t place = random.below(total);
        std::size_t at = 0;
        while (place >= weights.at(at))
            place -= weights.at(at++);
        history.events.push_back({rows.at(at).kind, chooseGap(random, pace), random.next() >> 16});
    }
    addLetters(history);
    addScene(history);
    return history;
}

QString describe(const model::Personality &server)
{
    QString text;
    for (const std::string &name : server.capabilities())
        text += QString::fromStdString(name) + QLatin1Char(' ');
    text += QStringLiteral(
                "| of a thousand: %1 lost tags, %2 refusals, %3 repeated EXISTS, %4 BYE, %5 hangs, %6 over quota")
                .arg(QString::number(server.lostTags), QString::number(server.refusals),
                     QString::number(server.duplicateExists), QString::number(server.byes),
                     QString::number(server.hangs), QString::number(server.overQuota));
    const auto note = [&text](bool has, const char *what) {
        if (has)
            text += QLatin1String(", ") + QLatin1String(what);
    };
    note(server.shrinksExists, "shrinks EXISTS");
    note(server.generousVanished, "generous VANISHED");
    note(server.permutesCopyUid, "permutes COPYUID");
    note(!server.expungesInUidCommands, "no EXPUNGE in UID commands");
    note(!server.tellsUidsUnasked, "flags without UID");
    note(!server.closesWhenDeleted, "deleted mailboxes look empty");
    return text;
}

} // namespace kittiwake::sim
