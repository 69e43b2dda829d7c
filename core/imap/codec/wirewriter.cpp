// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/wirewriter.h"

#include <algorithm>

namespace kittiwake::imap
{

namespace
{

constexpr qsizetype longestQuoted = 1000;

bool isQuotable(QByteArrayView text)
{
    return text.size() <= longestQuoted
        && std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool isSimpleAtom(QByteArrayView text)
{
    return !text.isEmpty() && text.compare("NIL", Qt::CaseInsensitive) != 0
        && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/'
                   || c == '_' || c == '-';
           });
}

} // namespace

WireWriter &WireWriter::string(QByteArrayView value)
{
    if (m_options.alwaysLiterals || !isQuotable(value))
        return literal(value);
    m_bytes += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\')
            m_bytes += '\\';
        m_bytes += c;
    }
    m_bytes += '"';
    return *this;
}

WireWriter &WireWriter::literal(QByteArrayView value)
{
    return raw("{").number(static_cast<std::uint64_t>(value.size())).raw("}\r\n").raw(value);
}

WireWriter &WireWriter::astring(QByteArrayView value)
{
    return !m_options.alwaysLiterals && isSimpleAtom(value) ? raw(value) : string(value);
}

WireWriter &WireWriter::mailbox(const mail::MailboxName &name)
{
    return astring(encodeMailbox(name, m_options.mailboxes));
}

WireWriter &WireWriter::delimiter(QChar delimiter)
{
    if (delimiter.isNull())
        return raw("NIL");
    const char byte = delimiter.toLatin1();
    return string({&byte, 1});
}

WireWriter &WireWriter::strings(const QByteArrayList &values)
{
    raw("(");
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (i > 0)
            raw(" ");
        astring(values[i]);
    }
    return raw(")");
}

WireWriter &WireWriter::ranges(const NumberRanges &ranges)
{
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (i > 0)
            raw(",");
        number(ranges[i].first);
        if (ranges[i].last != ranges[i].first)
            raw(":").number(ranges[i].last);
    }
    return *this;
}

QByteArray WireWriter::takeLine()
{
    raw("\r\n");
    return std::exchange(m_bytes, {});
}

} // namespace kittiwake::imap
