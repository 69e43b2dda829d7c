// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/listunsubscribe.h"

#include "core/mime/headers.h"

#include <QUrlQuery>

namespace kittiwake::mime
{

namespace
{

/** The address without what other programs are known to take files from, and with one recipient. */
QUrl plainMail(const QUrl &url)
{
    if (!url.path().contains(u'@') || url.path().contains(u','))
        return {};
    QUrlQuery kept;
    const QUrlQuery query(url);
    for (const QString &key : {QStringLiteral("subject"), QStringLiteral("body")}) {
        for (const auto &[name, value] : query.queryItems(QUrl::FullyEncoded)) {
            if (name.compare(key, Qt::CaseInsensitive) == 0) {
                kept.addQueryItem(key, value);
                break;
            }
        }
    }
    QUrl plain;
    plain.setScheme(QStringLiteral("mailto"));
    plain.setPath(url.path());
    if (!kept.isEmpty())
        plain.setQuery(kept);
    return plain;
}

/** The value of a tag in a DKIM signature (RFC 6376 section 3.2), without blanks, in lower case. */
QByteArray tagOf(const QByteArray &signature, QByteArrayView name)
{
    for (const QByteArray &tag : signature.split(';')) {
        const qsizetype at = tag.indexOf('=');
        if (at < 0 || QByteArrayView(tag).first(at).trimmed() != name)
            continue;
        QByteArray value = tag.mid(at + 1).simplified().toLower();
        value.replace(' ', QByteArray());
        return value;
    }
    return {};
}

/** Who signs both fields: RFC 8058 section 4 asks for it, or whoever passes the mail on could put in an address. */
QStringList signersOf(QByteArrayView headerBlock)
{
    QStringList signers;
    int count = 0;
    for (const HeaderField &field : parseHeaderBlock(headerBlock)) {
        if (field.name.compare("DKIM-Signature", Qt::CaseInsensitive) != 0)
            continue;
        if (++count > ListUnsubscribe::maxSignatures)
            break;
        const QByteArrayList covered = tagOf(field.value, "h").split(':');
        const QString domain = QString::fromUtf8(tagOf(field.value, "d"));
        if (!domain.isEmpty() && covered.contains("list-unsubscribe") && covered.contains("list-unsubscribe-post"))
            signers.append(domain);
    }
    return signers;
}

} // namespace

const QByteArrayList &listUnsubscribeFields()
{
    static const QByteArrayList fields{"List-Unsubscribe", "List-Unsubscribe-Post", "DKIM-Signature"};
    return fields;
}

ListUnsubscribe listUnsubscribe(QByteArrayView headerBlock)
{
    ListUnsubscribe list;
    const QByteArray value = headerFieldValue(headerBlock, "List-Unsubscribe");
    qsizetype at = 0;
    for (int count = 0; count < ListUnsubscribe::maxAddresses; ++count) {
        const qsizetype from = value.indexOf('<', at);
        const qsizetype to = from < 0 ? -1 : value.indexOf('>', from);
        if (to < 0)
            break;
        at = to + 1;
        QByteArray address = value.mid(from + 1, to - from - 1);
        if (address.size() > ListUnsubscribe::maxAddress)
            continue;
        // Blanks within come from folded lines (RFC 2369 section 2).
        address = address.simplified();
        address.replace(' ', QByteArray());
        const QUrl url = QUrl::fromEncoded(address, QUrl::StrictMode);
        if (!url.isValid())
            continue;
        if (url.scheme() == u"https" && !url.host().isEmpty() && url.userInfo().isEmpty() && list.web.isEmpty())
            list.web = url;
        else if (url.scheme() == u"mailto" && list.mail.isEmpty())
            list.mail = plainMail(url);
    }
    const QByteArray post = headerFieldValue(headerBlock, "List-Unsubscribe-Post").trimmed();
    if (!list.web.isEmpty() && post.compare("List-Unsubscribe=One-Click", Qt::CaseInsensitive) == 0)
        list.signers = signersOf(headerBlock);
    list.oneClick = !list.signers.isEmpty();
    return list;
}

} // namespace kittiwake::mime
