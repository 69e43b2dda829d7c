// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a command is given, a server reads exactly one command of exactly the lines and literals that we meant
// (CVE-2026-42257, CVE-2026-47240).
#include "core/imap/codec/command.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <fuzzer/FuzzedDataProvider.h>

using namespace kittiwake;
using namespace kittiwake::imap;

namespace
{

/** Reads like a server: a line, then its literal, until a line has none. */
void checkFraming(const std::vector<CommandPiece> &pieces, const EncodingOptions &options)
{
    QByteArray bytes;
    std::vector<qsizetype> waits; // where a piece ended that waits for "+"
    for (const CommandPiece &piece : pieces) {
        FUZZ_CHECK(!piece.bytes.isEmpty());
        bytes += piece.bytes;
        if (piece.awaitContinuation)
            waits.push_back(bytes.size());
    }
    std::size_t wait = 0;
    qsizetype at = 0;
    while (true) {
        const qsizetype end = bytes.indexOf('\n', at);
        FUZZ_CHECK(end > at && bytes[end - 1] == '\r');
        const QByteArrayView line = QByteArrayView(bytes).sliced(at, end - 1 - at);
        FUZZ_CHECK(!line.contains('\r') && !line.contains('\0'));
        at = end + 1;
        if (!line.endsWith('}'))
            break;
        const bool atOnce = line.chopped(1).endsWith('+');
        const qsizetype open = line.lastIndexOf('{');
        if (open < 0)
            break; // an atom may end in "}", but never holds "{"
        const QByteArrayView digits = line.sliced(open + 1, line.size() - open - (atOnce ? 3 : 2));
        // The "{" may be one of a quoted string, and the "}" the end of an atom after it.
        if (digits.isEmpty() || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
            break;
        bool isNumber = false;
        const qsizetype size = digits.toByteArray().toLongLong(&isNumber);
        FUZZ_CHECK(isNumber && size >= 0);
        FUZZ_CHECK(!atOnce || options.literals == LiteralMode::Plus
                   || (options.literals == LiteralMode::Minus && size <= 4096));
        if (!atOnce) {
            FUZZ_CHECK(wait < waits.size() && waits[wait] == at);
            ++wait;
        }
        at += size;
        FUZZ_CHECK(at <= bytes.size());
    }
    FUZZ_CHECK(at == bytes.size());
    FUZZ_CHECK(wait == waits.size());
}

QByteArray bytesOf(FuzzedDataProvider &input)
{
    return QByteArray::fromStdString(input.ConsumeRandomLengthString(200));
}

mail::MailboxName nameOf(FuzzedDataProvider &input)
{
    mail::MailboxName name;
    if (input.ConsumeBool())
        name.wire = bytesOf(input);
    else
        name.text = QString::fromUtf8(bytesOf(input));
    return name;
}

mail::Flags flagsOf(FuzzedDataProvider &input)
{
    mail::Flags flags;
    flags.setSystemBits(input.ConsumeIntegral<std::uint8_t>());
    for (int i = input.ConsumeIntegralInRange(0, 3); i > 0; --i)
        flags.addByName(bytesOf(input));
    return flags;
}

UidSet uidsOf(FuzzedDataProvider &input)
{
    UidSet set;
    for (int i = input.ConsumeIntegralInRange(0, 4); i > 0; --i)
        set.addRange(Uid(input.ConsumeIntegral<std::uint32_t>()), Uid(input.ConsumeIntegral<std::uint32_t>()));
    return set;
}

SearchKey keyOf(FuzzedDataProvider &input)
{
    switch (input.ConsumeIntegralInRange(0, 6)) {
    case 0:
        return SearchKey::uids(uidsOf(input));
    case 1:
        return SearchKey::flag(bytesOf(input), input.ConsumeBool());
    case 2: {
        const QByteArray field = bytesOf(input);
        return SearchKey::header(field, bytesOf(input));
    }
    case 3:
        return SearchKey::text(static_cast<SearchKey::Kind>(input.ConsumeIntegralInRange(0, 19)), bytesOf(input));
    case 4:
        return SearchKey::date(SearchKey::Kind::Since, QDate::fromJulianDay(input.ConsumeIntegral<std::int32_t>()));
    case 5:
        return SearchKey::either(SearchKey::all(), SearchKey::negated(SearchKey::header("Subject", bytesOf(input))));
    default:
        return SearchKey::number(SearchKey::Kind::Larger, input.ConsumeIntegral<std::uint64_t>());
    }
}

Section sectionOf(FuzzedDataProvider &input)
{
    Section section = Section::headerFields({bytesOf(input), bytesOf(input)}, bytesOf(input));
    section.text = static_cast<Section::Text>(input.ConsumeIntegralInRange(0, 5));
    return section;
}

Command commandOf(FuzzedDataProvider &input)
{
    switch (input.ConsumeIntegralInRange(0, 13)) {
    case 0: {
        const QByteArray user = bytesOf(input);
        return Command::login(user, Secret(bytesOf(input)));
    }
    case 1: {
        const QByteArray mechanism = bytesOf(input);
        return Command::authenticate(mechanism, Secret(bytesOf(input)));
    }
    case 2: {
        const QByteArray name = bytesOf(input);
        return Command::id({{name, bytesOf(input)}});
    }
    case 3:
        return Command::enable({bytesOf(input)});
    case 4: {
        ListOptions options;
        options.selectSubscribed = input.ConsumeBool();
        options.returnChildren = input.ConsumeBool();
        const QByteArray pattern = bytesOf(input);
        return Command::list(pattern, options, bytesOf(input));
    }
    case 5: {
        SelectOptions options;
        if (input.ConsumeBool())
            options.qresync = QResyncParameters{UidValidity(7), ModSeq(9), uidsOf(input), {}, {}};
        return Command::select(nameOf(input), options);
    }
    case 6: {
        FetchItems items;
        items.flags = input.ConsumeBool();
        items.bodies.push_back({sectionOf(input), true, input.ConsumeBool(), FetchPartial{1, 2}});
        return Command::uidFetch(uidsOf(input), items);
    }
    case 7: {
        StoreChange change;
        change.flags = flagsOf(input);
        return Command::uidStore(uidsOf(input), change);
    }
    case 8:
        return Command::uidMove(uidsOf(input), nameOf(input));
    case 9:
        return Command::uidSearch({keyOf(input), keyOf(input)});
    case 10: {
        AppendOptions options;
        options.flags = flagsOf(input);
        options.internalDate = input.ConsumeIntegral<std::int64_t>();
        options.utf8 = input.ConsumeBool();
        const mail::MailboxName name = nameOf(input);
        return Command::append(name, bytesOf(input), options);
    }
    case 11: {
        const mail::MailboxName from = nameOf(input);
        return Command::rename(from, nameOf(input));
    }
    case 12: {
        NotifyGroup group;
        group.mailboxes = static_cast<NotifyGroup::Mailboxes>(input.ConsumeIntegralInRange(0, 6));
        group.names.push_back(nameOf(input));
        group.events = input.ConsumeIntegral<std::uint8_t>();
        return Command::notifySet({group});
    }
    default:
        return Command::status(nameOf(input), {StatusItem::Messages, StatusItem::UidNext});
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    FuzzedDataProvider input(data, size);
    EncodingOptions options;
    options.literals = static_cast<LiteralMode>(input.ConsumeIntegralInRange(0, 2));
    options.utf8 = input.ConsumeBool();
    options.binary = input.ConsumeBool();
    const Command command = commandOf(input);
    const QByteArray log = command.logText();
    FUZZ_CHECK(!log.contains('\n') && !log.contains('\r') && !log.contains('\0'));
    const auto pieces = command.encode("A1", options);
    if (pieces)
        checkFraming(*pieces, options);
    else
        FUZZ_CHECK(pieces.error().kind == ErrorKind::Input && !pieces.error().userText.isEmpty());
    return 0;
}
