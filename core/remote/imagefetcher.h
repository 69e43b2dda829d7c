// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/remoteimages.h"
#include "core/remote/addressconnector.h"

#include <QByteArray>

#include <vector>

namespace kittiwake::remote
{

struct FetchLimits {
    static constexpr std::size_t images = 200; ///< of one message
    static constexpr qsizetype imageBytes = 5 * 1024 * 1024;
    static constexpr qsizetype totalBytes = 30 * 1024 * 1024;
    static constexpr int redirects = 5;
    static constexpr int connections = 4; ///< at a time
    static constexpr int addresses = 2; ///< of one name that are tried
    static constexpr std::chrono::seconds imageTime{15};
    static constexpr std::chrono::seconds totalTime{45};
};

struct FetchedImage {
    QByteArray id; ///< mime::RemoteImage::id
    QByteArray mimeType; ///< as its bytes say
    QByteArray data;
};

struct FetchedImages {
    std::vector<FetchedImage> images;
    int failed = 0; ///< refused, not found, no picture, too large, too late
};

/**
 * Fetches the pictures that a person has asked for, and nothing but pictures: over TLS, from public addresses only,
 * within FetchLimits, without saying anything about who asks. Redirects are checked as the first address was. Engine
 * thread; clock and connector outlive it. Destroying the task ends the connections.
 */
class ImageFetcher
{
public:
    ImageFetcher(Clock &clock, AddressConnector &connector) : m_clock(clock), m_connector(connector) { }

    /** Never fails as a whole: what could not be fetched is counted. */
    async::Task<FetchedImages> fetch(std::vector<mime::RemoteImage> wanted);

private:
    struct Batch;
    async::Task<void> work(std::shared_ptr<Batch> batch);
    async::Task<Result<QByteArray>> fetchOne(QUrl url, qsizetype limit);
    async::Task<Result<std::unique_ptr<net::ByteStream>>> connectTo(net::HostName host);

    Clock &m_clock;
    AddressConnector &m_connector;
};

} // namespace kittiwake::remote
