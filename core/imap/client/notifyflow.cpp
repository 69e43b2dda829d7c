// SPDX-License-Identifier: GPL-3.0-or-later
// NOTIFY (RFC 5465): one connection hears of everything.
#include "core/imap/client/flows.h"
#include "core/imap/session/imaperrors.h"

#include <array>
#include <utility>

namespace kittiwake::imap::flows
{

namespace
{

constexpr unsigned aboutMessages = NotifyGroup::MessageNew | NotifyGroup::MessageExpunge;
constexpr unsigned allEvents
    = aboutMessages | NotifyGroup::FlagChange | NotifyGroup::MailboxName | NotifyGroup::SubscriptionChange;

/** The events that a BADEVENT code names: the server knows only these (RFC 5465 section 8). */
unsigned knownEvents(const UnknownCode &code)
{
    constexpr std::array<std::pair<const char *, unsigned>, 5> names{
        {{"MESSAGENEW", NotifyGroup::MessageNew},
         {"MESSAGEEXPUNGE", NotifyGroup::MessageExpunge},
         {"FLAGCHANGE", NotifyGroup::FlagChange},
         {"MAILBOXNAME", NotifyGroup::MailboxName},
         {"SUBSCRIPTIONCHANGE", NotifyGroup::SubscriptionChange}}};
    QByteArray list = code.arguments.toUpper();
    list.replace('(', ' ').replace(')', ' ');
    unsigned known = 0;
    for (const QByteArray &word : list.simplified().split(' ')) {
        for (const auto &[name, event] : names)
            known |= word == name ? event : 0u;
    }
    return known;
}

std::vector<NotifyGroup> groupsFor(unsigned events, const std::vector<mail::MailboxName> &subtrees)
{
    std::vector<NotifyGroup> groups;
    // What happens in the selected mailbox is told at once, EXPUNGE included: nothing here acts on sequence numbers.
    // Without this group the server says nothing of it at all (RFC 5465 section 6.1; Dovecot 2.3 does so).
    NotifyGroup selected;
    selected.mailboxes = NotifyGroup::Mailboxes::Selected;
    selected.events = events & (aboutMessages | NotifyGroup::FlagChange);
    groups.push_back(std::move(selected));
    NotifyGroup personal;
    personal.mailboxes = NotifyGroup::Mailboxes::Personal;
    personal.events = events;
    groups.push_back(std::move(personal));
    if (!subtrees.empty()) {
        NotifyGroup others;
        others.mailboxes = NotifyGroup::Mailboxes::Subtree;
        others.names = subtrees;
        others.events = events;
        groups.push_back(std::move(others));
    }
    return groups;
}

/** One NOTIFY SET: true when it was accepted. events shrinks where the server says which it knows. */
async::Task<Result<bool>> notifyOnce(ConnectionPtr connection, std::vector<mail::MailboxName> subtrees,
                                     unsigned *events)
{
    Operation operation(*connection);
    Session::Hints hints;
    hints.notifies = true;
    operation.submit(Command::notifySet(groupsFor(*events, subtrees)), hints);
    co_await operation.finished();
    if (operation.error())
        co_return failure(*operation.error());
    const StatusResponse *refusal = operation.refusal();
    if (refusal == nullptr)
        co_return true;
    if (isNotConnected(*refusal))
        co_return failure(outcomeOf(*connection, operation).error());
    if (const auto *code = refusal->codeAs<UnknownCode>(); code != nullptr && code->name == "BADEVENT")
        *events &= knownEvents(*code);
    co_return false;
}

} // namespace

async::Task<Result<unsigned>> notify(ConnectionPtr connection, NotifyOptions options)
{
    if (!connection->session().capabilities().has("NOTIFY"))
        co_return 0u;
    unsigned events = allEvents;
    std::vector<mail::MailboxName> subtrees = std::move(options.subtrees);
    while (true) {
        const unsigned asked = events;
        const auto accepted = co_await notifyOnce(connection, subtrees, &events);
        if (!accepted)
            co_return failure(accepted.error());
        if (*accepted)
            co_return events;
        // Less of it each time: without the events that the server does not know, without what belongs to others.
        if ((events & aboutMessages) != aboutMessages)
            co_return 0u;
        if (events == asked) {
            if (subtrees.empty())
                co_return 0u;
            subtrees.clear();
        }
    }
}

} // namespace kittiwake::imap::flows
