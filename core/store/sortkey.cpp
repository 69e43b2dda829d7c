// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sortkey.h"

#include "core/store/database.h"

#include <QByteArray>

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace kittiwake::store
{

namespace
{

constexpr qsizetype longestKey = 100;

// Lower case, without the colon. What mail programs of many languages put before a subject.
constexpr std::array<QStringView, 18> replyMarks{u"re",  u"fw",  u"fwd", u"aw",   u"wg",   u"antw",
                                                 u"sv",  u"vs",  u"vb",  u"ref",  u"rv",   u"tr",
                                                 u"rif", u"odp", u"ynt", u"回复", u"转发", u"ha"};

QStringView skipBlanks(QStringView text)
{
    return text.trimmed();
}

/** "Re:", "RE[2]:", "Re :" in front of text: its length, or 0. */
qsizetype replyMarkLength(QStringView text)
{
    const qsizetype colon = text.first(std::min<qsizetype>(text.size(), 12)).indexOf(u':');
    if (colon <= 0)
        return 0;
    QStringView mark = text.first(colon).trimmed();
    if (mark.endsWith(u']') && mark.contains(u'['))
        mark = mark.first(mark.lastIndexOf(u'[')).trimmed();
    const bool known = std::any_of(replyMarks.begin(), replyMarks.end(),
                                   [&](QStringView one) { return mark.compare(one, Qt::CaseInsensitive) == 0; });
    return known ? colon + 1 : 0;
}

/** "[list] " in front of something: its length, or 0. */
qsizetype blobLength(QStringView text)
{
    if (!text.startsWith(u'['))
        return 0;
    const qsizetype close = text.indexOf(u']');
    return close > 0 && !skipBlanks(text.sliced(close + 1)).isEmpty() ? close + 1 : 0;
}

QString columnText(sqlite3_value *value)
{
    const auto *bytes = static_cast<const char *>(sqlite3_value_blob(value));
    return QString::fromUtf8(bytes, sqlite3_value_bytes(value));
}

void setResult(sqlite3_context *context, const QString &key)
{
    const QByteArray bytes = key.toUtf8();
    sqlite3_result_text(context, bytes.constData(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
}

void nameKey(sqlite3_context *context, int /*count*/, sqlite3_value **values)
{
    const QString name = sortKey(columnText(values[0]));
    setResult(context, name.isEmpty() ? sortKey(columnText(values[1])) : name);
}

void subjectKey(sqlite3_context *context, int /*count*/, sqlite3_value **values)
{
    const QString subject = columnText(values[0]);
    setResult(context, sortKey(baseSubject(subject)));
}

} // namespace

QString sortKey(QStringView text)
{
    while (!text.isEmpty() && (text.front().isSpace() || text.front() == u'"' || text.front() == u'\''))
        text = text.sliced(1);
    text = text.first(std::min(text.size(), longestKey));
    const bool ascii = std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
    if (ascii)
        return text.toString().toLower();
    QString key = text.toString().normalized(QString::NormalizationForm_KD);
    key.removeIf([](QChar c) { return c.isMark(); });
    return key.toCaseFolded();
}

QStringView baseSubject(QStringView subject)
{
    QStringView rest = skipBlanks(subject);
    for (;;) {
        const qsizetype blob = blobLength(rest);
        const QStringView after = skipBlanks(rest.sliced(blob));
        const qsizetype mark = replyMarkLength(after);
        if (blob == 0 && mark == 0)
            return rest;
        rest = skipBlanks(after.sliced(mark));
    }
}

Result<void> registerSortKeys(Database &database)
{
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int code = sqlite3_create_function_v2(database.handle(), "kw_name_key", 2, flags, nullptr, nameKey, nullptr,
                                          nullptr, nullptr);
    if (code == SQLITE_OK) {
        code = sqlite3_create_function_v2(database.handle(), "kw_subject_key", 1, flags, nullptr, subjectKey, nullptr,
                                          nullptr, nullptr);
    }
    if (code != SQLITE_OK)
        return failure(database.error(code));
    return {};
}

} // namespace kittiwake::store
