// SPDX-License-Identifier: GPL-3.0-or-later
// The body of a plain text -> what the view shows of it: transfer encoding, charset, flow, lines, folds. The first byte
// chooses encoding and charset.
#include "core/mime/bodycharset.h"
#include "core/mime/content.h"
#include "core/mime/partdecoder.h"
#include "core/mime/plaintext.h"
#include "core/mime/textlines.h"
#include "tests/fuzz/check.h"

using namespace kittiwake::mime;

namespace
{

void checkPieces(const QByteArray &encoding, const QByteArray &bytes)
{
    PartDecoder decoder(encoding);
    QByteArray decoded;
    qsizetype at = 0;
    for (qsizetype piece = 1; at < bytes.size(); piece = piece % 7 + 1) {
        decoded += decoder.feed(bytes.mid(at, piece));
        at += piece;
    }
    decoded += decoder.finish();
    FUZZ_CHECK(decoded == decodePart(encoding, bytes));
}

void checkLines(const QString &text)
{
    const ArrangedText arranged = arrangeText(text);
    FUZZ_CHECK(QString(arranged.text).remove(u'\n') == QString(text).remove(u'\n'));
    FUZZ_CHECK(static_cast<qsizetype>(arranged.lines.size()) == arranged.text.count(u'\n') + 1);
    int before = -1;
    for (const TextFold &fold : findFolds(arranged.lines)) {
        FUZZ_CHECK(fold.first > before && fold.last > fold.first);
        FUZZ_CHECK(static_cast<std::size_t>(fold.last) < arranged.lines.size());
        FUZZ_CHECK(arranged.lines[static_cast<std::size_t>(fold.first)].depth > 0);
        FUZZ_CHECK(arranged.lines[static_cast<std::size_t>(fold.last)].depth > 0);
        before = fold.first;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    static const QByteArrayList encodings{"7bit", "base64", "quoted-printable"};
    static const QByteArrayList charsets
        = QByteArrayList{"", "us-ascii", "x-unknown", "utf-7", "iso-8859-1"} + offeredCharsets();
    const QByteArray bytes(reinterpret_cast<const char *>(data) + 1, static_cast<qsizetype>(size) - 1);
    const QByteArray &encoding = encodings[data[0] % encodings.size()];
    const QByteArray &charset = charsets[data[0] / encodings.size() % charsets.size()];
    checkPieces(encoding, bytes);
    const QByteArray decoded = decodePart(encoding, bytes);
    FUZZ_CHECK(!guessCharset(decoded).isEmpty());
    for (const BodyText &read : {readBody(charset, decoded), readBodyIn(charset, decoded)}) {
        const QString text = normaliseText(read.text);
        for (const QChar c : text)
            FUZZ_CHECK(c.unicode() >= 0x20 || c == u'\n' || c == u'\t');
        checkLines(text);
        checkLines(joinFlowedLines(text, (data[0] & 1) != 0));
    }
    return 0;
}
