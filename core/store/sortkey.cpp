// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sortkey.h"

#include "core/mail/subject.h"
#include "core/store/database.h"

#include <QByteArray>

#include <sqlite3.h>

#include <algorithm>

namespace kittiwake::store
{

namespace
{

constexpr qsizetype longestKey = 100;

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
    setResult(context, sortKey(mail::baseSubject(subject)));
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
