// SPDX-License-Identifier: GPL-3.0-or-later
// What a server sends means the same however the network cuts it up, and whatever it is, nothing else than a value or
// Rejected comes out.
#include "core/imap/codec/fragmenter.h"
#include "core/imap/codec/responsejson.h"
#include "core/imap/codec/responseparser.h"
#include "tests/fuzz/check.h"

#include <QDebug>
#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <vector>

using namespace kittiwake::imap;

namespace
{

struct Received {
    WireMessage::Kind kind;
    std::uint64_t offset;
    Response response;
};

struct Run {
    std::vector<Received> messages;
    bool failed = false;
    bool atBoundary = false;
};

/** cuts: each byte is the length of the next portion, 0 counting as 256; used again from the start when it ends. */
Run run(const QByteArray &bytes, const FragmenterLimits &limits, QByteArrayView cuts)
{
    Run result;
    Fragmenter fragmenter(limits);
    ResponseParser parser;
    qsizetype at = 0;
    for (std::size_t turn = 0; at < bytes.size(); ++turn) {
        qsizetype portion = bytes.size();
        if (!cuts.isEmpty()) {
            const auto cut = static_cast<unsigned char>(cuts[static_cast<qsizetype>(turn) % cuts.size()]);
            portion = cut == 0 ? 256 : cut;
        }
        portion = std::min(portion, bytes.size() - at);
        fragmenter.feed(bytes.sliced(at, portion));
        at += portion;
        while (const auto message = fragmenter.next())
            result.messages.push_back({message->kind, message->offset, parser.parse(*message)});
    }
    result.failed = fragmenter.isFailed();
    result.atBoundary = fragmenter.isAtMessageBoundary();
    return result;
}

void compare(const Run &whole, const Run &split)
{
    FUZZ_CHECK(whole.failed == split.failed);
    FUZZ_CHECK(whole.messages.size() == split.messages.size());
    for (std::size_t i = 0; i < whole.messages.size(); ++i) {
        FUZZ_CHECK(whole.messages[i].kind == split.messages[i].kind);
        FUZZ_CHECK(whole.messages[i].offset == split.messages[i].offset);
        FUZZ_CHECK(whole.messages[i].response == split.messages[i].response);
    }
    FUZZ_CHECK(whole.failed || whole.atBoundary == split.atBoundary);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    // The last bytes say how it is cut up, so that the seeds are plain transcripts.
    constexpr std::size_t cutBytes = 4;
    if (size < cutBytes)
        return 0;
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size - cutBytes));
    const QByteArrayView cuts(reinterpret_cast<const char *>(data + size - cutBytes), cutBytes);

    compare(run(bytes, {}, {}), run(bytes, {}, cuts));

    FragmenterLimits narrow;
    narrow.line = 100;
    narrow.numbersLine = 150;
    narrow.literal = 120;
    narrow.message = 250;
    narrow.literals = 3;
    narrow.skippable = 1000;
    narrow.detachFrom = 40;
    compare(run(bytes, narrow, {}), run(bytes, narrow, cuts));

    FragmenterLimits detaching;
    detaching.detachFrom = 1;
    const Run detached = run(bytes, detaching, cuts);
    const Run inlined = run(bytes, {}, {});
    FUZZ_CHECK(detached.messages.size() == inlined.messages.size());
    for (std::size_t i = 0; i < detached.messages.size(); ++i) {
        // What is kept as it came holds the literals that stood in it; where a message is rejected, how far it was read
        // counts them.
        const Response &value = inlined.messages[i].response;
        if (std::holds_alternative<Rejected>(value) || std::holds_alternative<UnknownData>(value))
            FUZZ_CHECK(detached.messages[i].response.index() == value.index());
        else if (detached.messages[i].response != value) {
            qWarning() << "inline:" << describe(value) << "detached:" << describe(detached.messages[i].response);
            FUZZ_CHECK(false);
        }
    }

    const QJsonObject json = describeStream(bytes);
    const qsizetype described
        = json[QStringLiteral("responses")].toArray().size() + json[QStringLiteral("rejected")].toArray().size();
    FUZZ_CHECK(described == static_cast<qsizetype>(inlined.messages.size()));
    return 0;
}
