// SPDX-License-Identifier: GPL-3.0-or-later
// From nothing to a connection that is signed in.
#include "core/async/awaiters.h"
#include "core/imap/client/flows.h"
#include "core/imap/session/imaperrors.h"
#include "core/sasl/sasl.h"

#include <utility>

namespace kittiwake::imap::flows
{

namespace
{

using namespace std::chrono_literals;

constexpr std::chrono::seconds connectLimit = 28s;
constexpr std::chrono::seconds greetingLimit = 20s;
constexpr std::chrono::seconds logoutLimit = 3s;

async::Task<Result<void>> greeting(ConnectionPtr connection)
{
    Result<void> greeted = co_await connection->greeted();
    co_return greeted;
}

async::Task<Result<void>> askCapabilities(ConnectionPtr connection)
{
    Operation operation(*connection);
    operation.submit(Command::capability());
    co_await operation.finished();
    co_return outcomeOf(*connection, operation);
}

async::Task<Result<void>> startTls(ConnectionPtr connection)
{
    Session &session = connection->session();
    // What is told in the clear is good for one thing: to give up early.
    if (session.areCapabilitiesFresh() && !session.capabilities().has("STARTTLS"))
        co_return failure(noStartTlsError(connection->where(), QStringLiteral("not offered")));
    Operation operation(*connection);
    operation.submit(Command::startTls());
    co_await operation.finished();
    if (operation.error())
        co_return failure(*operation.error());
    if (const StatusResponse *refusal = operation.refusal())
        co_return failure(noStartTlsError(connection->where(), refusal->displayText()));
    co_return Result<void>();
}

/** How to sign in: a SASL mechanism, or (nothing) the LOGIN command as the last resort. */
Result<std::optional<sasl::Mechanism>> chooseSignIn(const Connection &connection, const QString &forced)
{
    const Capabilities &capabilities = connection.session().capabilities();
    const QByteArrayList offered = capabilities.authMechanisms();
    const bool mayLogin = !capabilities.has("LOGINDISABLED");
    // "LOGIN" is the mechanism where the server has it, and the command otherwise.
    const bool loginForced = forced.compare(QLatin1String("LOGIN"), Qt::CaseInsensitive) == 0;
    if (loginForced && !offered.contains("LOGIN") && mayLogin)
        return std::nullopt;
    const auto mechanism = sasl::chooseMechanism(offered, forced, connection.where());
    if (mechanism)
        return *mechanism;
    if (forced.isEmpty() && mayLogin)
        return std::nullopt;
    return failure(mechanism.error());
}

async::Task<Result<void>> signIn(ConnectionPtr connection, ConnectOptions options)
{
    const auto chosen = chooseSignIn(*connection, options.mechanism);
    if (!chosen)
        co_return failure(chosen.error());
    Operation operation(*connection);
    if (*chosen) {
        connection->signInMechanism = sasl::mechanismName(**chosen);
        auto sasl = sasl::Sasl::start(**chosen, {options.userName, options.password}, connection->where());
        if (!sasl)
            co_return failure(sasl.error());
        operation.authenticate(std::move(*sasl));
    } else {
        connection->signInMechanism = QByteArrayLiteral("LOGIN command");
        operation.submit(Command::login(options.userName.toUtf8(), options.password));
    }
    co_await operation.finished();
    if (operation.error())
        co_return failure(*operation.error());
    if (const StatusResponse *refusal = operation.refusal())
        co_return failure(signInRefusedError(connection->where(), *refusal));
    co_return Result<void>();
}

QByteArrayList extensionsToEnable(const Capabilities &capabilities, const Quirks &quirks, const ConnectOptions &options)
{
    QByteArrayList names;
    if (!capabilities.has("ENABLE"))
        return names;
    if (options.qresync && capabilities.has("QRESYNC"))
        names << "QRESYNC";
    else if (options.condstore && (capabilities.has("CONDSTORE") || capabilities.has("QRESYNC")))
        names << "CONDSTORE";
    if (options.utf8 && (capabilities.has("UTF8=ACCEPT") || capabilities.has("UTF8=ONLY")))
        names << "UTF8=ACCEPT";
    // Without it Yahoo shows the newest 10,000 messages of a mailbox only (RFC 9586; djc/imap-proto PR 198, 2026-07).
    if (quirks.sequenceNumbersLie && capabilities.has("UIDONLY"))
        names << "UIDONLY";
    return names;
}

/** Everything that is set once, in one round trip. What the server refuses of it is done without. */
async::Task<Result<void>> prepare(ConnectionPtr connection, ConnectOptions options)
{
    const Capabilities &capabilities = connection->session().capabilities();
    Operation operation(*connection);
    operation.onData = [raw = connection.get()](Response &&data) {
        if (auto *namespaces = std::get_if<NamespaceData>(&data))
            raw->namespaces = std::move(*namespaces);
    };
    bool asked = false;
    // NetEase (163, 126, yeah; read 2026-08 in FairEmail and MailKit) refuses SELECT as "Unsafe Login" until ID came.
    if (capabilities.has("ID")) {
        std::vector<std::pair<QByteArray, QByteArray>> fields;
        if (!options.productName.isEmpty())
            fields.emplace_back("name", options.productName);
        if (!options.productVersion.isEmpty())
            fields.emplace_back("version", options.productVersion);
        operation.submit(Command::id(fields));
        asked = true;
    }
    const QByteArrayList extensions = extensionsToEnable(capabilities, connection->session().quirks(), options);
    if (!extensions.isEmpty()) {
        operation.submit(Command::enable(extensions));
        asked = true;
    }
    if (capabilities.has("NAMESPACE") && !connection->session().quirks().noNamespace) {
        operation.submit(Command::namespaces());
        asked = true;
    }
    if (options.compress && capabilities.has("COMPRESS=DEFLATE")) {
        operation.submit(Command::compressDeflate());
        asked = true;
    }
    if (!asked)
        co_return Result<void>();
    co_await operation.finished();
    const StatusResponse *refusal = operation.refusal();
    if (operation.error() || (refusal != nullptr && isNotConnected(*refusal)))
        co_return outcomeOf(*connection, operation);
    co_return Result<void>();
}

async::Task<Result<void>> establish(ConnectionPtr connection, ConnectOptions options)
{
    const QString where = options.endpoint.text();
    auto stream = co_await connection->streams().connect(options.endpoint, options.tls, options.policy);
    if (!stream)
        co_return failure(stream.error());
    connection->start(std::move(*stream), where, options.tls);

    const auto greeted = co_await async::withTimeout(connection->clock(), greetingLimit, greeting(connection));
    if (!greeted)
        co_return failure(greetingTimeoutError(where, static_cast<int>(greetingLimit.count())));
    if (!*greeted)
        co_return failure(greeted->error());

    if (options.tls == net::TlsMode::StartTls) {
        const auto encrypted = co_await startTls(connection);
        if (!encrypted)
            co_return failure(encrypted.error());
    }
    if (!connection->session().areCapabilitiesFresh()) {
        const auto told = co_await askCapabilities(connection);
        if (!told)
            co_return failure(told.error());
    }
    if (connection->session().state() == SessionState::NotAuthenticated) {
        const auto signedIn = co_await signIn(connection, options);
        if (!signedIn)
            co_return failure(signedIn.error());
        if (!connection->session().areCapabilitiesFresh()) {
            const auto told = co_await askCapabilities(connection);
            if (!told)
                co_return failure(told.error());
        }
    }
    const auto prepared = co_await prepare(connection, options);
    co_return prepared;
}

async::Task<Result<void>> sayGoodbye(ConnectionPtr connection)
{
    Operation operation(*connection);
    operation.submit(Command::logout());
    co_await operation.finished();
    co_return Result<void>();
}

} // namespace

async::Task<Result<void>> connect(ConnectionPtr connection, ConnectOptions options)
{
    const QString where = options.endpoint.text();
    if (!connection->where().isEmpty() || connection->endError())
        co_return failure(ErrorKind::Input, where,
                          QCoreApplication::translate("core", "This connection was used already."),
                          QStringLiteral("connect() called twice"));
    // Whoever gives up in the middle leaves no half of a connection behind.
    struct Guard {
        Connection &connection;
        bool finished = false;
        explicit Guard(Connection &owner) : connection(owner) { }
        Guard(const Guard &) = delete;
        Guard &operator=(const Guard &) = delete;
        ~Guard()
        {
            if (!finished)
                connection.die(cancelledError(connection.where()), false);
        }
    };
    Guard guard(*connection);
    const auto established
        = co_await async::withTimeout(connection->clock(), connectLimit, establish(connection, std::move(options)));
    guard.finished = true;
    Result<void> result;
    if (!established)
        result = failure(answerTimeoutError(where, static_cast<int>(connectLimit.count())));
    else
        result = *established;
    if (result)
        connection->setEstablished();
    else
        connection->die(result.error(), false);
    co_return result;
}

async::Task<Result<void>> logout(ConnectionPtr connection)
{
    if (connection->isEstablished())
        co_await async::withTimeout(connection->clock(), logoutLimit, sayGoodbye(connection));
    connection->die(cancelledError(connection->where()), false);
    co_return Result<void>();
}

} // namespace kittiwake::imap::flows
