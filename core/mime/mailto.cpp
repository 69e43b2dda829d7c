// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/mailto.h"

#include "core/mime/headers.h"
#include "core/mime/plaintext.h"

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype longestUri = 64 * 1024;
constexpr QByteArrayView scheme = "mailto:";

/** "+" is a plus (RFC 6068 section 5), unlike in forms. */
QByteArray decoded(QByteArrayView text)
{
    return QByteArray::fromPercentEncoding(text.toByteArray());
}

/** Each of them is decoded by itself, so that a comma that was encoded stays within its address. */
void addAddresses(mail::AddressList &to, QByteArrayView list)
{
    for (const QByteArray &one : list.toByteArray().split(',')) {
        const QByteArray address = decoded(one).trimmed();
        if (address.isEmpty())
            continue;
        for (mail::Address &found : parseAddressList(address)) {
            if (found.isValid() && to.size() < HeaderLimits::addresses)
                to.push_back(std::move(found));
        }
    }
}

} // namespace

std::optional<Composition> parseMailto(const QByteArray &uri)
{
    if (uri.size() > longestUri || !uri.first(std::min(uri.size(), scheme.size())).toLower().startsWith(scheme))
        return {};
    Composition result;
    const QByteArrayView rest = QByteArrayView(uri).sliced(scheme.size());
    const qsizetype question = rest.indexOf('?');
    addAddresses(result.to, question < 0 ? rest : rest.first(question));
    if (question < 0)
        return result;
    QByteArray fields = rest.sliced(question + 1).toByteArray();
    // A fragment is none of its business (RFC 6068 section 2); "&amp;" is HTML that was not decoded.
    if (const qsizetype fragment = fields.indexOf('#'); fragment >= 0)
        fields.truncate(fragment);
    fields.replace("&amp;", "&");
    for (const QByteArray &field : fields.split('&')) {
        const qsizetype equals = field.indexOf('=');
        if (equals < 0)
            continue;
        const QByteArray name = decoded(field.first(equals)).toLower();
        const QByteArray value = field.sliced(equals + 1);
        if (name == "to")
            addAddresses(result.to, value);
        else if (name == "cc")
            addAddresses(result.cc, value);
        else if (name == "subject")
            result.subject = displayLine(QString::fromUtf8(decoded(value)));
        else if (name == "body")
            result.text = normaliseText(QString::fromUtf8(decoded(value)));
        else if (name == "in-reply-to")
            result.inReplyTo = parseMessageIds(decoded(value)).mid(0, 1);
    }
    return result;
}

mail::Address listPostAddress(QByteArrayView field)
{
    qsizetype from = 0;
    while ((from = field.indexOf('<', from)) >= 0) {
        const qsizetype end = field.indexOf('>', from);
        if (end < 0)
            break;
        const auto asked = parseMailto(field.sliced(from + 1, end - from - 1).toByteArray().trimmed());
        if (asked && !asked->to.empty())
            return asked->to.front();
        from = end;
    }
    return {};
}

} // namespace kittiwake::mime
