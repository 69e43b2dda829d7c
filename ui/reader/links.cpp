// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/links.h"

#include "core/base/log.h"

#include <QDesktopServices>

namespace kittiwake::ui
{

namespace
{

constexpr std::size_t maxLinks = 200;
constexpr int maxLinkLength = 2000;
constexpr int maxAddressLength = 254; // RFC 5321 section 4.5.3.1.3, without its brackets

bool endsLink(QChar c)
{
    const char16_t unit = c.unicode();
    // Sentences in Chinese and Japanese go on without a blank; what would turn the text round is in no address.
    const bool isWidePunctuation = (unit >= 0x3000 && unit <= 0x303F && unit != 0x3005 && unit != 0x3007)
        || (unit >= 0xFF00 && unit <= 0xFF0F) || (unit >= 0xFF1A && unit <= 0xFF20)
        || (unit >= 0xFF3B && unit <= 0xFF40) || (unit >= 0xFF5B && unit <= 0xFF65);
    return c.isSpace() || c == QLatin1Char('<') || c == QLatin1Char('>') || c == QLatin1Char('"')
        || c == QLatin1Char('\\') || isWidePunctuation || c.category() == QChar::Other_Control
        || c.category() == QChar::Other_Format;
}

/** Leaves punctuation that belongs to the sentence out of a link that begins at start and ends before end. */
int withoutPunctuation(const QString &line, int start, int end)
{
    int open = 0;
    for (int i = start; i < end; ++i) {
        if (line.at(i) == QLatin1Char('('))
            ++open;
        else if (line.at(i) == QLatin1Char(')'))
            --open;
    }
    while (end > start) {
        const QChar last = line.at(end - 1);
        if (last == QLatin1Char(')') && open < 0)
            ++open;
        else if (!QStringLiteral(".,;:!?'|\u2019\u201d\u00bb\u2026]}*_").contains(last))
            break;
        --end;
    }
    return end;
}

bool isAddressCharacter(QChar c)
{
    return c.isLetterOrNumber() || QStringLiteral("._%+-").contains(c);
}

/** A letter that an address behind it would be a part of; scripts without blanks have none between word and address. */
bool isWordLetter(QChar c)
{
    constexpr char16_t lastLatin = 0x024F;
    return c.unicode() <= lastLatin && c.isLetterOrNumber();
}

/** "www." at the beginning of a word, with more behind it. */
bool isBareHost(const QString &line, int at)
{
    return QStringView(line).mid(at, 4).compare(QLatin1String("www."), Qt::CaseInsensitive) == 0
        && (at == 0 || !(isWordLetter(line.at(at - 1)) || QStringLiteral(".-_/@").contains(line.at(at - 1))))
        && at + 4 < line.size() && line.at(at + 4).isLetterOrNumber();
}

/** A name in front of the host ("https://bank.example@evil.example") is there to deceive. */
bool isPlainHost(const QUrl &url)
{
    return mayOpen(url) && url.userInfo().isEmpty();
}

/** Whether a scheme that ends before position at begins there, not in the middle of a word. */
int schemeStart(const QString &line, int at)
{
    for (const auto scheme : {QLatin1String("https"), QLatin1String("http")}) {
        const int start = at - static_cast<int>(scheme.size());
        if (start >= 0 && QStringView(line).mid(start, scheme.size()).compare(scheme, Qt::CaseInsensitive) == 0
            && (start == 0 || !isWordLetter(line.at(start - 1))))
            return start;
    }
    return -1;
}

} // namespace

std::vector<TextLink> findLinks(const QString &line)
{
    std::vector<TextLink> links;
    const int size = static_cast<int>(line.size());
    int done = 0; // everything before belongs to a link or has been looked at
    for (int i = 0; i < size && links.size() < maxLinks; ++i) {
        const QChar c = line.at(i);
        if (c == QLatin1Char(':') && QStringView(line).mid(i, 3) == QLatin1String("://")) {
            const int start = schemeStart(line, i);
            if (start < done)
                continue;
            int end = i + 3;
            while (end < size && end - start < maxLinkLength && !endsLink(line.at(end)))
                ++end;
            end = withoutPunctuation(line, start, end);
            const QUrl url(line.mid(start, end - start), QUrl::TolerantMode);
            if (isPlainHost(url))
                links.push_back({start, end - start, url});
            done = end;
            i = qMax(i, end - 1);
        } else if ((c == QLatin1Char('w') || c == QLatin1Char('W')) && i >= done && isBareHost(line, i)) {
            int end = i;
            while (end < size && end - i < maxLinkLength && !endsLink(line.at(end)))
                ++end;
            end = withoutPunctuation(line, i, end);
            const QUrl url(QStringLiteral("https://") + QStringView(line).mid(i, end - i), QUrl::TolerantMode);
            if (isPlainHost(url) && url.host().indexOf(QLatin1Char('.'), 4) > 0)
                links.push_back({i, end - i, url});
            done = end;
            i = qMax(i, end - 1);
        } else if (c == QLatin1Char('@')) {
            int start = i;
            while (start > done && i - start < 64 && isAddressCharacter(line.at(start - 1)))
                --start;
            int end = i + 1;
            while (end < size && end - start < maxAddressLength && isAddressCharacter(line.at(end)))
                ++end;
            end = withoutPunctuation(line, start, end);
            const QString domain = line.mid(i + 1, end - i - 1);
            if (start < i && domain.indexOf(QLatin1Char('.')) > 0) {
                QUrl url;
                url.setScheme(QStringLiteral("mailto"));
                url.setPath(line.mid(start, end - start));
                if (mayOpen(url)) {
                    links.push_back({start, end - start, url});
                    done = end;
                    i = end - 1;
                }
            }
        }
    }
    return links;
}

bool mayOpen(const QUrl &url)
{
    if (!url.isValid())
        return false;
    const QString scheme = url.scheme();
    if (scheme == QLatin1String("http") || scheme == QLatin1String("https"))
        return !url.host().isEmpty();
    return scheme == QLatin1String("mailto") && url.path().contains(QLatin1Char('@'));
}

QString linkText(const QUrl &url)
{
    return QString::fromLatin1(url.toEncoded(QUrl::FullyEncoded));
}

bool openLink(const QUrl &url)
{
    if (!mayOpen(url)) {
        qCInfo(logUi) << "a link with the scheme" << url.scheme() << "was not opened";
        return false;
    }
    return QDesktopServices::openUrl(url);
}

} // namespace kittiwake::ui
