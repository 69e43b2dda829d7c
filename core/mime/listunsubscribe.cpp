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

} // namespace

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
    list.oneClick = !list.web.isEmpty() && post.compare("List-Unsubscribe=One-Click", Qt::CaseInsensitive) == 0;
    return list;
}

} // namespace kittiwake::mime
