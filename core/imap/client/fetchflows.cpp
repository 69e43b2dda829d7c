// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/flows.h"
#include "core/imap/session/imaperrors.h"

#include <QCoreApplication>

#include <utility>

namespace kittiwake::imap::flows
{

namespace
{

/** An interest that is registered for as long as its commands are in flight, and never longer than it lives. */
class RegisteredFetch
{
public:
    RegisteredFetch(Connection &connection, UidSet uids, FetchItems items, FetchSink sink)
        : m_connection(connection), m_interest(std::move(uids), std::move(items), std::move(sink))
    {
        m_connection.addFetch(&m_interest);
    }
    RegisteredFetch(const RegisteredFetch &) = delete;
    RegisteredFetch &operator=(const RegisteredFetch &) = delete;
    ~RegisteredFetch() { m_connection.removeFetch(&m_interest); }

    /** As soon as the tagged answer has come: what follows is not ours. */
    void close()
    {
        m_connection.removeFetch(&m_interest);
        m_connection.unclaimed(m_interest.close());
    }
    [[nodiscard]] std::uint64_t delivered() const { return m_interest.delivered(); }

private:
    Connection &m_connection;
    FetchInterest m_interest;
};

class LiteralLimit
{
public:
    LiteralLimit(Connection &connection, qsizetype octets) : m_connection(connection), m_octets(octets)
    {
        m_connection.raiseLiteralLimit(m_octets);
    }
    LiteralLimit(const LiteralLimit &) = delete;
    LiteralLimit &operator=(const LiteralLimit &) = delete;
    ~LiteralLimit() { m_connection.dropLiteralLimit(m_octets); }

private:
    Connection &m_connection;
    qsizetype m_octets;
};

/** "", "HEADER", "TEXT", "1.2", "1.2.MIME", "2.HEADER" (RFC 9051 section 6.4.5.1). */
Section sectionOf(const QByteArray &text)
{
    static const std::pair<const char *, Section::Text> names[]
        = {{"HEADER", Section::Text::Header}, {"TEXT", Section::Text::BodyText}, {"MIME", Section::Text::Mime}};
    const QByteArray upper = text.toUpper();
    for (const auto &[name, kind] : names) {
        if (upper == name)
            return {{}, kind, {}};
        const QByteArray ending = QByteArray(".") + name;
        if (upper.endsWith(ending))
            return {upper.chopped(ending.size()), kind, {}};
    }
    return Section::ofPart(upper);
}

Error missingPartError(const QString &where)
{
    return {ErrorKind::ServerRefused, where,
            QCoreApplication::translate("core", "%1 no longer has this message, or this part of it.").arg(where),
            QStringLiteral("no data for the section")};
}

Error tooLargeError(const QString &where, std::uint64_t limit)
{
    return {ErrorKind::ServerRefused, where,
            QCoreApplication::translate("core", "This part of the message is larger than %1 MB, too large to be shown.")
                .arg(QString::number(limit / (1024 * 1024))),
            QStringLiteral("over the limit")};
}

/** What one round of commands brought. */
struct FetchRound {
    std::uint64_t messages = 0;
    UidSet vanished;
    Uid lowestWorkedOn; ///< valid: the server stopped there (MESSAGELIMIT)
};

async::Task<Result<FetchRound>> fetchRound(ConnectionPtr connection, UidSet uids, FetchItems items, FetchSink sink,
                                           FetchModifiers modifiers)
{
    FetchRound round;
    RegisteredFetch fetch(*connection, uids, items, std::move(sink));
    Operation operation(*connection);
    operation.onData = [&round](Response &&data) {
        if (const auto *vanished = std::get_if<VanishedData>(&data))
            round.vanished.unite(vanished->uids);
    };
    operation.onFinished = [&fetch] { fetch.close(); };
    for (const UidSet &piece : piecesOf(*connection, uids, 500))
        operation.submit(Command::uidFetch(piece, items, modifiers));
    co_await operation.finished();
    const Result<void> outcome = outcomeOf(*connection, operation);
    if (!outcome)
        co_return failure(outcome.error());
    round.messages = fetch.delivered();
    round.lowestWorkedOn = limitOf(operation);
    co_return round;
}

} // namespace

async::Task<Result<FetchResult>> fetch(ConnectionPtr connection, UidSet uids, FetchItems items, FetchSink sink,
                                       FetchModifiers modifiers)
{
    FetchResult result;
    while (!uids.isEmpty()) {
        const auto round = co_await fetchRound(connection, uids, items, sink, modifiers);
        if (!round)
            co_return failure(round.error());
        result.messages += round->messages;
        result.vanished.unite(round->vanished);
        // A page is no longer than the person wants it, whatever else there is below it.
        if (!round->lowestWorkedOn.isValid() || modifiers.partial)
            break;
        const auto rest = restBelow(*connection, uids, round->lowestWorkedOn);
        if (!rest)
            co_return failure(rest.error());
        uids = *rest;
    }
    co_return result;
}

async::Task<Result<QByteArray>> fetchSection(ConnectionPtr connection, Uid uid, QByteArray section,
                                             std::optional<FetchPartial> partial, std::uint64_t limit)
{
    const Section wanted = sectionOf(section);
    FetchItems::Body body;
    body.section = wanted;
    // Where pieces cannot be trusted, the whole is fetched and cut here.
    const bool cut = partial && !connection->session().quirks().partialFetch;
    if (!cut)
        body.partial = partial;
    FetchItems items;
    items.bodies.push_back(body);

    std::optional<QByteArray> bytes;
    const auto keep = [&bytes, &wanted](FetchedMessage &&message) {
        for (FetchedSection &fetched : message.sections) {
            if (fetched.section == wanted && fetched.data)
                bytes = std::move(fetched.data);
        }
    };
    const LiteralLimit literals(*connection, static_cast<qsizetype>(limit));
    RegisteredFetch fetch(*connection, UidSet(uid), items, keep);
    Operation operation(*connection);
    operation.onFinished = [&fetch] { fetch.close(); };
    operation.submit(Command::uidFetch(UidSet(uid), items));
    co_await operation.finished();

    const Result<void> outcome = outcomeOf(*connection, operation);
    if (!outcome)
        co_return failure(outcome.error());
    if (!bytes)
        co_return failure(operation.metOverLimit() ? tooLargeError(connection->where(), limit)
                                                   : missingPartError(connection->where()));
    if (static_cast<std::uint64_t>(bytes->size()) > limit)
        co_return failure(tooLargeError(connection->where(), limit));
    if (cut)
        co_return bytes->mid(static_cast<qsizetype>(std::min<std::uint64_t>(partial->offset, bytes->size())),
                             static_cast<qsizetype>(std::min<std::uint64_t>(partial->length, bytes->size())));
    co_return std::move(*bytes);
}

} // namespace kittiwake::imap::flows
