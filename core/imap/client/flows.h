// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/imap/client/clienttypes.h"
#include "core/imap/client/connection.h"
#include "core/imap/codec/command.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <vector>

/** The coroutines behind Client's functions; see there. Each holds the connection for as long as it runs. */
namespace kittiwake::imap::flows
{

using ConnectionPtr = std::shared_ptr<Connection>;

/** operation is finished: its error, or its first NO or BAD as an error. */
[[nodiscard]] Result<void> outcomeOf(Connection &connection, const Operation &operation);
/** Everything that a finished operation's answers say. */
[[nodiscard]] Result<CommandReply> replyOf(Connection &connection, const Operation &operation);
/** Sends commands (at least one) and waits for all of them. */
[[nodiscard]] async::Task<Result<CommandReply>> run(ConnectionPtr connection, std::vector<Command> commands);
/** uids in pieces that fit into the server's commands beside extra octets. */
[[nodiscard]] std::vector<UidSet> piecesOf(const Connection &connection, const UidSet &uids, qsizetype extra = 400);
/**
 * Where a server that works on so many messages a command stopped (MESSAGELIMIT, RFC 9738 section 3.1: from the largest
 * UID down); none where it did not. Of several commands the one that stopped first: some messages may be asked for
 * twice, none is left out.
 */
[[nodiscard]] Uid limitOf(const Operation &operation);
/** The UIDs that are still to be worked on after that. Error: Protocol where the server has not moved on. */
[[nodiscard]] Result<UidSet> restBelow(const Connection &connection, const UidSet &uids, Uid lowestWorkedOn);

// connectflow.cpp
[[nodiscard]] async::Task<Result<void>> connect(ConnectionPtr connection, ConnectOptions options);
[[nodiscard]] async::Task<Result<void>> logout(ConnectionPtr connection);

// listflow.cpp
[[nodiscard]] async::Task<Result<std::vector<ListedMailbox>>> list(ConnectionPtr connection, StatusItems items);
[[nodiscard]] async::Task<Result<MailboxStatusData>> status(ConnectionPtr connection, mail::MailboxName mailbox,
                                                            StatusItems items);
[[nodiscard]] async::Task<Result<std::vector<MailboxStatusData>>>
statuses(ConnectionPtr connection, std::vector<mail::MailboxName> mailboxes, StatusItems items);

// notifyflow.cpp
[[nodiscard]] async::Task<Result<unsigned>> notify(ConnectionPtr connection, NotifyOptions options);

// mailboxflows.cpp
[[nodiscard]] async::Task<Result<SelectResult>> select(ConnectionPtr connection, mail::MailboxName mailbox,
                                                       SelectMode mode);
[[nodiscard]] async::Task<Result<void>> unselect(ConnectionPtr connection);
[[nodiscard]] async::Task<Result<CommandReply>> noop(ConnectionPtr connection);
[[nodiscard]] async::Task<Result<UidSet>> search(ConnectionPtr connection, std::vector<SearchKey> keys, bool learn,
                                                 SearchEnd end);
[[nodiscard]] async::Task<Result<CommandReply>> move(ConnectionPtr connection, UidSet uids, mail::MailboxName target,
                                                     bool keep);

// changeflows.cpp
/** Makes the command for some of the messages. */
using UidCommand = std::function<Command(const UidSet &uids)>;
/**
 * Sends command for all of uids: in pieces that fit into a command line beside extra octets, at most as many messages
 * each as the server announces (MESSAGELIMIT, RFC 9738), and on from where it stopped. What the pieces said is put
 * together. Errors: the first refusal, after all pieces were answered: others may have been done.
 */
[[nodiscard]] async::Task<Result<CommandReply>> changeUids(ConnectionPtr connection, UidSet uids, UidCommand command,
                                                           qsizetype extra = 400);

// fetchflows.cpp
[[nodiscard]] async::Task<Result<FetchResult>> fetch(ConnectionPtr connection, UidSet uids, FetchItems items,
                                                     FetchSink sink, FetchModifiers modifiers);
[[nodiscard]] async::Task<Result<QByteArray>> fetchSection(ConnectionPtr connection, Uid uid, QByteArray section,
                                                           std::optional<FetchPartial> partial, std::uint64_t limit);

} // namespace kittiwake::imap::flows
