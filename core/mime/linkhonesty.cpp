// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/linkhonesty.h"

#include "core/mime/domains.h"
#include "core/mime/headers.h"

#include <QStringView>
#include <QUrl>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype longestText = 500;

bool endsName(QChar c)
{
    return c.isSpace() || QStringView(u"<>()[]{}\"',;|\u00ab\u00bb\u201c\u201d\u201e").contains(c);
}

bool isHostCharacter(QChar c)
{
    return c.isLetterOrNumber() || c.isMark() || c == u'-' || c == u'.' || c == u'_';
}

/// Names that people take for a site although nothing is in front of them: the last label is one of these, or two
/// letters that are no usual ending of a file.
bool isTopLevel(QStringView label)
{
    static const QStringList generic{
        QStringLiteral("com"),    QStringLiteral("net"),    QStringLiteral("org"),   QStringLiteral("edu"),
        QStringLiteral("gov"),    QStringLiteral("mil"),    QStringLiteral("int"),   QStringLiteral("info"),
        QStringLiteral("biz"),    QStringLiteral("name"),   QStringLiteral("eu"),    QStringLiteral("bank"),
        QStringLiteral("shop"),   QStringLiteral("online"), QStringLiteral("site"),  QStringLiteral("store"),
        QStringLiteral("app"),    QStringLiteral("dev"),    QStringLiteral("cloud"), QStringLiteral("example"),
        QStringLiteral("test"),   QStringLiteral("xyz"),    QStringLiteral("top"),   QStringLiteral("club"),
        QStringLiteral("berlin"), QStringLiteral("email"),  QStringLiteral("mail"),  QStringLiteral("live"),
    };
    static const QStringList files{QStringLiteral("py"), QStringLiteral("md"), QStringLiteral("sh"),
                                   QStringLiteral("rs"), QStringLiteral("js"), QStringLiteral("ts"),
                                   QStringLiteral("gz"), QStringLiteral("xz"), QStringLiteral("so")};
    const auto among = [&](const QStringList &list) {
        return std::any_of(list.begin(), list.end(),
                           [&](const QString &one) { return label.compare(one, Qt::CaseInsensitive) == 0; });
    };
    const bool beyondAscii = std::any_of(label.begin(), label.end(), [](QChar c) { return c.unicode() >= 0x80; });
    return beyondAscii || label.startsWith(u"xn--") || among(generic) || (label.size() == 2 && !among(files));
}

/// "www.example.org" of "https://www.example.org:443/x?y", or an address; empty where the word names neither.
QString nameIn(QStringView word)
{
    while (!word.isEmpty() && QStringView(u".:!?*_").contains(word.back()))
        word.chop(1);
    bool certain = false;
    const qsizetype scheme = word.indexOf(u"://");
    if (scheme > 0 && scheme <= 5) {
        word = word.sliced(scheme + 3);
        certain = true;
        // What is in front of an '@' is no part of the host, and is how a site is imitated.
        const qsizetype slash = word.indexOf(u'/');
        const QStringView authority = slash < 0 ? word : word.first(slash);
        const qsizetype user = authority.lastIndexOf(u'@');
        if (user >= 0)
            word = word.sliced(user + 1);
    } else if (word.contains(u'@')) {
        const qsizetype at = word.lastIndexOf(u'@');
        const QStringView domain = word.sliced(at + 1);
        const bool isAddress
            = at > 0 && domain.contains(u'.') && std::all_of(domain.begin(), domain.end(), isHostCharacter);
        return isAddress ? word.toString().toLower() : QString();
    } else if (word.startsWith(u"www.", Qt::CaseInsensitive)) {
        certain = true;
    }
    qsizetype end = 0;
    while (end < word.size() && isHostCharacter(word[end]))
        ++end;
    QStringView host = word.first(end);
    while (host.endsWith(u'.'))
        host.chop(1);
    const bool nothingFollows = end == word.size() || QStringView(u"/:?#").contains(word[end]);
    const qsizetype dot = host.lastIndexOf(u'.');
    if (!nothingFollows || dot <= 0 || host.contains(u'_'))
        return {};
    const QStringView top = host.sliced(dot + 1);
    const bool isLetters = std::all_of(top.begin(), top.end(), [](QChar c) { return c.isLetter() || c == u'-'; });
    // "1.5" and "4.0.0" are numbers; an address of numbers is one only where a scheme stands in front.
    if (!isLetters && !top.startsWith(u"xn--"))
        return certain && scheme > 0 ? host.toString().toLower() : QString();
    return certain || isTopLevel(top) ? host.toString().toLower() : QString();
}

QString siteOf(const QString &host)
{
    return registeredDomain(domainInLetters(host));
}

} // namespace

std::optional<MisleadingLink> misleadingLink(const QByteArray &text, const QByteArray &href)
{
    QString seen = QString::fromUtf8(text.first(std::min(text.size(), 4 * longestText))).left(longestText);
    // Soft hyphens, zero-width spaces, bidi controls: none of them is seen within a name.
    seen.removeIf([](QChar c) { return c.category() == QChar::Other_Format; });
    const QString shown = displayLine(seen).normalized(QString::NormalizationForm_KC);
    if (!shown.contains(u'.') && !shown.contains(u'\u3002'))
        return std::nullopt;
    const QUrl url(QString::fromUtf8(href), QUrl::TolerantMode);
    const bool isMail = url.scheme() == QLatin1String("mailto");
    // RFC 6068: the recipients, separated by commas.
    const QString recipients = isMail ? url.path(QUrl::FullyDecoded).toLower() : QString();
    const QString host = isMail ? domainOfAddress(recipients) : url.host(QUrl::FullyDecoded).toLower();
    if (host.isEmpty() && !href.startsWith("http") && !isMail)
        return std::nullopt;
    qsizetype at = 0;
    while (at < shown.size()) {
        qsizetype end = at;
        while (end < shown.size() && !endsName(shown.at(end)))
            ++end;
        QString word = shown.mid(at, end - at);
        at = end + 1;
        word.replace(u'\u3002', u'.'); // the ideographic full stop is a dot to browsers
        const QString named = nameIn(word);
        if (named.isEmpty())
            continue;
        const bool isAddress = named.contains(u'@');
        if (isMail && isAddress) {
            if (!recipients.split(u',').contains(named))
                return MisleadingLink{QString::fromUtf8(href), named, recipients};
            continue;
        }
        const QString namedHost = isAddress ? domainOfAddress(named) : named;
        if (siteOf(namedHost) != siteOf(host))
            return MisleadingLink{QString::fromUtf8(href), isAddress ? named : domainInLetters(named),
                                  isMail ? recipients : domainInLetters(host)};
    }
    return std::nullopt;
}

} // namespace kittiwake::mime
