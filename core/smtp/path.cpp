// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/path.h"

#include "core/net/hostname.h"

#include <QCoreApplication>

namespace kittiwake::smtp
{

namespace
{

constexpr qsizetype longestLocal = 64; // octets; RFC 5321 section 4.5.3.1.1
constexpr qsizetype longestPath = 254; // RFC 5321 section 4.5.3.1.3, without the angle brackets

Failure unusable(const QString &address, const char *detail)
{
    QString shown = address.left(100);
    for (QChar &c : shown) {
        if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format)
            c = QChar::ReplacementCharacter;
    }
    return failure(
        ErrorKind::Input, shown,
        QCoreApplication::translate("core", "“%1” is no address that mail can be sent to; correct it and send again.")
            .arg(shown),
        QString::fromLatin1(detail));
}

bool isAtomCharacter(char32_t c)
{
    if (c >= 0x80)
        return true; // RFC 6531 section 3.3; controls among them were refused before
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return alphanumeric || QByteArrayView("!#$%&'*+-/=?^_`{|}~").contains(static_cast<char>(c));
}

bool isDotString(const QString &local)
{
    bool atomBegins = true;
    for (const char32_t c : local.toUcs4()) {
        if (c == '.' ? atomBegins : !isAtomCharacter(c))
            return false;
        atomBegins = c == '.';
    }
    return !atomBegins;
}

/** The end of a quoted string that begins a text, behind its quote; -1 where it is none (RFC 5321 Quoted-string). */
qsizetype quotedEnd(const QString &text)
{
    for (qsizetype i = 1; i < text.size(); ++i) {
        if (text[i] == u'\\')
            ++i;
        else if (text[i] == u'"')
            return i + 1;
    }
    return -1;
}

bool isAddressLiteral(const QString &domain)
{
    if (domain.size() < 3 || domain.size() > 64 || !domain.startsWith(u'[') || !domain.endsWith(u']'))
        return false;
    for (const QChar c : QStringView(domain).mid(1, domain.size() - 2)) {
        const bool known = (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F') || c == u'.'
            || c == u':' || c == u'I' || c == u'P' || c == u'v';
        if (!known)
            return false;
    }
    return true;
}

} // namespace

Result<Path> Path::parse(const QString &address)
{
    const QString text = address.trimmed();
    if (!text.isValidUtf16())
        return unusable(address, "half a character");
    // Before anything is taken apart: no control character reaches the wire in any shape.
    for (const QChar c : text) {
        const auto category = c.category();
        if (category == QChar::Other_Control || category == QChar::Separator_Line
            || category == QChar::Separator_Paragraph)
            return unusable(address, "control character");
    }
    const qsizetype at = text.startsWith(u'"') ? quotedEnd(text) : text.indexOf(u'@');
    if (at <= 0 || at >= text.size() || text[at] != u'@')
        return unusable(address, "no @");
    const QString local = text.left(at);
    const QString domain = text.mid(at + 1);
    if (!local.startsWith(u'"') && !isDotString(local))
        return unusable(address, "local part");
    Path path;
    QByteArray host;
    if (isAddressLiteral(domain)) {
        host = domain.toLatin1();
    } else {
        const auto name = net::HostName::parse(domain);
        if (!name || name->isAddress())
            return unusable(address, "domain");
        host = name->wire().toLatin1();
    }
    const QByteArray localBytes = local.toUtf8();
    for (const char c : localBytes)
        path.m_needsUtf8 = path.m_needsUtf8 || static_cast<unsigned char>(c) >= 0x80;
    path.m_wire = localBytes + '@' + host;
    path.m_text = text;
    if (localBytes.size() > longestLocal || path.m_wire.size() > longestPath)
        return unusable(address, "too long");
    return path;
}

QByteArray Path::domain() const
{
    return m_wire.mid(m_wire.lastIndexOf('@') + 1);
}

QByteArray xtext(const QByteArray &bytes)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    QByteArray result;
    result.reserve(bytes.size());
    for (const char c : bytes) {
        const auto value = static_cast<unsigned char>(c);
        if (value > 0x20 && value < 0x7f && c != '+' && c != '=') {
            result += c;
        } else {
            result += '+';
            result += digits[value >> 4];
            result += digits[value & 15];
        }
    }
    return result;
}

} // namespace kittiwake::smtp
