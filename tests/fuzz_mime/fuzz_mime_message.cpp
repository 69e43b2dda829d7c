// SPDX-License-Identifier: GPL-3.0-or-later
// A whole message -> what the reader shows, and its JSON. Nothing may crash; what comes out keeps its promises.
#include "core/mime/content.h"
#include "core/mime/messagejson.h"
#include "core/mime/parsedmessage.h"
#include "tests/fuzz/check.h"

using namespace kittiwake::mime;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray message(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const MessageContent content = contentOfMessage(message);
    FUZZ_CHECK(content.html.isEmpty() || content.html.startsWith(QLatin1String("<!DOCTYPE html>")));
    FUZZ_CHECK(content.attachments.size() <= ContentLimits::parts);
    for (const Attachment &attachment : content.attachments) {
        FUZZ_CHECK(!attachment.fileName.isEmpty() && !attachment.section.isEmpty());
        FUZZ_CHECK(!attachment.fileName.contains(u'/') && !attachment.fileName.contains(u'\\'));
        FUZZ_CHECK(!attachment.fileName.startsWith(u'.'));
        for (const QChar c : attachment.fileName)
            FUZZ_CHECK(c.unicode() >= 0x20 && (c.unicode() < 0x202A || c.unicode() > 0x202E));
    }
    for (const InlineImage &image : content.inlineImages)
        FUZZ_CHECK(image.mimeType.startsWith("image/") && !image.mimeType.contains("svg"));

    // Each part lies within the message, and what the plan asks for is there.
    const ParsedMessage parsed(message);
    for (const QByteArray &section : planReading(parsed.structure()).sections())
        FUZZ_CHECK(parsed.bodies({section}).contains(section));
    FUZZ_CHECK(!messageToJson(message).isEmpty());
    FUZZ_CHECK(!renderToJson(message).isEmpty());
    return 0;
}
