// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of SEARCH.
#include "core/imap/codec/commandbuilder.h"

namespace kittiwake::imap
{

namespace
{

constexpr int deepestSearch = 50;

} // namespace

void CommandBuilder::flagKey(const SearchKey &key)
{
    const bool set = key.kind() == SearchKey::Kind::Flag;
    if (!key.name().startsWith('\\')) {
        text(set ? "KEYWORD " : "UNKEYWORD ").atom(key.name());
        return;
    }
    const auto flag = mail::Flags::systemFlag(key.name());
    if (!flag) {
        refuse("a system flag is unknown");
        return;
    }
    switch (*flag) {
    case mail::SystemFlag::Seen:
        text(set ? "SEEN" : "UNSEEN");
        break;
    case mail::SystemFlag::Answered:
        text(set ? "ANSWERED" : "UNANSWERED");
        break;
    case mail::SystemFlag::Flagged:
        text(set ? "FLAGGED" : "UNFLAGGED");
        break;
    case mail::SystemFlag::Deleted:
        text(set ? "DELETED" : "UNDELETED");
        break;
    case mail::SystemFlag::Draft:
        text(set ? "DRAFT" : "UNDRAFT");
        break;
    case mail::SystemFlag::Recent:
        text(set ? "RECENT" : "OLD");
        break;
    }
}

CommandBuilder &CommandBuilder::searchKey(const SearchKey &key, int depth)
{
    using Kind = SearchKey::Kind;
    if (depth > deepestSearch)
        return refuse("a search is nested too deep");
    if (key.operands().size() != (key.kind() == Kind::Or ? 2u : key.kind() == Kind::Not ? 1u : 0u))
        return refuse("a search key lacks its operand");
    switch (key.kind()) {
    case Kind::All:
        return text("ALL");
    case Kind::Uids:
        return text("UID ").set(key.uidSet());
    case Kind::Flag:
    case Kind::NotFlag:
        flagKey(key);
        return *this;
    case Kind::Header:
        return text("HEADER ").atom(key.name()).text(" ").string(key.textValue());
    case Kind::From:
        return text("FROM ").string(key.textValue());
    case Kind::To:
        return text("TO ").string(key.textValue());
    case Kind::Cc:
        return text("CC ").string(key.textValue());
    case Kind::Subject:
        return text("SUBJECT ").string(key.textValue());
    case Kind::Body:
        return text("BODY ").string(key.textValue());
    case Kind::Text:
        return text("TEXT ").string(key.textValue());
    case Kind::Since:
        return text("SINCE ").date(key.dateValue());
    case Kind::Before:
        return text("BEFORE ").date(key.dateValue());
    case Kind::SentSince:
        return text("SENTSINCE ").date(key.dateValue());
    case Kind::SentBefore:
        return text("SENTBEFORE ").date(key.dateValue());
    case Kind::Larger:
        return text("LARGER ").number(key.numberValue());
    case Kind::Smaller:
        return text("SMALLER ").number(key.numberValue());
    case Kind::ModSeqSince:
        return text("MODSEQ ").number(key.numberValue());
    case Kind::Not:
        return text("NOT ").searchKey(key.operands()[0], depth + 1);
    case Kind::Or:
        return text("OR ").searchKey(key.operands()[0], depth + 1).text(" ").searchKey(key.operands()[1], depth + 1);
    }
    return *this;
}

} // namespace kittiwake::imap
