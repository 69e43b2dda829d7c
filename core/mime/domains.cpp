// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/domains.h"

#include <QSet>
#include <QStringList>
#include <QUrl>

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype longestDomain = 253; // RFC 1035 section 2.3.4

/** Which alphabets are mixed by writing systems themselves: UTS #39 section 5.2, "highly restrictive". */
bool belongTogether(const QSet<QChar::Script> &scripts)
{
    if (scripts.size() < 2)
        return true;
    using S = QChar;
    const std::array<QSet<QChar::Script>, 3> systems{
        QSet<QChar::Script>{S::Script_Latin, S::Script_Han, S::Script_Hiragana, S::Script_Katakana},
        QSet<QChar::Script>{S::Script_Latin, S::Script_Han, S::Script_Bopomofo},
        QSet<QChar::Script>{S::Script_Latin, S::Script_Han, S::Script_Hangul},
    };
    return std::any_of(systems.begin(), systems.end(),
                       [&scripts](const auto &system) { return system.contains(scripts); });
}

} // namespace

QString domainOfAddress(const QString &address)
{
    const qsizetype at = address.lastIndexOf(QLatin1Char('@'));
    QString domain = at < 0 ? QString() : address.mid(at + 1).toLower();
    while (domain.endsWith(QLatin1Char('.')))
        domain.chop(1);
    return domain.size() > longestDomain ? QString() : domain;
}

QString domainInLetters(const QString &domain)
{
    const QString letters = QUrl::fromAce(QUrl::toAce(domain, QUrl::IgnoreIDNWhitelist), QUrl::IgnoreIDNWhitelist);
    return letters.isEmpty() ? domain : letters;
}

QString registeredDomain(const QString &domain)
{
    const QStringList labels = domain.split(QLatin1Char('.'));
    if (labels.size() <= 2)
        return domain;
    const bool shortSecond = labels.last().size() == 2 && labels.at(labels.size() - 2).size() <= 3;
    return labels.mid(labels.size() - (shortSecond ? 3 : 2)).join(QLatin1Char('.'));
}

bool mixesScripts(const QString &domain)
{
    const QStringList labels = domain.split(QLatin1Char('.'));
    return std::any_of(labels.begin(), labels.end(), [](const QString &label) {
        QSet<QChar::Script> scripts;
        for (const char32_t letter : label.toStdU32String()) {
            const QChar::Script script = QChar::script(letter);
            if (script != QChar::Script_Common && script != QChar::Script_Inherited)
                scripts.insert(script);
        }
        return !belongTogether(scripts);
    });
}

bool isOneEditApart(const QString &one, const QString &other)
{
    const QString &shorter = one.size() <= other.size() ? one : other;
    const QString &longer = one.size() <= other.size() ? other : one;
    if (longer.size() - shorter.size() > 1 || shorter == longer)
        return false;
    qsizetype at = 0;
    while (at < shorter.size() && shorter.at(at) == longer.at(at))
        ++at;
    const QStringView rest = QStringView(shorter).sliced(at);
    const QStringView longRest = QStringView(longer).sliced(at);
    if (longRest.size() > rest.size())
        return longRest.sliced(1) == rest;
    if (rest.sliced(1) == longRest.sliced(1))
        return true;
    return rest.size() >= 2 && rest[0] == longRest[1] && rest[1] == longRest[0] && rest.sliced(2) == longRest.sliced(2);
}

} // namespace kittiwake::mime
