// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/commandarguments.h"

namespace kittiwake::imap
{

SearchKey SearchKey::uids(UidSet set)
{
    SearchKey key(Kind::Uids);
    key.m_uids = std::move(set);
    return key;
}

SearchKey SearchKey::flag(QByteArray name, bool set)
{
    SearchKey key(set ? Kind::Flag : Kind::NotFlag);
    key.m_name = std::move(name);
    return key;
}

SearchKey SearchKey::header(QByteArray field, QByteArray text)
{
    SearchKey key(Kind::Header);
    key.m_name = std::move(field);
    key.m_text = std::move(text);
    return key;
}

SearchKey SearchKey::text(Kind kind, QByteArray text)
{
    SearchKey key(kind);
    key.m_text = std::move(text);
    return key;
}

SearchKey SearchKey::date(Kind kind, QDate date)
{
    SearchKey key(kind);
    key.m_date = date;
    return key;
}

SearchKey SearchKey::number(Kind kind, std::uint64_t value)
{
    SearchKey key(kind);
    key.m_number = value;
    return key;
}

SearchKey SearchKey::negated(SearchKey operand)
{
    SearchKey key(Kind::Not);
    key.m_operands.push_back(std::move(operand));
    return key;
}

SearchKey SearchKey::either(SearchKey left, SearchKey right)
{
    SearchKey key(Kind::Or);
    key.m_operands.push_back(std::move(left));
    key.m_operands.push_back(std::move(right));
    return key;
}

} // namespace kittiwake::imap
