// SPDX-License-Identifier: GPL-3.0-or-later
// What the person marks, and takes back by hand.
#include "tests/sim/clientprocess.h"
#include "tests/sim/healthy.h"

#include <array>

namespace kittiwake::sim
{

void ClientProcess::markAs(const Chosen &chosen, const mail::FlagChange &change)
{
    engine::FlagRequest request;
    request.change = change;
    for (const store::MessageRow &row : chosen.messages)
        request.messages.push_back(row.id);
    m_world.lastMarked = {chosen.mailbox.id, chosen.mailbox.name.text, request.messages, change};
    const PersonDeed deed = deedOf(chosen, Deed::Kind::Mark, request.change);
    m_world.log->asked(deed);
    m_scope.start(askMark(std::move(request)));
    settle(deed);
    checkDone(deed, chosen.messages);
}

void ClientProcess::changeMind()
{
    if (!m_world.lastMarked)
        return;
    const ClientWorld::Marked last = *m_world.lastMarked;
    std::optional<Chosen> chosen;
    {
        const Healthy healthy(m_world.disk);
        const auto row = m_reader->mailbox(last.mailbox);
        const std::set<MessageId> &view = m_view[last.mailbox];
        std::vector<MessageId> still;
        for (const MessageId id : last.messages) {
            const auto location = m_store->locate(id);
            if (view.contains(id) && location && *location && (*location)->mailbox == last.mailbox)
                still.push_back(id);
        }
        if (!row || !*row || still.empty())
            return;
        chosen = Chosen{**row, {}};
        if (!readRows(still, [&](const store::MessageRow &message) { chosen->messages.push_back(message); }))
            return;
    }
    markAs(*chosen, {last.change.remove, last.change.add});
}

void ClientProcess::markVariously(std::uint64_t pick)
{
    static constexpr std::array flags{"\\Seen", "\\Flagged", "\\Answered", "Later"};
    SeededRandom random(pick);
    std::optional<Chosen> chosen;
    {
        const Healthy healthy(m_world.disk);
        chosen = choose(random, true);
    }
    if (!chosen)
        return;
    mail::FlagChange change;
    const std::uint64_t first = random.below(flags.size());
    for (std::size_t i = 0; i < 2; ++i)
        (random.oneIn(2) ? change.add : change.remove).addByName(flags.at((first + i) % flags.size()));
    markAs(*chosen, change);
}

} // namespace kittiwake::sim
