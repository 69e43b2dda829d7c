// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/strongid.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringView>

#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

struct sqlite3_stmt;

namespace kittiwake::store
{

class Database;

/** A prepared statement in the database's cache, with the memory of its parameters, which is reused. */
struct PreparedStatement {
    sqlite3_stmt *handle = nullptr;
    bool leased = false;
    std::vector<std::string> parameters; ///< copies that SQLite reads in place (SQLITE_STATIC) until the next bind
};

/**
 * The lease of a prepared statement: bind, step, read the columns, reset, again. Given back to the cache of its
 * Database when it goes, which must not be before: the Database outlives it. Indexes of parameters start at 1, of
 * columns at 0, as in SQLite. A failed bind (out of memory, too long) is reported by the next step.
 *
 * Text is stored as UTF-8: half the bytes of UTF-16 for most mail, and Qt's converter is faster than the one SQLite
 * would run (docs/schema.md has the measurement).
 */
class Statement
{
public:
    Statement(Database &database, PreparedStatement &prepared);
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&) = delete;
    ~Statement();

    /** Copies the text as UTF-8. NUL becomes U+FFFD, since SQL functions stop at NUL; half a surrogate pair as well. */
    void bind(int index, QStringView text);
    /** A BLOB, copied. */
    void bind(int index, QByteArrayView bytes);
    /** A BLOB that the caller keeps until the statement was stepped to its end or reset. */
    void bindUncopied(int index, QByteArrayView bytes);
    template <std::integral Number>
    void bind(int index, Number number)
    {
        bindInteger(index, static_cast<std::int64_t>(number));
    }
    template <typename Tag, typename Number>
    void bind(int index, StrongId<Tag, Number> id)
    {
        bindInteger(index, static_cast<std::int64_t>(id.value()));
    }

    /** True: a row is there to be read. False: done. Errors: Storage; Cancelled after Database::interrupt. */
    [[nodiscard]] Result<bool> step();
    /** Calls onRow(*this) for each row that is left. Errors: those of step(). */
    template <typename OnRow>
    [[nodiscard]] Result<void> each(OnRow onRow)
    {
        for (;;) {
            const auto more = step();
            if (!more)
                return failure(more.error());
            if (!*more)
                return {};
            onRow(*this);
        }
    }
    /** What read(*this) makes of each row that is left. Errors: those of step(). */
    template <typename Read>
    [[nodiscard]] auto all(Read read) -> Result<std::vector<decltype(read(*this))>>
    {
        std::vector<decltype(read(*this))> result;
        auto done = each([&result, &read](const Statement &row) { result.push_back(read(row)); });
        if (!done)
            return failure(std::move(done.error()));
        return result;
    }
    /** Steps to the end and resets, for statements whose rows do not matter. */
    [[nodiscard]] Result<void> run();
    /** Makes it ready for the next run; parameters keep their values. */
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool boolean(int column) const { return integer(column) != 0; }
    [[nodiscard]] QString text(int column) const;
    [[nodiscard]] QByteArray blob(int column) const;
    /** The bytes of a TEXT or BLOB column where they are; gone with the next step or reset. */
    [[nodiscard]] QByteArrayView view(int column) const;
    template <typename Id>
    [[nodiscard]] Id id(int column) const
    {
        return Id(static_cast<typename Id::ValueType>(integer(column)));
    }

private:
    void bindInteger(int index, std::int64_t number);
    void note(int code);

    Database *m_database;
    PreparedStatement *m_prepared; ///< null: moved from
    int m_bindError = 0;
};

} // namespace kittiwake::store
