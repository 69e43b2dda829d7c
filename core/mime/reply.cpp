// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/reply.h"

#include "core/mail/subject.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

/** Domains do not care for case, and no server that people use does for the rest. */
bool isSame(const mail::Address &one, const mail::Address &other)
{
    return one.address.compare(other.address, Qt::CaseInsensitive) == 0;
}

bool contains(const mail::AddressList &list, const mail::Address &address)
{
    return std::any_of(list.begin(), list.end(), [&address](const mail::Address &one) { return isSame(one, address); });
}

/** Those of list that are nobody's own, and in none of the lists before. */
void addOthers(mail::AddressList &to, const mail::AddressList &list, const mail::AddressList &own,
               const mail::AddressList &already = {})
{
    for (const mail::Address &one : list) {
        if (one.isValid() && !contains(own, one) && !contains(already, one) && !contains(to, one))
            to.push_back(one);
    }
}

/** The own address that the message was sent to; else the account's. */
mail::Address answeringAddress(const OriginalMessage &original, const mail::AddressList &own)
{
    for (const mail::AddressList *list : {&original.to, &original.cc, &original.from}) {
        for (const mail::Address &one : *list) {
            const auto mine
                = std::find_if(own.begin(), own.end(), [&one](const mail::Address &mine) { return isSame(mine, one); });
            if (mine != own.end())
                return *mine;
        }
    }
    return own.empty() ? mail::Address() : own.front();
}

/** Who hears from whoever answers: not the list where that has put itself there. */
const mail::AddressList &authors(const OriginalMessage &original)
{
    const bool isOnlyList = original.replyTo.size() == 1 && original.listPost.isValid()
        && isSame(original.replyTo.front(), original.listPost);
    return original.replyTo.empty() || isOnlyList ? original.from : original.replyTo;
}

QByteArrayList referencesOf(const OriginalMessage &original)
{
    // RFC 5322 section 3.6.4: of a message that has but one id in In-Reply-To and no References.
    QByteArrayList result = original.references;
    if (result.isEmpty() && original.inReplyTo.size() == 1)
        result = original.inReplyTo;
    if (!original.messageId.isEmpty())
        result.push_back(original.messageId);
    return result;
}

QString namesOf(const mail::AddressList &addresses)
{
    QStringList result;
    for (const mail::Address &one : addresses) {
        const bool plain = one.name.isEmpty() || one.name == one.address;
        result.push_back(plain ? one.address : QString(one.name + QLatin1String(" <") + one.address + u'>'));
    }
    return result.join(QLatin1String(", "));
}

/** The lines above a message that is passed on. */
QStringList passedOnLines(const OriginalMessage &original)
{
    QStringList result{QCoreApplication::translate("core", "-------- Forwarded message --------")};
    for (const auto &[name, value] : passedOnFields(original))
        result.push_back(QCoreApplication::translate("core", "%1: %2", "name of a field, its value").arg(name, value));
    return result;
}

} // namespace

QString attribution(const OriginalMessage &original)
{
    const QString who = namesOf(original.from);
    if (who.isEmpty())
        return QCoreApplication::translate("core", "The message said:");
    if (original.date.isEmpty())
        return QCoreApplication::translate("core", "%1 wrote:").arg(who);
    return QCoreApplication::translate("core", "%2 wrote on %1:").arg(original.date, who);
}

std::vector<std::pair<QString, QString>> passedOnFields(const OriginalMessage &original)
{
    std::vector<std::pair<QString, QString>> result;
    const auto add = [&result](const QString &name, const QString &value) {
        if (!value.isEmpty())
            result.emplace_back(name, value);
    };
    add(QCoreApplication::translate("core", "From"), namesOf(original.from));
    add(QCoreApplication::translate("core", "Date"), original.date);
    add(QCoreApplication::translate("core", "Subject"), original.subject);
    add(QCoreApplication::translate("core", "To"), namesOf(original.to));
    add(QCoreApplication::translate("core", "Cc"), namesOf(original.cc));
    return result;
}

QString quotedText(const QString &text)
{
    QStringList lines = text.split(u'\n');
    // Only the last one: what looks like one in the middle belongs to a quote or to a list of things.
    const auto signature = std::find_if(lines.rbegin(), lines.rend(), [](const QString &line) {
        return line == QLatin1String("-- ") || line == QLatin1String("--");
    });
    if (signature != lines.rend() && *signature == QLatin1String("-- "))
        lines.erase(signature.base() - 1, lines.end());
    while (!lines.isEmpty() && lines.back().trimmed().isEmpty())
        lines.pop_back();
    for (QString &line : lines) {
        if (line.startsWith(u'>'))
            line.prepend(u'>');
        else
            line = line.trimmed().isEmpty() ? QStringLiteral(">") : QString(QLatin1String("> ") + line);
    }
    return lines.join(u'\n');
}

Composition replyComposition(const OriginalMessage &original, ReplyTo whom, const mail::AddressList &own)
{
    Composition result;
    result.from = answeringAddress(original, own);
    const bool isOwn = !original.from.empty() && contains(own, original.from.front());
    if (whom == ReplyTo::List && original.listPost.isValid()) {
        result.to = {original.listPost};
    } else if (isOwn) {
        addOthers(result.to, original.to, {});
        if (whom == ReplyTo::All)
            addOthers(result.cc, original.cc, {}, result.to);
    } else {
        addOthers(result.to, authors(original), {});
        if (whom == ReplyTo::All) {
            addOthers(result.to, original.to, own);
            addOthers(result.cc, original.cc, own, result.to);
        }
    }
    result.subject = mail::replySubject(original.subject);
    result.references = referencesOf(original);
    if (!original.messageId.isEmpty())
        result.inReplyTo = {original.messageId};
    const QString saying = attribution(original);
    result.text = QLatin1String("\n\n") + saying + u'\n' + quotedText(original.text) + u'\n';
    return result;
}

Composition forwardComposition(const OriginalMessage &original, const mail::AddressList &own)
{
    Composition result;
    result.from = answeringAddress(original, own);
    result.subject = mail::forwardSubject(original.subject);
    result.references = referencesOf(original);
    result.text = QLatin1String("\n\n") + passedOnLines(original).join(u'\n') + QLatin1String("\n\n") + original.text;
    return result;
}

} // namespace kittiwake::mime
