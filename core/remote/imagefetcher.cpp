// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/imagefetcher.h"

#include "core/async/awaiters.h"
#include "core/base/log.h"
#include "core/remote/httpexchange.h"
#include "core/remote/imagecheck.h"
#include "core/remote/imageurl.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::remote
{

namespace
{

Failure refused(const QString &host, const QString &why)
{
    return failure(ErrorKind::Input, host,
                   QCoreApplication::translate("core", "A picture of this message cannot be loaded safely."), why);
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

} // namespace

struct ImageFetcher::Batch {
    explicit Batch(Clock &clock) : done(clock) { }
    std::vector<mime::RemoteImage> wanted;
    std::size_t next = 0;
    int running = 0;
    qsizetype bytesLeft = FetchLimits::totalBytes;
    FetchedImages result;
    async::Event done;
};

async::Task<FetchedImages> ImageFetcher::fetch(std::vector<mime::RemoteImage> wanted)
{
    const auto batch = std::make_shared<Batch>(m_clock);
    const std::size_t asked = wanted.size();
    wanted.resize(std::min(asked, FetchLimits::images));
    batch->wanted = std::move(wanted);
    batch->running = static_cast<int>(std::min<std::size_t>(FetchLimits::connections, batch->wanted.size()));
    if (batch->running > 0) {
        struct Timer {
            Clock &clock;
            Clock::TimerId id;
            ~Timer() { clock.cancel(id); }
        };
        const Timer timer{m_clock, m_clock.callAfter(FetchLimits::totalTime, [batch] { batch->done.complete({}); })};
        async::TaskScope workers;
        const int count = batch->running;
        for (int i = 0; i < count; ++i)
            workers.start(work(batch));
        co_await batch->done;
    }
    batch->result.failed = static_cast<int>(asked - batch->result.images.size());
    co_return std::move(batch->result);
}

async::Task<void> ImageFetcher::work(std::shared_ptr<Batch> batch)
{
    while (batch->next < batch->wanted.size() && batch->bytesLeft > 0) {
        const mime::RemoteImage image = batch->wanted[batch->next++];
        const qsizetype limit = std::min(FetchLimits::imageBytes, batch->bytesLeft);
        async::Task<Result<QByteArray>> one = fetchOne(QUrl(image.url, QUrl::TolerantMode), limit);
        const std::optional<Result<QByteArray>> answer
            = co_await async::withTimeout(m_clock, FetchLimits::imageTime, std::move(one));
        // Hosts and reasons only: the rest of the address often says who reads.
        if (!answer || !*answer) {
            qCDebug(logNet) << "a remote picture was not loaded:"
                            << (answer ? (*answer).error().detail : QStringLiteral("too slow"));
            continue;
        }
        const auto facts = checkImage(**answer);
        if (!facts) {
            qCDebug(logNet) << "what was called a picture is none, or too large";
            continue;
        }
        batch->bytesLeft -= (*answer)->size();
        if (batch->bytesLeft >= 0)
            batch->result.images.push_back({image.id, facts->mimeType, **answer});
    }
    if (--batch->running == 0)
        batch->done.complete({});
}

async::Task<Result<std::unique_ptr<net::ByteStream>>> ImageFetcher::connectTo(net::HostName host)
{
    const Result<QList<QHostAddress>> addresses = co_await m_connector.publicAddresses(host);
    if (!addresses)
        co_return failure(addresses.error());
    if (addresses->isEmpty())
        co_return refused(host.wire(), QStringLiteral("not a public address"));
    Error last;
    for (qsizetype i = 0; i < std::min<qsizetype>(addresses->size(), FetchLimits::addresses); ++i) {
        Result<std::unique_ptr<net::ByteStream>> stream = co_await m_connector.connect(addresses->at(i), host);
        if (stream)
            co_return stream;
        last = stream.error();
        if (last.kind == ErrorKind::Tls)
            break;
    }
    co_return failure(last);
}

async::Task<Result<QByteArray>> ImageFetcher::fetchOne(QUrl url, qsizetype limit)
{
    for (int redirects = 0; redirects <= FetchLimits::redirects; ++redirects) {
        const auto target = imageTarget(url);
        if (!target)
            co_return refused(url.host(), QStringLiteral("not a public https address"));
        Result<std::unique_ptr<net::ByteStream>> stream = co_await connectTo(target->host);
        if (!stream)
            co_return failure(stream.error());
        (*stream)->write(imageRequest(target->host.wire().toLatin1(), target->path));
        ResponseReader reader(limit);
        while (!reader.isComplete() && !reader.hasFailed()) {
            const Result<QByteArray> bytes = co_await (*stream)->read();
            if (!bytes)
                co_return failure(bytes.error());
            if (bytes->isEmpty())
                reader.finish();
            else
                reader.feed(*bytes);
        }
        if (reader.hasFailed())
            co_return refused(target->host.wire(), QStringLiteral("the answer is damaged or too large"));
        if (reader.status() == 200)
            co_return reader.body();
        if (!isRedirect(reader.status()) || reader.location().isEmpty())
            co_return refused(target->host.wire(), QStringLiteral("status %1").arg(reader.status()));
        url = target->url.resolved(QUrl(QString::fromUtf8(reader.location()), QUrl::TolerantMode));
    }
    co_return refused(url.host(), QStringLiteral("too many redirects"));
}

} // namespace kittiwake::remote
