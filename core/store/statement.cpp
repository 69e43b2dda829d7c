// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/statement.h"

#include "core/store/database.h"

#include <QStringConverter>

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace kittiwake::store
{

namespace
{

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/** Encodes text into bytes, keeping their memory. */
void encode(QStringView text, std::string &bytes)
{
    QStringEncoder encoder(QStringEncoder::Utf8, QStringEncoder::Flag::Stateless);
    bytes.resize(static_cast<std::size_t>(encoder.requiredSpace(text.size())));
    const char *end = encoder.appendToBuffer(bytes.data(), text);
    bytes.resize(static_cast<std::size_t>(end - bytes.data()));
    for (auto at = bytes.find('\0'); at != std::string::npos; at = bytes.find('\0', at + replacement.size()))
        bytes.replace(at, 1, replacement);
}

} // namespace

Statement::Statement(Database &database, PreparedStatement &prepared) : m_database(&database), m_prepared(&prepared)
{
    prepared.leased = true;
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database), m_prepared(std::exchange(other.m_prepared, nullptr)), m_bindError(other.m_bindError)
{
}

Statement::~Statement()
{
    if (m_prepared == nullptr)
        return;
    sqlite3_reset(m_prepared->handle);
    sqlite3_clear_bindings(m_prepared->handle); // nothing may point at what a caller is about to free
    m_prepared->leased = false;
}

void Statement::note(int code)
{
    if (code != SQLITE_OK && m_bindError == SQLITE_OK)
        m_bindError = code;
}

void Statement::bind(int index, QStringView text)
{
    std::string &bytes = m_prepared->parameters[static_cast<std::size_t>(index) - 1];
    encode(text, bytes);
    note(sqlite3_bind_text64(m_prepared->handle, index, bytes.data(), bytes.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, QByteArrayView data)
{
    std::string &bytes = m_prepared->parameters[static_cast<std::size_t>(index) - 1];
    bytes.assign(data.data(), static_cast<std::size_t>(data.size()));
    note(sqlite3_bind_blob64(m_prepared->handle, index, bytes.data(), bytes.size(), SQLITE_STATIC));
}

void Statement::bindUncopied(int index, QByteArrayView data)
{
    // A null pointer would be bound as NULL.
    const char *bytes = data.data() != nullptr ? data.data() : "";
    note(
        sqlite3_bind_blob64(m_prepared->handle, index, bytes, static_cast<sqlite3_uint64>(data.size()), SQLITE_STATIC));
}

void Statement::bindInteger(int index, std::int64_t number)
{
    note(sqlite3_bind_int64(m_prepared->handle, index, number));
}

Result<bool> Statement::step()
{
    if (m_bindError != SQLITE_OK)
        return failure(m_database->error(m_bindError));
    const int code = sqlite3_step(m_prepared->handle);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    const Error error = m_database->error(code);
    sqlite3_reset(m_prepared->handle);
    return failure(error);
}

Result<void> Statement::run()
{
    for (;;) {
        const auto more = step();
        if (!more)
            return failure(more.error());
        if (!*more)
            break;
    }
    sqlite3_reset(m_prepared->handle);
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_prepared->handle);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_prepared->handle, column);
}

QByteArrayView Statement::view(int column) const
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_prepared->handle, column));
    return {bytes, static_cast<qsizetype>(sqlite3_column_bytes(m_prepared->handle, column))};
}

QString Statement::text(int column) const
{
    return QString::fromUtf8(view(column));
}

QByteArray Statement::blob(int column) const
{
    return view(column).toByteArray();
}

} // namespace kittiwake::store
