// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/responserules.h"

#include <type_traits>

namespace kittiwake::imap
{

namespace
{

bool isSelect(CommandKind kind)
{
    return kind == CommandKind::Select || kind == CommandKind::Examine;
}

/** Control characters as "?", so that a line stays a line. */
QByteArray oneLine(QByteArrayView text, qsizetype limit)
{
    QByteArray result = text.first(qMin(text.size(), limit)).toByteArray();
    for (char &character : result) {
        if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f)
            character = '?';
    }
    if (text.size() > limit)
        result += "…";
    return result;
}

} // namespace

bool mayAnswerWith(CommandKind kind, const ResponseCode &code)
{
    return std::visit(
        [kind](const auto &value) {
            using Code = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Code, AppendUidCode>)
                return kind == CommandKind::Append || kind == CommandKind::Replace;
            else if constexpr (std::is_same_v<Code, CopyUidCode>)
                return kind == CommandKind::Copy || kind == CommandKind::Move;
            else if constexpr (std::is_same_v<Code, ModifiedCode>)
                return kind == CommandKind::Store;
            else if constexpr (std::is_same_v<Code, CapabilityCode>)
                return kind == CommandKind::Authenticate || kind == CommandKind::Login;
            else if constexpr (std::is_same_v<Code, BadCharsetCode>)
                return kind == CommandKind::Search;
            else if constexpr (std::is_same_v<Code, MailboxIdCode>)
                return isSelect(kind) || kind == CommandKind::Create;
            else if constexpr (std::is_same_v<Code, HighestModSeqCode>)
                // RFC 7162 sections 3.2.7 and 3.1.2.1, RFC 6851 section 4.4.
                return isSelect(kind) || kind == CommandKind::Expunge || kind == CommandKind::Move
                    || kind == CommandKind::Replace || kind == CommandKind::Close || kind == CommandKind::Store
                    || kind == CommandKind::Fetch;
            else if constexpr (std::is_same_v<Code, PermanentFlagsCode> || std::is_same_v<Code, UidNextCode>
                               || std::is_same_v<Code, UidValidityCode> || std::is_same_v<Code, UnseenCode>)
                return isSelect(kind);
            else if constexpr (std::is_same_v<Code, SimpleCode>)
                return (value != SimpleCode::ReadOnly && value != SimpleCode::ReadWrite) || isSelect(kind);
            else
                return true;
        },
        code);
}

bool merge(MailboxUpdate &last, MailboxUpdate &next)
{
    if (auto *arrived = std::get_if<Arrived>(&last)) {
        const auto *more = std::get_if<Arrived>(&next);
        if (more == nullptr)
            return false;
        arrived->exists = more->exists;
        return true;
    }
    if (auto *vanished = std::get_if<Vanished>(&last)) {
        const auto *more = std::get_if<Vanished>(&next);
        if (more == nullptr)
            return false;
        vanished->uids.unite(more->uids);
        vanished->unknown += more->unknown;
        vanished->exists = more->exists;
        return true;
    }
    return false;
}

QByteArray traceLine(const WireMessage &message, const Response &response, bool signingIn)
{
    if (const auto *fetch = std::get_if<FetchData>(&response)) {
        QByteArray line = "* " + QByteArray::number(fetch->sequence) + " FETCH (";
        if (fetch->uid.isValid())
            line += "UID " + QByteArray::number(fetch->uid.value()) + ' ';
        if (fetch->flags)
            line += "FLAGS (" + oneLine(fetch->flags->names().join(' '), 200) + ") ";
        qsizetype size = message.text.size();
        for (const DetachedLiteral &literal : message.literals)
            size += literal.bytes.size();
        return line + "… " + QByteArray::number(size) + " bytes)";
    }
    if (signingIn && std::holds_alternative<ContinuationRequest>(response))
        return QByteArrayLiteral("+ (SASL challenge)");
    // What FETCH holds of a message may also stand in what could not be parsed.
    if (std::holds_alternative<Rejected>(response))
        return "(dropped) " + oneLine(message.text, 60);
    return oneLine(message.text, 1000);
}

} // namespace kittiwake::imap
