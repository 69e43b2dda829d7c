// SPDX-License-Identifier: GPL-3.0-or-later
// Header values -> text, addresses, dates, ids. The text is fit for one line whatever came in.
#include "core/mime/contenttype.h"
#include "core/mime/filename.h"
#include "core/mime/headers.h"
#include "tests/fuzz/check.h"

using namespace kittiwake;
using namespace kittiwake::mime;

namespace
{

void checkLine(const QString &line)
{
    FUZZ_CHECK(line.size() <= HeaderLimits::characters);
    FUZZ_CHECK(line.isValidUtf16());
    FUZZ_CHECK(line == line.trimmed());
    for (const QChar c : line) {
        const char16_t unit = c.unicode();
        FUZZ_CHECK(unit >= 0x20 && unit != 0x7F && unit != 0xA0 && unit != 0x2800 && unit != 0x3164);
        FUZZ_CHECK((unit < 0x202A || unit > 0x202E) && (unit < 0x2066 || unit > 0x2069) && unit != 0x200E
                   && unit != 0x200F);
    }
    FUZZ_CHECK(!line.contains(QLatin1String("  ")));
    FUZZ_CHECK(displayLine(line) == line);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray value(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    checkLine(decodeHeaderText(value));
    for (const mail::Address &address : parseAddressList(value)) {
        checkLine(address.name);
        FUZZ_CHECK(!address.address.contains(u'\n') && !address.address.contains(u'\r'));
        static_cast<void>(nameImitatesAddress(address));
    }
    const qsizetype half = value.size() / 2;
    const auto addresses
        = decodeAddresses({{value.first(half), value.sliced(half), value.sliced(half / 2)}, {value, value, {}}});
    for (const mail::Address &address : addresses)
        checkLine(address.name);
    if (const auto date = parseDate(value))
        FUZZ_CHECK(*date >= 0 && *date < 7258118400);
    for (const QByteArray &id : parseMessageIds(value))
        FUZZ_CHECK(id.startsWith('<') && id.endsWith('>') && !id.contains('\n'));
    for (const HeaderField &field : parseHeaderBlock(value))
        FUZZ_CHECK(!field.name.isEmpty() && !field.value.contains('\n'));

    mail::BodyPart part;
    part.dispositionParameters = parseParameterisedValue(value).parameters;
    const QString name = attachmentName(part);
    FUZZ_CHECK(!name.isEmpty() && safeFileName(name) == name);

    mail::Envelope envelope;
    envelope.date = envelope.subject = envelope.messageId = envelope.inReplyTo = value;
    const mail::MessageHeader header
        = makeMessageHeader(Uid(1), {}, 1577880000, 1, envelope, &part, QByteArray("References: " + value));
    FUZZ_CHECK(header.references.size() <= HeaderLimits::references);
    checkLine(header.subject);
    return 0;
}
