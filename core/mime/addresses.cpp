// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/addresses.h"

#include "core/mime/encodedwords.h"
#include "core/mime/headers.h"

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

/// What servers put into ENVELOPE where a half of the address is missing: Dovecot 2.3 MISSING_MAILBOX and
/// MISSING_DOMAIN, UW IMAP and Panda .MISSING-HOST-NAME. and .SYNTAX-ERROR., Cyrus unspecified-domain.
constexpr std::array<std::string_view, 6> placeholders{"MISSING_MAILBOX",       "MISSING_DOMAIN", ".MISSING-HOST-NAME.",
                                                       ".MISSING-MAILBOX-NAME", ".SYNTAX-ERROR.", "unspecified-domain"};

QByteArrayView withoutPlaceholder(QByteArrayView half)
{
    const std::string_view text(half.data(), static_cast<std::size_t>(half.size()));
    const bool known = std::find(placeholders.begin(), placeholders.end(), text) != placeholders.end();
    return known ? QByteArrayView() : half;
}

/// Letters, digits and the marks of atext (RFC 5322 section 3.2.3), and the dot.
bool isAddressCharacter(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.')
        return true;
    constexpr QByteArrayView marks("!#$%&'*+-/=?^_`{|}~");
    return marks.contains(c);
}

bool isPlainHalf(QByteArrayView half)
{
    return std::all_of(half.begin(), half.end(), isAddressCharacter);
}

QChar toLatin1Char(char c)
{
    return QLatin1Char(c);
}

bool needsQuotes(QStringView local)
{
    return std::any_of(local.begin(), local.end(), [](QChar c) {
        const char16_t unit = c.unicode();
        return unit < 0x80 && !isAddressCharacter(static_cast<char>(unit));
    });
}

QString quoted(QStringView local)
{
    QString out(u'"');
    for (const QChar c : local) {
        if (c == u'"' || c == u'\\')
            out += u'\\';
        out += c;
    }
    return out + u'"';
}

/// Blanks and controls inside an address stay visible as a space, which also makes it invalid.
QString addressHalf(QByteArrayView raw)
{
    const QString text = decodeWords(raw.first(std::min(raw.size(), HeaderLimits::characters)));
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        const QChar::Category category = c.category();
        const bool hidden = c.isSpace() || category == QChar::Other_Control || category == QChar::Other_Format
            || c.unicode() == 0x2800 || c.unicode() == 0x3164 || c.unicode() == 0xFFA0 || c.unicode() == 0x115F
            || c.unicode() == 0x1160;
        out += hidden ? QChar(u' ') : c;
    }
    return out;
}

QStringView domainOf(QStringView address)
{
    return address.sliced(address.lastIndexOf(u'@') + 1);
}

/// Characters that people read as '@'.
bool isAtSign(QChar c)
{
    return c == u'@' || c.unicode() == 0xFF20 || c.unicode() == 0xFE6B;
}

bool endsWord(QChar c)
{
    return c.isSpace() || QStringView(u"<>()[]\"',;:").contains(c);
}

/// Whether a text holds something like an address, other than that one. strict: its last label must be letters, as
/// "12.30" in "Lunch @ 12.30" is none.
bool holdsOtherAddress(QStringView name, QStringView address, bool strict)
{
    for (qsizetype at = 0; at < name.size(); ++at) {
        if (!isAtSign(name[at]))
            continue;
        qsizetype from = at;
        while (from > 0 && !endsWord(name[from - 1]) && !isAtSign(name[from - 1]))
            --from;
        qsizetype to = at + 1;
        while (to < name.size() && !endsWord(name[to]) && !isAtSign(name[to]))
            ++to;
        const QStringView domain = name.sliced(at + 1, to - at - 1);
        const qsizetype dot = domain.lastIndexOf(u'.');
        const QStringView top = domain.sliced(dot + 1);
        const bool plausible = from < at && domain.indexOf(u'.') > 0 && !top.isEmpty()
            && (!strict
                || (top.size() > 1 && std::all_of(top.begin(), top.end(), [](QChar c) { return c.isLetter(); })));
        if (plausible && name.sliced(from, to - from).compare(address, Qt::CaseInsensitive) != 0)
            return true;
        at = to - 1;
    }
    return false;
}

} // namespace

QString composeAddress(QByteArrayView local, QByteArrayView domain)
{
    local = withoutPlaceholder(local);
    domain = withoutPlaceholder(domain);
    if (!local.isEmpty() && !domain.isEmpty() && local.size() + domain.size() < HeaderLimits::characters
        && isPlainHalf(local) && isPlainHalf(domain)) {
        QString address(local.size() + 1 + domain.size(), Qt::Uninitialized);
        QChar *const out = std::transform(local.begin(), local.end(), address.data(), toLatin1Char);
        *out = u'@';
        std::transform(domain.begin(), domain.end(), out + 1, toLatin1Char);
        return address;
    }
    const QString name = addressHalf(local);
    if (domain.isEmpty())
        return name.contains(u'@') ? quoted(name) + u'@' : name;
    return (needsQuotes(name) ? quoted(name) : name) + u'@' + addressHalf(domain);
}

mail::Address invalidAddress(QByteArrayView raw)
{
    mail::Address address{{}, decodeHeaderText(raw)};
    // An '@' at the end is what no address has, and what the person then sees.
    if (address.isValid())
        address.address += u'@';
    return address;
}

QString decodeDisplayName(QByteArrayView raw)
{
    if (raw.isEmpty())
        return {};
    QString name = decodeHeaderText(raw);
    if (name.size() > 2 && (name.front() == u'"' || name.front() == u'\'') && name.back() == name.front())
        name = displayLine(QStringView(name).sliced(1, name.size() - 2));
    return name;
}

mail::AddressList decodeAddresses(const std::vector<mail::RawAddress> &raw)
{
    mail::AddressList list;
    list.reserve(std::min(raw.size(), HeaderLimits::addresses));
    constexpr auto noGroup = static_cast<std::size_t>(-1);
    std::size_t group = noGroup; ///< index of the open group's name in the list
    for (const mail::RawAddress &entry : raw) {
        if (list.size() >= HeaderLimits::addresses)
            break;
        if (!entry.host.isEmpty()) {
            list.push_back({decodeDisplayName(entry.name), composeAddress(entry.mailbox, entry.host)});
            continue;
        }
        if (entry.mailbox.isEmpty()) {
            // The end of a group; or an entry with nothing but a name.
            if (group != noGroup) {
                const mail::Address name = list[group];
                list.erase(list.begin() + static_cast<std::ptrdiff_t>(group));
                if (group == list.size())
                    list.push_back({name.address, {}});
                group = noGroup;
            } else if (!entry.name.isEmpty()) {
                list.push_back({decodeDisplayName(entry.name), {}});
            }
            continue;
        }
        // The start of a group, or, when no end follows, a local part without domain ("root"), which stays as it is.
        group = list.size();
        list.push_back({decodeDisplayName(entry.name), composeAddress(entry.mailbox, {})});
    }
    return list;
}

bool nameImitatesAddress(const mail::Address &address)
{
    // "boss @ bank.example" is read as one, and so is what had blanks without width in it.
    QString tight;
    for (qsizetype at = 0; at < address.name.size(); ++at) {
        const QChar c = address.name.at(at);
        const QChar following = at + 1 < address.name.size() ? address.name.at(at + 1) : QChar();
        if (c.isSpace() && (isAtSign(following) || following == u'.' || (!tight.isEmpty() && isAtSign(tight.back()))))
            continue;
        tight += c;
    }
    if (holdsOtherAddress(address.name, address.address, false) || holdsOtherAddress(tight, address.address, true))
        return true;
    // A quoted local part may hold an '@' too: "ceo@bank.example"@evil.example.
    const QStringView whole(address.address);
    const QStringView local = whole.first(whole.size() - domainOf(whole).size());
    return std::count_if(local.begin(), local.end(), isAtSign) > 1;
}

} // namespace kittiwake::mime
