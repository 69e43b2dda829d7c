// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/mail/address.h"
#include "core/store/cachereader.h"

#include <QHash>
#include <QString>

#include <memory>
#include <span>

namespace kittiwake::engine
{

/**
 * Whom a recipient's name or address may mean, as far as the header cache tells: people that were written to, and those
 * whose mail was seen. A value that is made and extended in worker threads and shared unchanged; in memory only.
 */
class People
{
public:
    static constexpr qsizetype limit = 100'000; ///< people; further ones are not noted

    /** What was known, and what the cache has learnt since, of these accounts. Reads only new rows; blocks. Errors:
     * Storage. */
    [[nodiscard]] static Result<std::shared_ptr<const People>> refreshed(const store::CacheReader &cache,
                                                                         std::span<const AccountId> accounts,
                                                                         const std::shared_ptr<const People> &known);

    /**
     * Those one of whose names, or whose address or its domain, begins with each word that is typed; without regard to
     * case and to marks on letters. The likeliest first: who is written to often and lately, then whose mail came.
     * Linear in the people; about 10 ms for 100,000.
     */
    [[nodiscard]] mail::AddressList find(const QString &typed, std::size_t most) const;

    [[nodiscard]] qsizetype size() const { return m_people.size(); }
    /** For tests, and for what refreshed() reads. */
    void note(const store::CorrespondenceRow &row);

private:
    struct Person {
        mail::Address address;
        QString words; ///< what is looked through: " anna berg anna@x.example x.example"
        int written = 0; ///< messages to them
        int received = 0; ///< messages from them
        std::int64_t last = 0; ///< seconds since 1970 UTC
    };
    void add(const mail::Address &address, bool written, std::int64_t date);

    QHash<QString, Person> m_people; ///< by address in small letters
    QHash<AccountId, MessageId> m_last;
};

} // namespace kittiwake::engine
