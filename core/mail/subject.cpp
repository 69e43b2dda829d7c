// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/subject.h"

#include <algorithm>
#include <array>
#include <span>

namespace kittiwake::mail
{

namespace
{

// Lower case, without the colon. What mail programs of many languages put before a subject.
constexpr std::array<QStringView, 9> replyMarks{u"re", u"aw", u"antw", u"sv", u"vs", u"ref", u"rif", u"odp", u"回复"};
constexpr std::array<QStringView, 9> forwardMarks{u"fw", u"fwd", u"wg", u"vb", u"rv", u"tr", u"ynt", u"转发", u"ha"};

/** "Re:", "RE[2]:", "Re :" in front of text, if it is one of known: its length, or 0. */
qsizetype markLength(QStringView text, std::span<const QStringView> known)
{
    const qsizetype colon = text.first(std::min<qsizetype>(text.size(), 12)).indexOf(u':');
    if (colon <= 0)
        return 0;
    QStringView mark = text.first(colon).trimmed();
    if (mark.endsWith(u']') && mark.contains(u'['))
        mark = mark.first(mark.lastIndexOf(u'[')).trimmed();
    const bool isKnown = std::any_of(known.begin(), known.end(),
                                     [&mark](QStringView one) { return mark.compare(one, Qt::CaseInsensitive) == 0; });
    return isKnown ? colon + 1 : 0;
}

/** "[list] " in front of something: its length, or 0. */
qsizetype blobLength(QStringView text)
{
    if (!text.startsWith(u'['))
        return 0;
    const qsizetype close = text.indexOf(u']');
    return close > 0 && !text.sliced(close + 1).trimmed().isEmpty() ? close + 1 : 0;
}

QStringView withoutMarks(QStringView subject, std::span<const QStringView> known)
{
    QStringView rest = subject.trimmed();
    while (const qsizetype mark = markLength(rest, known))
        rest = rest.sliced(mark).trimmed();
    return rest;
}

} // namespace

QStringView baseSubject(QStringView subject)
{
    QStringView rest = subject.trimmed();
    for (;;) {
        const qsizetype blob = blobLength(rest);
        const QStringView after = rest.sliced(blob).trimmed();
        const qsizetype mark = std::max(markLength(after, replyMarks), markLength(after, forwardMarks));
        if (blob == 0 && mark == 0)
            return rest;
        rest = after.sliced(mark).trimmed();
    }
}

QString replySubject(QStringView subject)
{
    return QString(QLatin1String("Re: ") + withoutMarks(subject, replyMarks)).trimmed();
}

QString forwardSubject(QStringView subject)
{
    return QString(QLatin1String("Fwd: ") + withoutMarks(subject, forwardMarks)).trimmed();
}

} // namespace kittiwake::mail
