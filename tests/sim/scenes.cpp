// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/scenes.h"

#include <algorithm>
#include <array>

namespace kittiwake::sim
{

namespace
{

/** Of a hundred histories, how many have a scene. */
constexpr std::uint64_t withScene = 60;

class Scene
{
public:
    explicit Scene(SeededRandom &random) : m_random(random) { }

    /** What happens next, after some milliseconds. */
    Scene &then(EventKind kind, std::uint64_t least, std::uint64_t most)
    {
        events.push_back({kind, static_cast<std::uint32_t>(m_random.between(least, most)), m_random.next() >> 16});
        return *this;
    }

    /** Before it, what was under way has mostly come to its end. */
    Scene &quiet() { return then(EventKind::CheckNow, 1500, 8000); }

    std::vector<Event> events;
    bool locks = false;
    bool isLast = false; ///< it must be seen at the end, before anything covers it up

private:
    SeededRandom &m_random;
};

/** The same message is marked one way and the other, while the first still waits. */
void changeOnesMind(Scene &scene, SeededRandom &random)
{
    scene.quiet().then(EventKind::Mark, 0, 300);
    scene.locks = !random.oneIn(4);
    if (scene.locks)
        scene.then(EventKind::LockMailbox, 0, 3);
    for (std::uint64_t i = random.between(1, 2); i > 0; --i)
        scene.then(EventKind::ChangeMind, 0, random.oneIn(4) ? 60 : 6000);
    // Each attempt comes after a longer pause: which of them is the first to be made afterwards?
    if (scene.locks)
        scene.then(EventKind::LockMailbox, 0, random.oneIn(2) ? 8'000 : 30'000);
}

/** One folder refuses, the others have things to do. */
void refuse(Scene &scene, SeededRandom &random)
{
    scene.locks = true;
    scene.isLast = random.oneIn(2);
    scene.quiet().then(EventKind::Mark, 0, 300).then(EventKind::LockMailbox, 0, 3);
    for (std::uint64_t i = random.between(2, 4); i > 0; --i)
        scene.then(random.oneIn(2) ? EventKind::Mark : EventKind::Move, 0, 6000);
}

/** Marks of many messages are taken back after the server has them. */
void takeMarksBack(Scene &scene, SeededRandom &random)
{
    scene.quiet().then(EventKind::MarkVariously, 0, 300).then(EventKind::Undo, 100, random.oneIn(2) ? 1500 : 8000);
    scene.isLast = random.oneIn(2);
}

/** The program ends while something is under way, and what it was is taken back before it is known what came of it. */
void takeBackAfterCrash(Scene &scene, SeededRandom &random)
{
    scene.quiet().then(random.oneIn(3) ? EventKind::MarkVariously : EventKind::Mark, 0, 300);
    scene.then(EventKind::WorkOffline, 5, random.oneIn(2) ? 80 : 250).then(EventKind::Undo, 301, 900);
}

/** A folder gets another name, or its messages other UIDs, while something waits for them. */
void readdress(Scene &scene, SeededRandom &random)
{
    static constexpr std::array deeds{EventKind::Mark, EventKind::Mark, EventKind::Move, EventKind::Copy};
    scene.then(EventKind::WorkOffline, 0, 300).then(deeds.at(random.below(deeds.size())), 301, 900);
    for (std::uint64_t i = random.between(1, 3); i > 0; --i)
        scene.then(deeds.at(random.below(deeds.size())), 0, 300);
    scene.then(random.oneIn(2) ? EventKind::RenameAwaited : EventKind::RenumberAwaited, 0, 300);
    scene.isLast = random.oneIn(2);
}

/** What was to be done to a folder has reached the server, and its answer nobody. */
void loseAnswerAboutFolder(Scene &scene, SeededRandom &random)
{
    static constexpr std::array deeds{EventKind::CreateFolder, EventKind::CreateFolder, EventKind::RenameFolder,
                                      EventKind::DeleteFolder};
    scene.quiet().then(deeds.at(random.below(deeds.size())), 0, 300);
    scene.then(random.oneIn(2) ? EventKind::CutNow : EventKind::Restart, 5, 120);
}

/** The side line has a mailbox open, and leaves it before it has heard what the main line has. */
void leaveBeforeHearing(Scene &scene, SeededRandom &random)
{
    scene.then(EventKind::OpenMailbox, 0, 300).then(EventKind::ChangeOpened, 300, 3000);
    scene.then(EventKind::OpenMailbox, 0, random.oneIn(2) ? 60 : 450);
    scene.isLast = random.oneIn(2);
}

} // namespace

void addScene(History &history)
{
    SeededRandom random(history.seed ^ 0x5ce4e5ULL);
    if (!random.percent(withScene) || history.events.size() < 50)
        return;
    static constexpr std::array kinds{changeOnesMind, refuse,    takeMarksBack,         takeBackAfterCrash,
                                      readdress,      readdress, loseAnswerAboutFolder, leaveBeforeHearing};
    Scene scene(random);
    kinds.at(random.below(kinds.size()))(scene, random);
    history.locks = scene.locks;
    const std::size_t most = history.events.size() - scene.events.size();
    const std::size_t at = scene.isLast ? most : random.below(most + 1);
    std::copy(scene.events.begin(), scene.events.end(), history.events.begin() + static_cast<std::ptrdiff_t>(at));
}

} // namespace kittiwake::sim
