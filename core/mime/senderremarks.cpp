// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/senderremarks.h"

#include "core/mime/domains.h"
#include "core/mime/headers.h"

#include <QUrl>

#include <array>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype longestDomain = 253; // RFC 1035 section 2.3.4

struct Confusable {
    char16_t letter;
    char16_t latin;
};

/// Letters of other alphabets that cannot be told from a Latin small letter in the usual fonts (Unicode UTS #39,
/// confusables, as far as domain names may hold them).
constexpr std::array confusables{
    // Cyrillic
    Confusable{u'\u0430', u'a'},
    Confusable{u'\u0441', u'c'},
    Confusable{u'\u0501', u'd'},
    Confusable{u'\u0435', u'e'},
    Confusable{u'\u0450', u'e'},
    Confusable{u'\u0451', u'e'},
    Confusable{u'\u04bb', u'h'},
    Confusable{u'\u0456', u'i'},
    Confusable{u'\u0457', u'i'},
    Confusable{u'\u0458', u'j'},
    Confusable{u'\u043a', u'k'},
    Confusable{u'\u04cf', u'l'},
    Confusable{u'\u043c', u'm'},
    Confusable{u'\u043f', u'n'},
    Confusable{u'\u043e', u'o'},
    Confusable{u'\u0440', u'p'},
    Confusable{u'\u051b', u'q'},
    Confusable{u'\u0433', u'r'},
    Confusable{u'\u0455', u's'},
    Confusable{u'\u0442', u't'},
    Confusable{u'\u0475', u'v'},
    Confusable{u'\u051d', u'w'},
    Confusable{u'\u0445', u'x'},
    Confusable{u'\u0443', u'y'},
    // Greek
    Confusable{u'\u03b1', u'a'},
    Confusable{u'\u03b9', u'i'},
    Confusable{u'\u03ba', u'k'},
    Confusable{u'\u03bd', u'v'},
    Confusable{u'\u03bf', u'o'},
    Confusable{u'\u03c1', u'p'},
    Confusable{u'\u03c4', u't'},
    Confusable{u'\u03c5', u'u'},
    Confusable{u'\u03c7', u'x'},
    Confusable{u'\u03b3', u'y'},
    Confusable{u'\u03c9', u'w'},
    // Armenian
    Confusable{u'\u0585', u'o'},
    Confusable{u'\u057d', u'u'},
    Confusable{u'\u0570', u'h'},
    Confusable{u'\u0578', u'n'},
    Confusable{u'\u0566', u'q'},
    // Latin, without and with marks that are easily overlooked
    Confusable{u'\u0131', u'i'},
    Confusable{u'\u0142', u'l'},
    Confusable{u'\u0111', u'd'},
    Confusable{u'\u0127', u'h'},
    Confusable{u'\u00f8', u'o'},
    // Digits
    Confusable{u'0', u'o'},
    Confusable{u'1', u'l'},
};

/** Whether a domain below a Latin top level is all made of Latin doubles: "аррӏе.com", but not "пример.com". */
bool isAllDoubles(const QString &domain)
{
    const QString top = domain.section(QLatin1Char('.'), -1);
    if (std::any_of(top.begin(), top.end(), [](QChar c) { return c.unicode() >= 0x80; }))
        return false;
    const QString label = registeredDomain(domain).section(QLatin1Char('.'), 0, 0);
    bool foreign = false;
    for (const QChar c : label) {
        if (c.unicode() < 0x80)
            continue;
        foreign = true;
        if (QChar::script(c.unicode()) == QChar::Script_Latin) // "ø" is no trick in a Danish name
            return false;
        if (std::none_of(confusables.begin(), confusables.end(),
                         [c](const Confusable &one) { return one.letter == c.unicode(); }))
            return false;
    }
    return foreign;
}

/// Services with so many customers that their names being alike means nothing.
bool isLargeService(const QString &domain)
{
    static const QStringList large{
        QStringLiteral("gmail.com"), QStringLiteral("ymail.com"),   QStringLiteral("mail.com"),
        QStringLiteral("email.com"), QStringLiteral("hotmail.com"), QStringLiteral("outlook.com"),
        QStringLiteral("yahoo.com"), QStringLiteral("icloud.com"),  QStringLiteral("proton.me"),
        QStringLiteral("gmx.net"),   QStringLiteral("gmx.de"),      QStringLiteral("mail.ru"),
        QStringLiteral("yandex.ru"), QStringLiteral("qq.com"),      QStringLiteral("163.com"),
        QStringLiteral("126.com"),   QStringLiteral("aol.com"),     QStringLiteral("live.com")};
    return large.contains(domain);
}

/// One of known that a domain is easily taken for: it reads the same, or has one letter that differs.
QString imitatedDomain(const QString &letters, const QStringList &known)
{
    constexpr qsizetype shortName = 5; // "gmx" and "gmy" are both names
    const QString own = registeredDomain(letters);
    if (known.isEmpty() || isLargeService(own) || std::any_of(known.begin(), known.end(), [&own](const QString &one) {
            return registeredDomain(domainInLetters(one)) == own;
        }))
        return {};
    const QString misread = registeredDomain(misreadDomain(letters));
    const auto found = std::find_if(known.begin(), known.end(), [&](const QString &one) {
        const QString other = registeredDomain(domainInLetters(one));
        if (misread == registeredDomain(misreadDomain(one)))
            return true;
        const QString label = own.section(QLatin1Char('.'), 0, 0);
        const QString otherLabel = other.section(QLatin1Char('.'), 0, 0);
        const bool sameTop = own.section(QLatin1Char('.'), 1) == other.section(QLatin1Char('.'), 1);
        return sameTop && otherLabel.size() >= shortName && isOneEditApart(label, otherLabel);
    });
    return found == known.end() ? QString() : registeredDomain(domainInLetters(*found));
}

} // namespace

QString misreadDomain(const QString &domain)
{
    // Marks that sit on a letter count as not seen: "é" is "e".
    const QString letters
        = domainInLetters(domain.left(longestDomain)).toLower().normalized(QString::NormalizationForm_D);
    QString result;
    for (const QChar c : letters) {
        if (c.category() == QChar::Mark_NonSpacing)
            continue;
        const auto known = std::find_if(confusables.begin(), confusables.end(),
                                        [c](const Confusable &one) { return one.letter == c.unicode(); });
        result += known == confusables.end() ? c : QChar(known->latin);
    }
    result.replace(QLatin1String("rn"), QLatin1String("m"));
    result.replace(QLatin1String("vv"), QLatin1String("w"));
    return result;
}

mail::MessageHeader addressesOf(QByteArrayView header)
{
    mail::MessageHeader result;
    const auto all = [&](const QByteArray &name) {
        mail::AddressList list;
        for (const HeaderField &field : parseHeaderBlock(header)) {
            if (field.name.compare(name, Qt::CaseInsensitive) != 0)
                continue;
            for (mail::Address &address : parseAddressList(field.value)) {
                if (list.size() < HeaderLimits::addresses)
                    list.push_back(std::move(address));
            }
        }
        return list;
    };
    result.from = all("From");
    result.to = all("To");
    result.cc = all("Cc");
    result.replyTo = all("Reply-To");
    return result;
}

std::vector<SenderRemark> remarksOnHeader(QByteArrayView header)
{
    SenderFacts facts;
    facts.sender = parseAddressList(headerFieldValue(header, "Sender"));
    return remarksOnSender(addressesOf(header), {}, facts);
}

std::vector<SenderRemark> remarksOnSender(const mail::MessageHeader &header, const QStringList &ownDomains,
                                          const SenderFacts &facts)
{
    using Kind = SenderRemark::Kind;
    std::vector<SenderRemark> remarks;
    if (header.from.empty() || !header.from.front().isValid()) {
        remarks.push_back({Kind::NoAddress, header.from.empty() ? QString() : header.from.front().address, {}});
        return remarks;
    }
    const mail::Address &sender = header.from.front();
    const QString domain = domainOfAddress(sender.address);
    const QString letters = domainInLetters(domain);
    if (mixesScripts(letters))
        remarks.push_back(
            {Kind::MixedScripts, letters, QString::fromLatin1(QUrl::toAce(domain, QUrl::IgnoreIDNWhitelist))});
    const QString misread = misreadDomain(domain);
    const auto imitated = std::find_if(ownDomains.begin(), ownDomains.end(), [&](const QString &own) {
        // A domain below our own is ours.
        return domain != own.toLower() && registeredDomain(misread) == registeredDomain(misreadDomain(own))
            && registeredDomain(letters) != registeredDomain(domainInLetters(own.toLower()));
    });
    if (imitated != ownDomains.end())
        remarks.push_back({Kind::LooksLike, letters, imitated->toLower()});
    else if (const QString known = imitatedDomain(letters, facts.knownDomains); !known.isEmpty())
        remarks.push_back({Kind::LooksLike, letters, known});
    else if (remarks.empty() && isAllDoubles(letters))
        remarks.push_back({Kind::LooksLike, letters, misread});
    if (nameImitatesAddress(sender))
        remarks.push_back({Kind::NameImitatesAddress, sender.address, {}});
    if (header.from.size() > 1)
        remarks.push_back({Kind::SeveralSenders, {}, {}});

    if (!facts.sender.empty() && facts.sender.front().isValid()) {
        const QString by = domainOfAddress(facts.sender.front().address);
        if (registeredDomain(by) != registeredDomain(domain))
            remarks.push_back({Kind::SentByOther, facts.sender.front().address, {}});
    }
    for (const mail::Address &reply : header.replyTo) {
        const QString target = domainOfAddress(reply.address);
        if (target.isEmpty() || registeredDomain(target) == registeredDomain(domain))
            continue;
        // Mailing lists ask for answers to themselves, where the message went.
        const auto isReply = [&reply](const mail::Address &person) {
            return person.address.compare(reply.address, Qt::CaseInsensitive) == 0;
        };
        if (std::any_of(header.to.begin(), header.to.end(), isReply)
            || std::any_of(header.cc.begin(), header.cc.end(), isReply))
            continue;
        remarks.push_back({Kind::RepliesElsewhere, reply.address, {}});
        break;
    }
    if (facts.firstContact)
        remarks.push_back({Kind::FirstContact, sender.address, {}});
    return remarks;
}

} // namespace kittiwake::mime
