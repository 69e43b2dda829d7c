// SPDX-License-Identifier: GPL-3.0-or-later
// Every value that the parser returns can be written, and what was written parses to the same value.
#include "core/imap/codec/fragmenter.h"
#include "core/imap/codec/responsejson.h"
#include "core/imap/codec/responseparser.h"
#include "core/imap/codec/responsewriter.h"
#include "tests/fuzz/check.h"

#include <QDebug>

using namespace kittiwake::imap;

namespace
{

void checkRoundTrip(const Response &response, const WriterOptions &options, ParserOptions parserOptions)
{
    const QByteArray bytes = write(response, options);
    if (std::holds_alternative<Rejected>(response)) {
        FUZZ_CHECK(bytes.isEmpty());
        return;
    }
    Fragmenter fragmenter;
    fragmenter.feed(bytes);
    const auto message = fragmenter.next();
    FUZZ_CHECK(message);
    FUZZ_CHECK(message->kind == WireMessage::Kind::Complete);
    ResponseParser parser(parserOptions);
    const Response again = parser.parse(*message);
    if (again != response)
        qWarning() << "written:" << bytes << "value:" << describe(response) << "read:" << describe(again);
    FUZZ_CHECK(again == response);
    FUZZ_CHECK(!fragmenter.next());
    FUZZ_CHECK(fragmenter.isAtMessageBoundary());
}

void check(const QByteArray &bytes, bool utf8)
{
    const ParserOptions parserOptions{utf8};
    WriterOptions options;
    options.mailboxes = utf8 ? MailboxEncoding::Utf8 : MailboxEncoding::ModifiedUtf7;
    Fragmenter fragmenter;
    ResponseParser parser(parserOptions);
    fragmenter.feed(bytes);
    while (const auto message = fragmenter.next()) {
        const Response response = parser.parse(*message);
        options.alwaysLiterals = false;
        checkRoundTrip(response, options, parserOptions);
        options.alwaysLiterals = true;
        checkRoundTrip(response, options, parserOptions);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    check(bytes, false);
    check(bytes, true);
    return 0;
}
