// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/client.h"

#include "core/imap/client/connection.h"
#include "core/imap/client/flows.h"
#include "core/imap/client/idleflow.h"
#include "core/imap/session/imaperrors.h"

#include <QCoreApplication>

#include <utility>

namespace kittiwake::imap
{

namespace
{

async::Task<Result<CommandReply>> failed(Error error)
{
    co_return failure(std::move(error));
}

} // namespace

bool isRefusal(const Error &error, SimpleCode code)
{
    return error.kind == ErrorKind::ServerRefused
        && error.detail.contains(QLatin1String(" [") + QString::fromLatin1(simpleCodeName(code)) + QLatin1Char(']'));
}

struct Client::Private {
    Private(Clock &clock, net::StreamFactory &streams)
        : connection(std::make_shared<Connection>(clock, streams)), idle(std::make_shared<IdleFlow>(connection))
    {
        connection->onTurn = [flow = idle.get()] { flow->turn(); };
    }
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;
    ~Private() { connection->shut(); }

    [[nodiscard]] const Session &session() const { return connection->session(); }
    /** One command, or several that stand for one. */
    [[nodiscard]] async::Task<Result<CommandReply>> run(Command command) const
    {
        return flows::run(connection, {std::move(command)});
    }

    std::shared_ptr<Connection> connection;
    std::shared_ptr<IdleFlow> idle;
};

Client::Client(Clock &clock, net::StreamFactory &streams) : d(std::make_unique<Private>(clock, streams)) { }

Client::~Client() = default;

void Client::setTraceHandler(TraceHandler handler)
{
    d->connection->setTrace(std::move(handler));
}

void Client::setUpdateHandler(UpdateHandler handler)
{
    d->connection->update = std::move(handler);
}

void Client::setReportHandler(ReportHandler handler)
{
    d->connection->report = std::move(handler);
}

void Client::setProofHandler(ProofHandler handler)
{
    d->connection->proof = std::move(handler);
}

void Client::setAlertHandler(AlertHandler handler)
{
    d->connection->alert = std::move(handler);
}

async::Task<Result<void>> Client::connect(ConnectOptions options)
{
    return flows::connect(d->connection, std::move(options));
}

bool Client::isConnected() const
{
    return d->connection->isEstablished();
}

async::Task<Result<void>> Client::logout()
{
    return flows::logout(d->connection);
}

const Capabilities &Client::capabilities() const
{
    return d->session().capabilities();
}

const Quirks &Client::quirks() const
{
    return d->session().quirks();
}

const NamespaceData &Client::namespaces() const
{
    return d->connection->namespaces;
}

const IdData &Client::serverId() const
{
    return d->session().serverId();
}

bool Client::isEnabled(const char *extension) const
{
    return d->session().isEnabled(extension);
}

QByteArray Client::signInMechanism() const
{
    return d->connection->signInMechanism;
}

TransferFigures Client::figures() const
{
    return d->connection->figures();
}

async::Task<Result<std::vector<ListedMailbox>>> Client::list(StatusItems statusItems)
{
    return flows::list(d->connection, std::move(statusItems));
}

async::Task<Result<MailboxStatusData>> Client::status(mail::MailboxName mailbox, StatusItems items)
{
    return flows::status(d->connection, std::move(mailbox), std::move(items));
}

async::Task<Result<std::vector<MailboxStatusData>>> Client::statuses(std::vector<mail::MailboxName> mailboxes,
                                                                     StatusItems items)
{
    return flows::statuses(d->connection, std::move(mailboxes), std::move(items));
}

async::Task<Result<unsigned>> Client::notify(NotifyOptions options)
{
    return flows::notify(d->connection, std::move(options));
}

bool Client::isNotifying() const
{
    return d->connection->isEstablished() && d->session().isNotifying();
}

async::Task<Result<SelectResult>> Client::select(mail::MailboxName mailbox, SelectMode mode)
{
    return flows::select(d->connection, std::move(mailbox), std::move(mode));
}

async::Task<Result<void>> Client::unselect()
{
    return flows::unselect(d->connection);
}

std::optional<SelectedMailbox> Client::selected() const
{
    return d->session().mailbox().current();
}

std::optional<UidSet> Client::knownUids() const
{
    return d->session().mailbox().knownUids();
}

async::Task<Result<FetchResult>> Client::fetch(UidSet uids, FetchItems items, FetchSink sink, FetchModifiers modifiers)
{
    return flows::fetch(d->connection, std::move(uids), std::move(items), std::move(sink), modifiers);
}

async::Task<Result<QByteArray>> Client::fetchSection(Uid uid, QByteArray section, std::optional<FetchPartial> partial,
                                                     std::uint64_t limit)
{
    return flows::fetchSection(d->connection, uid, std::move(section), partial, limit);
}

async::Task<Result<UidSet>> Client::search(std::vector<SearchKey> keys, SearchEnd end)
{
    const bool all = keys.size() == 1 && keys.front().kind() == SearchKey::Kind::All;
    return flows::search(d->connection, std::move(keys), all, end);
}

async::Task<Result<CommandReply>> Client::store(const UidSet &uids, const StoreChange &change)
{
    return flows::changeUids(d->connection, uids,
                             [change](const UidSet &piece) { return Command::uidStore(piece, change); });
}

async::Task<Result<CommandReply>> Client::copy(UidSet uids, mail::MailboxName target)
{
    return flows::move(d->connection, std::move(uids), std::move(target), true);
}

async::Task<Result<CommandReply>> Client::move(UidSet uids, mail::MailboxName target)
{
    if (!capabilities().has("MOVE") && !isEnabled("IMAP4REV2") && isConnected())
        return failed(missingCapabilityError(d->connection->where(), QStringLiteral("MOVE")));
    return flows::move(d->connection, std::move(uids), std::move(target), false);
}

async::Task<Result<CommandReply>> Client::expungeUids(const UidSet &uids)
{
    if (!capabilities().has("UIDPLUS") && !isEnabled("IMAP4REV2") && isConnected())
        return failed(missingCapabilityError(d->connection->where(), QStringLiteral("UIDPLUS")));
    return flows::changeUids(d->connection, uids, [](const UidSet &piece) { return Command::uidExpunge(piece); });
}

async::Task<Result<CommandReply>> Client::append(const mail::MailboxName &mailbox, const QByteArray &message,
                                                 const AppendOptions &options)
{
    return d->run(Command::append(mailbox, message, options));
}

async::Task<Result<CommandReply>> Client::append(const mail::MailboxName &mailbox,
                                                 std::shared_ptr<const LiteralSource> message,
                                                 const AppendOptions &options)
{
    return d->run(Command::append(mailbox, std::move(message), options));
}

async::Task<Result<CommandReply>> Client::replace(Uid uid, const mail::MailboxName &mailbox, const QByteArray &message,
                                                  const AppendOptions &options)
{
    if (!capabilities().has("REPLACE") && isConnected())
        return failed(missingCapabilityError(d->connection->where(), QStringLiteral("REPLACE")));
    return d->run(Command::uidReplace(uid, mailbox, message, options));
}

async::Task<Result<CommandReply>> Client::create(const mail::MailboxName &mailbox, mail::MailboxRole role)
{
    const bool tellsRole = capabilities().has("CREATE-SPECIAL-USE");
    return d->run(Command::create(mailbox, tellsRole ? role : mail::MailboxRole::None));
}

async::Task<Result<CommandReply>> Client::rename(const mail::MailboxName &from, const mail::MailboxName &to)
{
    return d->run(Command::rename(from, to));
}

async::Task<Result<CommandReply>> Client::remove(const mail::MailboxName &mailbox)
{
    return d->run(Command::remove(mailbox));
}

async::Task<Result<CommandReply>> Client::subscribe(const mail::MailboxName &mailbox, bool on)
{
    return d->run(on ? Command::subscribe(mailbox) : Command::unsubscribe(mailbox));
}

async::Task<Result<CommandReply>> Client::noop()
{
    return flows::noop(d->connection);
}

async::Task<Result<CommandReply>> Client::execute(Command command)
{
    return d->run(std::move(command));
}

async::Task<Result<void>> Client::idle(IdleOptions options)
{
    return IdleFlow::run(d->idle, options);
}

void Client::stopIdle()
{
    d->idle->stop();
}

bool Client::isIdling() const
{
    return d->idle->isWatching();
}

void Client::abort()
{
    d->connection->abort();
    d->idle->aborted();
}

void Client::die(const Error &error)
{
    d->connection->die(error, false);
}

} // namespace kittiwake::imap
