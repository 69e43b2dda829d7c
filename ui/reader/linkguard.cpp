// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/linkguard.h"

#include "core/mime/domains.h"
#include "ui/reader/links.h"
#include "ui/widgets/safetext.h"

#include <QCoreApplication>
#include <QSet>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype manyLinks = 5000;

/** One spelling for the addresses that Qt and Chromium spell differently. */
QByteArray keyOf(const QUrl &url)
{
    QUrl plain = url.adjusted(QUrl::NormalizePathSegments);
    if (plain.path().isEmpty() && plain.scheme() != QLatin1String("mailto"))
        plain.setPath(QStringLiteral("/"));
    QByteArray key = plain.toEncoded(QUrl::FullyEncoded);
    key.replace('\'', "%27");
    return key;
}

QUrl urlOf(const QString &target)
{
    return QUrl(target, QUrl::TolerantMode);
}

/** The targets of all links, out of our own document: in it, href="…" is written in no other way. */
QSet<QByteArray> targetsIn(const QString &html)
{
    constexpr QLatin1StringView mark(" href=\"");
    QSet<QByteArray> targets;
    qsizetype at = html.indexOf(mark);
    while (at >= 0 && targets.size() < manyLinks) {
        const qsizetype from = at + mark.size();
        const qsizetype end = html.indexOf(u'"', from);
        if (end < 0)
            break;
        QString target = html.mid(from, end - from);
        target.replace(QLatin1String("&lt;"), QLatin1String("<"))
            .replace(QLatin1String("&gt;"), QLatin1String(">"))
            .replace(QLatin1String("&quot;"), QLatin1String("\""))
            .replace(QLatin1String("&amp;"), QLatin1String("&"));
        targets.insert(keyOf(urlOf(target)));
        at = html.indexOf(mark, end);
    }
    return targets;
}

} // namespace

QString warningBefore(const mime::MessageContent &content, const QUrl &target)
{
    if (content.misleadingLinks.empty())
        return {};
    const QByteArray key = keyOf(target);
    for (const mime::MisleadingLink &link : content.misleadingLinks) {
        if (keyOf(urlOf(link.target)) != key)
            continue;
        return QCoreApplication::translate("ui::links", "The text of this link names %1, but it leads to %2.")
            .arg(isolated(link.shown, 200), isolated(link.real, 200));
    }
    if (targetsIn(content.html).contains(key))
        return {};
    return QCoreApplication::translate("ui::links",
                                       "This message has links whose text names another site than the one they lead "
                                       "to. This one leads to %1.")
        .arg(isolated(target.host(QUrl::FullyDecoded), 200));
}

QString elidedLink(const QString &target, const QFontMetrics &metrics, int width)
{
    if (metrics.horizontalAdvance(target) <= width)
        return target;
    const qsizetype scheme = target.indexOf(QLatin1String("://"));
    const qsizetype from = scheme < 0 ? 0 : scheme + 3;
    qsizetype end = from;
    while (end < target.size() && !QStringView(u"/?# ").contains(target.at(end)))
        ++end;
    const QString head = target.left(end);
    if (metrics.horizontalAdvance(head) <= width * 3 / 4)
        return head + metrics.elidedText(target.mid(end), Qt::ElideMiddle, width - metrics.horizontalAdvance(head));
    // "www.bank.example.and.so.on.and.on.evil.example": whose it is stands at the end.
    return metrics.elidedText(head, Qt::ElideLeft, width - metrics.horizontalAdvance(QStringLiteral("/…")))
        + QStringLiteral("/…");
}

QString linkHint(const QUrl &url)
{
    QString text = linkText(url);
    const QString host = url.host(QUrl::FullyEncoded);
    const QString letters = mime::domainInLetters(host);
    if (letters == host || mime::mixesScripts(letters))
        return text;
    return QCoreApplication::translate("ui::links", "%1 (%2)", "address of a link, its host in letters")
        .arg(text, isolated(letters, 253));
}

} // namespace kittiwake::ui
