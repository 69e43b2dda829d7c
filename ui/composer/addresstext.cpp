// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/addresstext.h"

#include "ui/widgets/safetext.h"

#include "core/mime/headers.h"
#include "core/mime/mailto.h"

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype longestPaste = 256 * 1024;

bool isPlain(QChar c)
{
    return c.isLetterOrNumber() || c.isMark() || c == u' ' || c == u'-' || c == u'_' || c == u'\'';
}

/** What stands between semicolons, line ends and tabs, where these are outside quotes: as lists come from spreadsheets
 * and from other mail programs. */
std::vector<QStringView> entriesOf(QStringView typed)
{
    std::vector<QStringView> result;
    qsizetype from = 0;
    bool quoted = false;
    for (qsizetype at = 0; at <= typed.size(); ++at) {
        const QChar c = at < typed.size() ? typed.at(at) : QChar(u'\n');
        const bool ends = c == u'\n' || c == u'\r' || c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
        if (c == u'"')
            quoted = !quoted;
        if (ends)
            quoted = false; // a quote that is never closed ends with its line
        if (!ends && (quoted || (c != u';' && c != u'\t')))
            continue;
        if (const QStringView entry = typed.sliced(from, at - from).trimmed(); !entry.isEmpty())
            result.push_back(entry);
        from = at + 1;
    }
    return result;
}

/**
 * "Berg, Anna <anna@x.example>", as Outlook writes it between semicolons: one person, whose name has a comma. By the
 * grammar of RFC 5322 these are two entries, of which the first one is no address.
 */
std::optional<mail::Address> personWithComma(QStringView entry)
{
    const qsizetype open = entry.indexOf(u'<');
    if (open <= 0 || entry.count(u'<') != 1 || !entry.endsWith(u'>'))
        return {};
    const QStringView name = entry.first(open).trimmed();
    if (!name.contains(u',') || name.contains(u'@') || name.contains(u'"') || name.contains(u':'))
        return {};
    mail::AddressList found = mime::parseAddressList(entry.sliced(open).toUtf8());
    if (found.size() != 1 || !found.front().isValid())
        return {};
    found.front().name = mime::displayLine(name);
    return found.front();
}

} // namespace

QString addressText(const mail::Address &address)
{
    if (address.name.isEmpty() || address.name == address.address)
        return address.address;
    QString name = address.name;
    if (!std::all_of(name.begin(), name.end(), isPlain)) {
        name.replace(u'\\', QLatin1String("\\\\")).replace(u'"', QLatin1String("\\\""));
        name = u'"' + name + u'"';
    }
    return name + QLatin1String(" <") + address.address + u'>';
}

QString shownAddress(const mail::Address &address)
{
    constexpr qsizetype longest = 200;
    constexpr QChar fromTheLeft(0x2066);
    constexpr QChar end(0x2069);
    const QString text = isolated(address.address, longest);
    if (oneLine(address.name, longest).isEmpty())
        return fromTheLeft + text + end;
    return fromTheLeft + isolated(address.name, longest) + QLatin1String(" <") + text + u'>' + end;
}

mail::AddressList addressesOf(const QString &typed)
{
    mail::AddressList result;
    const auto add = [&result](mail::Address address) {
        const bool isNothing = address.name.isEmpty() && address.address.trimmed().isEmpty();
        // "undisclosed-recipients:;" and a group's name alone are nobody.
        const bool isGroup = address.address.isEmpty();
        if (!isNothing && !isGroup && result.size() < mime::HeaderLimits::addresses)
            result.push_back(std::move(address));
    };
    const QString few = typed.left(longestPaste);
    for (const QStringView entry : entriesOf(few)) {
        if (auto person = personWithComma(entry)) {
            add(std::move(*person));
            continue;
        }
        if (entry.startsWith(QLatin1String("mailto:"), Qt::CaseInsensitive)) {
            if (auto asked = mime::parseMailto(entry.toUtf8()); asked && !asked->to.empty()) {
                for (mail::Address &one : asked->to)
                    add(std::move(one));
                continue;
            }
        }
        QByteArray list = entry.toUtf8();
        if (list.contains(':')) // a group, whose end was a semicolon
            list += ';';
        for (mail::Address &one : mime::parseAddressList(list))
            add(std::move(one));
    }
    return result;
}

} // namespace kittiwake::ui
