// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/partdownloader.h"

#include "core/async/awaiters.h"
#include "core/base/log.h"
#include "core/engine/readsteps.h"
#include "core/mime/partdecoder.h"

#include <QCoreApplication>
#include <QCryptographicHash>

#include <algorithm>
#include <array>

namespace kittiwake::engine
{

namespace
{

using namespace std::chrono_literals;

constexpr std::uint64_t smallestPiece = 32ULL * 1024;
constexpr std::uint64_t firstPiece = 128ULL * 1024;
constexpr std::uint64_t largestPiece = 2ULL * 1024 * 1024;
constexpr Clock::Duration briskly = 120ms;
constexpr Clock::Duration slowly = 500ms;

// Between attempts that brought nothing; after the last one the error is told.
constexpr std::array<Clock::Duration, 6> pauses{0ms, 1s, 4s, 10s, 20s, 25s};

bool isEncoded(QByteArrayView encoding)
{
    return encoding.compare("base64", Qt::CaseInsensitive) == 0
        || encoding.compare("quoted-printable", Qt::CaseInsensitive) == 0;
}

} // namespace

/** Shared with the worker that decodes and writes: they never run at the same time, since each piece is awaited. */
struct PartDownloader::Job {
    MessageRef message;
    PartRequest request;
    MessageAccess::Target target;
    std::shared_ptr<PartSink> sink;
    imap::Section section;
    QByteArray encoding;
    QByteArray md5; ///< as announced (RFC 1864), base64
    bool binary = false;
    bool partial = true;
    bool isLocal = false; ///< a part of the whole message as it is taken apart here
    bool isDescribed = false;
    bool isFinished = false;
    std::uint64_t announced = 0; ///< octets in the transfer encoding; 0: not known
    std::optional<std::uint64_t> exact; ///< octets when decoded, as BINARY.SIZE tells them
    std::uint64_t received = 0; ///< octets as they were transferred; where to go on
    std::uint64_t written = 0;
    std::uint64_t skip = 0; ///< octets that come once more
    std::uint64_t piece = firstPiece;
    std::unique_ptr<mime::PartDecoder> decoder;
    QCryptographicHash hash{QCryptographicHash::Md5};

    /** BODY instead of BINARY from now on: from the beginning, without what was written already. */
    void decodeHere()
    {
        binary = false;
        exact.reset();
        received = 0;
        skip = written;
        decoder = std::make_unique<mime::PartDecoder>(encoding);
    }

    [[nodiscard]] std::uint64_t expected() const
    {
        if (exact)
            return *exact;
        // Base64 makes 57 octets a line of 76 characters and a line end (RFC 2045 section 6.8).
        return encoding.compare("base64", Qt::CaseInsensitive) == 0 ? announced / 78 * 57 + announced % 78 * 3 / 4
                                                                    : announced;
    }

    void tell(bool isWaiting) const
    {
        if (request.progress)
            request.progress({written, std::max(expected(), written), isWaiting});
    }

    /** In a worker thread. */
    Result<void> store(const QByteArray &data)
    {
        const QByteArray decoded = decoder ? decoder->feed(data) : data;
        return pass(decoded);
    }

    Result<void> pass(QByteArray decoded)
    {
        const auto known = std::min(skip, static_cast<std::uint64_t>(decoded.size()));
        decoded.remove(0, static_cast<qsizetype>(known));
        skip -= known;
        if (decoded.isEmpty())
            return {};
        hash.addData(decoded);
        written += static_cast<std::uint64_t>(decoded.size());
        return sink->write(decoded);
    }

    Result<void> finish()
    {
        if (decoder) {
            if (auto passed = pass(decoder->finish()); !passed)
                return passed;
        }
        return sink->finish();
    }

    [[nodiscard]] QString doubt() const
    {
        if ((decoder && decoder->isCutOff()) || (!binary && announced > received) || (exact && *exact > written)) {
            return QCoreApplication::translate(
                "core", "Less came than the message announces; the file may have been cut off by its sender.");
        }
        if (!md5.isEmpty() && QByteArray::fromBase64(md5) != hash.result()) {
            return QCoreApplication::translate(
                "core", "The file does not match the checksum that its sender gave; it may be damaged.");
        }
        return {};
    }
};

PartDownloader::PartDownloader(Clock &clock, MessageAccess &access, Offload &offload)
    : m_clock(clock), m_access(access), m_offload(offload)
{
}

async::Task<Result<SavedPart>> PartDownloader::save(MessageRef message, PartRequest request)
{
    auto job = std::make_shared<Job>();
    job->message = message;
    const auto local = numberOfLocal(request.section);
    job->section = imap::Section::ofPart(local.value_or(request.section));
    job->isLocal = local.has_value();
    job->sink = request.sink ? request.sink : std::make_shared<FileSink>(request.path);
    job->request = std::move(request);
    if (!job->section.isValid())
        co_return failure(noSuchPart({}, job->request.section));

    std::size_t failures = 0;
    while (!job->isFinished) {
        const std::uint64_t before = job->received;
        const Result<void> brought = co_await bring(job);
        if (brought)
            continue;
        if (job->received != before)
            failures = 0;
        if (brought.error().kind != ErrorKind::Network || failures >= pauses.size())
            co_return failure(brought.error());
        // Twice at the same place: it is what the server finds there that makes it hang up.
        if (failures >= 1 && job->binary && job->isDescribed) {
            m_access.distrustBinary(job->target);
            job->decodeHere();
        }
        qCInfo(logEngine) << "a part is on its way still, after" << job->received << "octets:" << brought.error();
        job->tell(true);
        const Clock::Duration pause = pauses[failures++];
        co_await async::SleepFor(m_clock, pause);
    }
    Result<SavedPart> saved = co_await complete(job);
    co_return saved;
}

async::Task<Result<SavedPart>> PartDownloader::saveOf(MessageId message, PartRequest request)
{
    const auto place = m_access.locate(message);
    if (!place)
        co_return failure(place.error());
    Result<SavedPart> saved = co_await save(*place, std::move(request));
    co_return saved;
}

/** Until the part is there, or something fails. */
async::Task<Result<void>> PartDownloader::bring(JobPointer job)
{
    if (!job->isDescribed) {
        // Once: the target knows the message again, should the server renumber its mailbox between two pieces.
        const auto target = m_access.target(job->message);
        if (!target)
            co_return failure(target.error());
        job->target = *target;
    }
    const auto abilities = co_await m_access.abilities(job->target);
    if (!abilities)
        co_return failure(abilities.error());
    job->partial = abilities->partial;
    if (!job->isDescribed) {
        job->binary = abilities->binary && abilities->partial;
        async::Task<Result<void>> first = job->isLocal ? bringLocal(job) : describe(job);
        const auto described = co_await first;
        if (!described)
            co_return failure(described.error());
    }
    while (!job->isFinished) {
        async::Task<Result<void>> step = job->partial ? bringPiece(job) : bringWhole(job);
        const Result<void> brought = co_await step;
        if (!brought)
            co_return failure(brought.error());
        job->tell(false);
    }
    co_return Result<void>();
}

/** What the server says about the part before it gives it. */
async::Task<Result<void>> PartDownloader::describe(JobPointer job)
{
    imap::FetchItems items;
    const bool isWhole = job->request.section.isEmpty();
    items.size = isWhole;
    items.bodyStructure = !isWhole;
    Result<std::optional<imap::FetchData>> answer = co_await m_access.ask(job->target, items);
    if (!answer)
        co_return failure(answer.error());
    if (!*answer)
        co_return failure(MessageAccess::goneError(job->target.where));
    const imap::FetchData &data = **answer;
    if (isWhole) {
        job->announced = data.size.value_or(0);
        job->binary = false;
    } else {
        const mail::BodyPart *found = nullptr;
        if (data.bodyStructure) {
            for (const mail::NumberedPart &part : mail::leafParts(*data.bodyStructure)) {
                if (part.section == job->request.section)
                    found = part.part;
            }
        }
        if (found == nullptr)
            co_return failure(noSuchPart(job->target.where, job->request.section));
        job->encoding = found->encoding;
        job->announced = found->size;
        job->md5 = found->md5;
        // Where there is nothing to undo, BINARY gives the same octets, and some servers do it worse.
        job->binary = job->binary && isEncoded(found->encoding);
    }
    if (!job->binary)
        job->decoder = std::make_unique<mime::PartDecoder>(job->encoding);
    job->isDescribed = true;
    job->tell(false);
    co_return Result<void>();
}

async::Task<Result<void>> PartDownloader::bringPiece(JobPointer job)
{
    imap::FetchItems items;
    imap::FetchItems::Body body = MessageAccess::bodyItem(job->section);
    body.binary = job->binary;
    body.partial = imap::FetchPartial{job->received, job->piece};
    items.bodies.push_back(body);
    if (job->binary && job->received == 0)
        items.binarySizes.push_back(job->section);
    const Clock::Duration asked = m_clock.monotonic();
    Result<std::optional<imap::FetchData>> answer = co_await m_access.ask(job->target, items);

    const bool canFallBack = job->binary && job->received == 0;
    if (!answer && !(canFallBack && answer.error().kind == ErrorKind::ServerRefused))
        co_return failure(answer.error());
    std::optional<QByteArray> data;
    if (answer && *answer) {
        for (imap::FetchedSection &section : (*answer)->sections) {
            const bool isOurs = section.section == job->section && section.binary == job->binary
                && section.origin.value_or(job->received) == job->received;
            if (isOurs && section.data)
                data = std::move(section.data);
        }
        for (const imap::BinarySize &size : (*answer)->binarySizes) {
            if (size.section == job->section)
                job->exact = size.size;
        }
    }
    if (!data && canFallBack) {
        // [UNKNOWN-CTE], or damage that the server will not decode (RFC 3516 section 4.3): we read what can be read.
        job->decodeHere();
        co_return Result<void>();
    }
    if (!data) {
        if (answer && !*answer)
            co_return failure(MessageAccess::goneError(job->target.where));
        co_return failure(
            ErrorKind::ServerRefused, job->target.where,
            QCoreApplication::translate("core",
                                        "The server did not hand out this part of the message. It is still there; try "
                                        "again later."));
    }
    auto size = static_cast<std::uint64_t>(data->size());
    if (size > job->piece) {
        // The piece was not respected: this is all there is.
        data->remove(0, static_cast<qsizetype>(std::min(job->received, size)));
        size = static_cast<std::uint64_t>(data->size());
        job->isFinished = true;
    }
    const Clock::Duration took = m_clock.monotonic() - asked;
    // Less than was asked for is the end; where more was announced, the server is asked once more, until it gives
    // nothing.
    const bool isShort = size < job->piece;
    job->isFinished = job->isFinished || size == 0
        || (isShort && (job->binary || job->announced == 0 || job->received + size >= job->announced));
    if (size > 0) {
        const QByteArray octets = *data;
        const Result<void> stored = co_await write(job, octets);
        if (!stored)
            co_return failure(stored.error());
        job->received += size;
    }
    if (!isShort && took < briskly)
        job->piece = std::min(job->piece * 2, largestPiece);
    else if (took > slowly)
        job->piece = std::max(job->piece / 2, smallestPiece);
    co_return Result<void>();
}

async::Task<Result<void>> PartDownloader::bringWhole(JobPointer job)
{
    const imap::Section section = job->section;
    Result<QByteArray> bytes = co_await m_access.fetchWhole(job->target, section, wholeLimit);
    if (!bytes)
        co_return failure(bytes.error());
    const QByteArray octets = *bytes;
    const Result<void> stored = co_await write(job, octets);
    if (!stored)
        co_return failure(stored.error());
    job->received = static_cast<std::uint64_t>(octets.size());
    job->isFinished = true;
    co_return Result<void>();
}

/** Of a message whose structure is wrong on the server (localSection()). */
async::Task<Result<void>> PartDownloader::bringLocal(JobPointer job)
{
    Result<QByteArray> whole = co_await m_access.fetchWhole(job->target, imap::Section::whole(), ReadLimits::whole);
    if (!whole)
        co_return failure(whole.error());
    const QByteArray bytes = *whole;
    const QByteArray number = job->section.part;
    const std::function<std::optional<QByteArray>()> cut = [bytes, number] { return partOfWhole(bytes, number); };
    const std::optional<QByteArray> part = co_await m_offload.run(cut);
    if (!part)
        co_return failure(noSuchPart(job->target.where, number));
    const Result<void> stored = co_await write(job, *part);
    if (!stored)
        co_return failure(stored.error());
    job->isDescribed = true;
    job->isFinished = true;
    co_return Result<void>();
}

async::Task<Result<void>> PartDownloader::write(JobPointer job, QByteArray data)
{
    const std::function<Result<void>()> store = [job, data] { return job->store(data); };
    Result<void> stored = co_await m_offload.run(store);
    co_return stored;
}

async::Task<Result<SavedPart>> PartDownloader::complete(JobPointer job)
{
    const std::function<Result<void>()> finish = [job] { return job->finish(); };
    const Result<void> finished = co_await m_offload.run(finish);
    if (!finished)
        co_return failure(finished.error());
    job->tell(false);
    SavedPart saved{job->written, job->doubt()};
    co_return saved;
}

} // namespace kittiwake::engine
