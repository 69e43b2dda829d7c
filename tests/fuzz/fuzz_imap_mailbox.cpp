// SPDX-License-Identifier: GPL-3.0-or-later
// A mailbox can be opened under the very bytes under which it was listed, and every text survives modified UTF-7.
#include "core/imap/codec/mailboxcodec.h"
#include "core/imap/codec/sequenceset.h"
#include "tests/fuzz/check.h"

using namespace kittiwake;
using namespace kittiwake::imap;

namespace
{

void checkName(const QByteArray &wire, MailboxEncoding encoding)
{
    const mail::MailboxName name = decodeMailbox(wire, encoding);
    const QByteArray again = encodeMailbox(name, encoding);
    FUZZ_CHECK(again == wire || (name.isInbox() && wire.toUpper() == "INBOX"));
    FUZZ_CHECK(decodeMailbox(again, encoding) == name);
    FUZZ_CHECK(!name.text.contains(QChar(u'\0')));
    FUZZ_CHECK(name.text.isValidUtf16());
    FUZZ_CHECK(!name.isInbox() || name.wire.isEmpty());
}

void checkText(const QString &text)
{
    const QByteArray wire = encodeModifiedUtf7(text);
    for (const char c : wire)
        FUZZ_CHECK(c >= 0x20 && c < 0x7f);
    const auto decoded = decodeModifiedUtf7(wire);
    FUZZ_CHECK(decoded);
    FUZZ_CHECK(*decoded == text || !text.isValidUtf16() || text.contains(QChar(u'\0')));
}

void checkSet(QByteArrayView text)
{
    const auto set = SequenceSet::parse(text);
    if (!set)
        return;
    FUZZ_CHECK(!set->isEmpty());
    FUZZ_CHECK(SequenceSet::parse(set->toBytes()) == set);
    SequenceSet joined;
    for (const SequenceSet &piece : set->split(25)) {
        FUZZ_CHECK(piece.toBytes().size() <= 25);
        joined.unite(piece);
    }
    FUZZ_CHECK(joined == *set);
    SequenceSet none = *set;
    none.subtract(*set);
    FUZZ_CHECK(none.isEmpty());
    SequenceSet same = *set;
    same.intersect(*set);
    FUZZ_CHECK(same == *set);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    checkName(bytes, MailboxEncoding::ModifiedUtf7);
    checkName(bytes, MailboxEncoding::Utf8);
    checkText(QString::fromUtf8(bytes));
    QString units;
    for (std::size_t i = 0; i + 1 < size; i += 2)
        units += QChar(static_cast<char16_t>(data[i] << 8 | data[i + 1]));
    checkText(units);
    checkSet(bytes);
    return 0;
}
