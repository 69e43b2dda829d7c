// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/responsecode.h"

#include "core/imap/codec/fetchdecoder.h"
#include "core/imap/codec/responsedecoder.h"

#include <array>
#include <limits>
#include <utility>

namespace kittiwake::imap
{

namespace
{

constexpr std::array<std::pair<SimpleCode, const char *>, 34> simpleCodes{{
    {SimpleCode::Alert, "ALERT"},
    {SimpleCode::AlreadyExists, "ALREADYEXISTS"},
    {SimpleCode::AuthenticationFailed, "AUTHENTICATIONFAILED"},
    {SimpleCode::AuthorizationFailed, "AUTHORIZATIONFAILED"},
    {SimpleCode::Cannot, "CANNOT"},
    {SimpleCode::ClientBug, "CLIENTBUG"},
    {SimpleCode::Closed, "CLOSED"},
    {SimpleCode::CompressionActive, "COMPRESSIONACTIVE"},
    {SimpleCode::ContactAdmin, "CONTACTADMIN"},
    {SimpleCode::Corruption, "CORRUPTION"},
    {SimpleCode::Expired, "EXPIRED"},
    {SimpleCode::ExpungeIssued, "EXPUNGEISSUED"},
    {SimpleCode::HasChildren, "HASCHILDREN"},
    {SimpleCode::InUse, "INUSE"},
    {SimpleCode::Limit, "LIMIT"},
    {SimpleCode::NoModSeq, "NOMODSEQ"},
    {SimpleCode::NonExistent, "NONEXISTENT"},
    {SimpleCode::NoPerm, "NOPERM"},
    {SimpleCode::NotificationOverflow, "NOTIFICATIONOVERFLOW"},
    {SimpleCode::NotSaved, "NOTSAVED"},
    {SimpleCode::OverQuota, "OVERQUOTA"},
    {SimpleCode::Parse, "PARSE"},
    {SimpleCode::PrivacyRequired, "PRIVACYREQUIRED"},
    {SimpleCode::ReadOnly, "READ-ONLY"},
    {SimpleCode::ReadWrite, "READ-WRITE"},
    {SimpleCode::ServerBug, "SERVERBUG"},
    {SimpleCode::Throttled, "THROTTLED"},
    {SimpleCode::TooBig, "TOOBIG"},
    {SimpleCode::TryCreate, "TRYCREATE"},
    {SimpleCode::UidNotSticky, "UIDNOTSTICKY"},
    {SimpleCode::UidRequired, "UIDREQUIRED"},
    {SimpleCode::Unavailable, "UNAVAILABLE"},
    {SimpleCode::UnknownCte, "UNKNOWN-CTE"},
    {SimpleCode::UseAttr, "USEATTR"},
}};

constexpr int maximumCharsets = 1000;

std::optional<SimpleCode> simpleCode(QByteArrayView name)
{
    for (const auto &[code, spelled] : simpleCodes) {
        if (isWord(name, spelled))
            return code;
    }
    return std::nullopt;
}

/** The words of code arguments that hold no strings. */
std::vector<QByteArrayView> wordsOf(QByteArrayView arguments)
{
    std::vector<QByteArrayView> words;
    qsizetype at = 0;
    while (at < arguments.size()) {
        if (arguments[at] == ' ') {
            ++at;
            continue;
        }
        qsizetype end = at;
        while (end < arguments.size() && arguments[end] != ' ')
            ++end;
        words.push_back(arguments.sliced(at, end - at));
        at = end;
    }
    return words;
}

std::optional<std::uint64_t> wholeNumber(QByteArrayView word, std::uint64_t maximum)
{
    Decoder decoder(word);
    std::uint64_t value = 0;
    if (!decoder.number(value, maximum) || !decoder.atEnd())
        return std::nullopt;
    return value;
}

std::optional<std::uint32_t> number32(QByteArrayView word)
{
    const auto value = wholeNumber(word, std::numeric_limits<std::uint32_t>::max());
    if (!value)
        return std::nullopt;
    return static_cast<std::uint32_t>(*value);
}

std::optional<ResponseCode> copyUid(const std::vector<QByteArrayView> &words)
{
    const auto validity = words.empty() ? std::nullopt : number32(words[0]);
    if (!validity)
        return std::nullopt;
    CopyUidCode code{UidValidity(*validity), {}, {}};
    if (words.size() == 1)
        return code; // Exchange, when nothing was copied: "[COPYUID 38 ]" (MailKit issue 555)
    auto source = words.size() == 3 ? SequenceSet::parseRanges(words[1]) : std::nullopt;
    auto destination = words.size() == 3 ? SequenceSet::parseRanges(words[2]) : std::nullopt;
    if (!source || !destination)
        return std::nullopt;
    code.source = std::move(*source);
    code.destination = std::move(*destination);
    return code;
}

std::optional<ResponseCode> appendUid(const std::vector<QByteArrayView> &words)
{
    const auto validity = words.size() == 2 ? number32(words[0]) : std::nullopt;
    auto uids = words.size() == 2 ? SequenceSet::parseRanges(words[1]) : std::nullopt;
    if (!validity || !uids)
        return std::nullopt;
    return AppendUidCode{UidValidity(*validity), std::move(*uids)};
}

std::optional<ResponseCode> mailboxId(QByteArrayView arguments)
{
    const QByteArray id = arguments.toByteArray().trimmed();
    if (id.size() < 3 || !id.startsWith('(') || !id.endsWith(')') || id.contains(' '))
        return std::nullopt;
    return MailboxIdCode{id.sliced(1, id.size() - 2)};
}

std::optional<ResponseCode> messageLimit(const std::vector<QByteArrayView> &words)
{
    const auto limit = words.empty() || words.size() > 2 ? std::nullopt : number32(words[0]);
    const auto uid = words.size() == 2 ? number32(words[1]) : std::optional<std::uint32_t>(0);
    if (!limit || !uid)
        return std::nullopt;
    return MessageLimitCode{*limit, Uid(*uid)};
}

/** Codes whose arguments are words: no strings, no "]" in them. */
std::optional<ResponseCode> codeOfWords(QByteArrayView name, QByteArrayView arguments)
{
    const std::vector<QByteArrayView> words = wordsOf(arguments);
    if (isWord(name, "CAPABILITY")) {
        CapabilityCode code;
        for (const QByteArrayView word : words)
            code.names.append(word.toByteArray().toUpper());
        return code;
    }
    if (isWord(name, "COPYUID"))
        return copyUid(words);
    if (isWord(name, "APPENDUID"))
        return appendUid(words);
    if (isWord(name, "MAILBOXID"))
        return mailboxId(arguments);
    if (isWord(name, "MESSAGELIMIT"))
        return messageLimit(words);
    if (words.size() != 1)
        return std::nullopt;
    if (isWord(name, "UIDVALIDITY")) {
        if (const auto value = number32(words[0]))
            return UidValidityCode{UidValidity(*value)};
    } else if (isWord(name, "UIDNEXT")) {
        if (const auto value = number32(words[0]))
            return UidNextCode{Uid(*value)};
    } else if (isWord(name, "UNSEEN")) {
        if (const auto value = number32(words[0]))
            return UnseenCode{*value};
    } else if (isWord(name, "HIGHESTMODSEQ")) {
        if (words[0].front() == '-')
            return HighestModSeqCode{}; // Zoho
        if (const auto value = wholeNumber(words[0], std::numeric_limits<std::int64_t>::max()))
            return HighestModSeqCode{ModSeq(*value)};
    } else if (isWord(name, "MODIFIED")) {
        if (auto set = SequenceSet::parse(words[0], SequenceSet::Star::Refused))
            return ModifiedCode{std::move(*set)};
    }
    return std::nullopt;
}

/** Codes whose arguments hold strings or flags, which may hold a "]". */
std::optional<ResponseCode> codeOfValues(Decoder &decoder, QByteArrayView name)
{
    decoder.spaces();
    if (isWord(name, "PERMANENTFLAGS")) {
        PermanentFlagsCode code;
        if (expectFlagList(decoder, code.flags, &code.newKeywords))
            return code;
    } else if (isWord(name, "BADCHARSET")) {
        BadCharsetCode code;
        if (decoder.peek() == ']' || decoder.expectStringList(code.charsets, maximumCharsets))
            return code;
    } else if (isWord(name, "INPROGRESS")) {
        InProgressCode code;
        if (!decoder.enter())
            return code;
        const auto expectCount = [&](std::optional<std::uint32_t> &count) {
            decoder.spaces();
            std::uint32_t value = 0;
            if (decoder.peek() == ')' || decoder.nil())
                return true;
            if (!decoder.expectNumber(value))
                return false;
            count = value;
            return true;
        };
        if (decoder.expectNString(code.tag) && expectCount(code.done) && expectCount(code.total)
            && decoder.expectLeave())
            return code;
    }
    return std::nullopt;
}

/** Where the code ends: the "]" outside quotes, else the first one; -1 if there is none. */
qsizetype endOfCode(QByteArrayView text)
{
    bool quoted = false;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] == '"')
            quoted = !quoted;
        else if (text[at] == '\\' && quoted)
            ++at;
        else if (text[at] == ']' && !quoted)
            return at;
    }
    return text.indexOf(']');
}

bool takeCode(Decoder &decoder, ResponseCode &code)
{
    Decoder attempt = decoder;
    if (!attempt.special('['))
        return false;
    QByteArrayView name;
    attempt.keyword(name);
    Decoder values = attempt;
    if (auto known = codeOfValues(values, name)) {
        values.spaces();
        if (values.special(']')) {
            code = std::move(*known);
            decoder = values;
            return true;
        }
    }
    const QByteArrayView rest = attempt.rest();
    const qsizetype end = endOfCode(rest);
    if (end < 0)
        return false;
    const QByteArray arguments = oneLine(rest.first(end));
    attempt.skip(end + 1);
    decoder = attempt;
    const auto simple = simpleCode(name);
    if (auto known = codeOfWords(name, arguments))
        code = std::move(*known);
    else if (simple && arguments.trimmed().isEmpty())
        code = *simple;
    else
        code = UnknownCode{name.toByteArray().toUpper(), arguments.mid(arguments.startsWith(' ') ? 1 : 0)};
    return true;
}

} // namespace

QByteArray simpleCodeName(SimpleCode code)
{
    for (const auto &[known, name] : simpleCodes) {
        if (known == code)
            return name;
    }
    return {};
}

Uid CopyUidCode::destinationOf(Uid uid) const
{
    if (!isConsistent())
        return {};
    std::uint64_t index = 0;
    bool found = false;
    for (const NumberRange &range : source) {
        if (uid.value() >= range.first && uid.value() <= range.last) {
            index += uid.value() - range.first;
            found = true;
            break;
        }
        index += range.count();
    }
    if (!found)
        return {};
    for (const NumberRange &range : destination) {
        if (index < range.count())
            return Uid(range.first + static_cast<std::uint32_t>(index));
        index -= range.count();
    }
    return {};
}

void decodeStatusText(Decoder &decoder, StatusResponse &status)
{
    decoder.space();
    if (decoder.peek() == '[' && takeCode(decoder, status.code))
        decoder.space();
    status.text = oneLine(withoutPadding(decoder.rest()));
}

} // namespace kittiwake::imap
