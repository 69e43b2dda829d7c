// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/unsubscriber.h"

#include "core/async/awaiters.h"
#include "core/remote/httpexchange.h"
#include "core/remote/imageurl.h"

#include <QCoreApplication>

namespace kittiwake::remote
{

namespace
{

constexpr qsizetype answerLimit = 256 * 1024; // some answer with a page; its end need not be read

Failure notSafe(const QString &host)
{
    return failure(ErrorKind::Input, host,
                   QCoreApplication::translate("core",
                                               "The list's address for leaving it cannot be asked safely. Open "
                                               "the list's page in a browser, or mark the message as junk."));
}

Failure notDone(const QString &host, int status)
{
    return failure(ErrorKind::ServerRefused, host,
                   QCoreApplication::translate("core",
                                               "%1 did not confirm that you have left the list. Try again "
                                               "later, or open the list's page in a browser.")
                       .arg(host),
                   QStringLiteral("status %1").arg(status));
}

} // namespace

async::Task<Result<void>> Unsubscriber::post(QUrl url)
{
    const QString host = url.host();
    async::Task<Result<void>> one = attempt(std::move(url));
    const std::optional<Result<void>> answer = co_await async::withTimeout(m_clock, patience, std::move(one));
    if (!answer) {
        co_return failure(ErrorKind::Network, host,
                          QCoreApplication::translate("core",
                                                      "%1 did not answer in time. Whether you have left the "
                                                      "list is not known; try again later.")
                              .arg(host));
    }
    co_return *answer;
}

async::Task<Result<void>> Unsubscriber::attempt(QUrl url)
{
    // RFC 8058 section 3.1 demands https; imageTarget() would make https of http.
    const auto target = url.scheme() == u"https" ? imageTarget(url) : std::nullopt;
    if (!target)
        co_return notSafe(url.host());
    const QString host = target->host.wire();
    const Result<QList<QHostAddress>> addresses = co_await m_connector.publicAddresses(target->host);
    if (!addresses)
        co_return failure(addresses.error());
    if (addresses->isEmpty())
        co_return notSafe(host);
    Result<std::unique_ptr<net::ByteStream>> stream = co_await m_connector.connect(addresses->first(), target->host);
    if (!stream)
        co_return failure(stream.error());
    (*stream)->write(unsubscribeRequest(host.toLatin1(), target->path));
    ResponseReader reader(answerLimit);
    // The status is the answer; what follows it is not waited for.
    while (reader.status() == 0 && !reader.isComplete() && !reader.hasFailed()) {
        const Result<QByteArray> bytes = co_await (*stream)->read();
        if (!bytes)
            co_return failure(bytes.error());
        if (bytes->isEmpty())
            reader.finish();
        else
            reader.feed(*bytes);
    }
    const int status = reader.status();
    if (status >= 200 && status < 300)
        co_return Result<void>();
    co_return notDone(host, status);
}

} // namespace kittiwake::remote
