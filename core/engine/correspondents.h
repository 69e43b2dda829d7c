// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/cachereader.h"

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>

#include <memory>

namespace kittiwake::engine
{

/**
 * Whom the person of one account knows, as far as the header cache tells: addresses that mail came from or went to. A
 * value that is made and extended in worker threads and shared unchanged. In memory only.
 */
class Correspondents
{
public:
    static constexpr qsizetype limit = 200000; ///< addresses; further ones are not noted, and nothing is said then

    /** What was known, and what the cache has learnt since. Reads only new rows; blocks. Errors: Storage. */
    [[nodiscard]] static Result<std::shared_ptr<const Correspondents>>
    refreshed(const store::CacheReader &cache, AccountId account, const std::shared_ptr<const Correspondents> &known);

    /** Whether mail came from the address in another message than that one, or went to it. */
    [[nodiscard]] bool knows(const QString &address, const QByteArray &exceptMessage) const;
    /** Whether "never" can be said: all headers of the account are there, and all were noted. */
    [[nodiscard]] bool isComplete() const
    {
        return m_complete && m_received.size() < limit && m_written.size() < limit;
    }
    /** Domains of people that were written to, or that three messages came from; at most 2,000. */
    [[nodiscard]] QStringList domains() const;

private:
    struct Received {
        QByteArray first; ///< Message-ID
        int count = 0; ///< different ones, up to three
    };
    void note(const store::CorrespondenceRow &row);

    QHash<QString, Received> m_received;
    QSet<QString> m_written;
    MessageId m_last;
    bool m_complete = false;
};

} // namespace kittiwake::engine
