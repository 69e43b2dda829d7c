// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/section.h"

#include <algorithm>

namespace kittiwake::imap
{

namespace
{

bool isPartNumber(const QByteArray &part)
{
    bool digitBefore = false;
    for (const char c : part) {
        if (c >= '0' && c <= '9')
            digitBefore = true;
        else if (c == '.' && digitBefore)
            digitBefore = false;
        else
            return false;
    }
    return digitBefore;
}

/** field-name of RFC 5322 section 3.6.8 which is an atom of IMAP too. */
bool isFieldName(const QByteArray &name)
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != ':' && c != '(' && c != ')' && c != '{' && c != '%' && c != '*' && c != '"'
            && c != '\\' && c != ']';
    });
}

const char *nameOf(Section::Text text)
{
    switch (text) {
    case Section::Text::All:
        return "";
    case Section::Text::Header:
        return "HEADER";
    case Section::Text::HeaderFields:
        return "HEADER.FIELDS";
    case Section::Text::HeaderFieldsNot:
        return "HEADER.FIELDS.NOT";
    case Section::Text::BodyText:
        return "TEXT";
    case Section::Text::Mime:
        return "MIME";
    }
    return "";
}

} // namespace

Section Section::headerFields(const QByteArrayList &names, QByteArray ofPart)
{
    Section section{std::move(ofPart), Text::HeaderFields, {}};
    section.fields.reserve(names.size());
    for (const QByteArray &name : names)
        section.fields.append(name.toUpper());
    std::sort(section.fields.begin(), section.fields.end());
    section.fields.erase(std::unique(section.fields.begin(), section.fields.end()), section.fields.end());
    return section;
}

bool Section::isValid() const
{
    if (!part.isEmpty() && !isPartNumber(part))
        return false;
    if (text == Text::Mime && part.isEmpty())
        return false;
    const bool hasFields = text == Text::HeaderFields || text == Text::HeaderFieldsNot;
    return hasFields == !fields.isEmpty() && std::all_of(fields.begin(), fields.end(), isFieldName);
}

QByteArray Section::toBytes() const
{
    QByteArray bytes = part;
    if (text == Text::All)
        return bytes;
    if (!bytes.isEmpty())
        bytes += '.';
    bytes += nameOf(text);
    if (!fields.isEmpty())
        bytes += " (" + fields.join(' ') + ')';
    return bytes;
}

} // namespace kittiwake::imap
