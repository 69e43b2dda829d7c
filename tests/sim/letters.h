// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/mailwriter.h"
#include "tests/sim/model/submission.h"
#include "tests/sim/pendingpeek.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kittiwake::sim
{

/**
 * What the person sends, and what has come of it: who got it how often, and how often anybody may have. The person's
 * hand tells it what was asked for, the submission server what it has taken. Part of the world, not of the client.
 */
class Letters
{
public:
    using Violation = std::function<void(const QString &what)>;

    explicit Letters(Violation violation) : m_violation(std::move(violation)) { }

    /** From here on it may be sent, once. */
    void asked(const MailWriter::Letter &letter);
    /** The program said that it is safe, as this operation. */
    void acknowledged(const model::Content &content, std::int64_t operation);
    /** The program said that it could not; with a disk that fails it may be there all the same. */
    void failed(const model::Content &content);
    /** The person sends it again, knowing how it stands: who may have it already may get it once more. */
    void sentAgain(const PendingRow &row);
    /** The person has given it up. isCertain: the program said that it is gone. */
    void givenUp(const PendingRow &row, bool isCertain);
    /** The person does not want the copy in Sent any more. */
    void copyGivenUp(const std::string &messageId);
    /** The server has taken it. */
    void taken(const model::Submitted &submitted);

    [[nodiscard]] bool has(const model::Content &content) const;
    [[nodiscard]] bool isEmpty() const { return m_letters.empty(); }
    /** Messages that the server has taken, for the sum at the end. */
    [[nodiscard]] std::uint64_t takenCount() const { return m_taken; }

    /** What is wrong once the outbox is at rest; rows: of pending.db. */
    [[nodiscard]] QStringList check(const std::vector<PendingRow> &rows) const;
    /** Of which there must be a copy in Sent then, and of which there may be one (false). */
    [[nodiscard]] std::map<const model::Content *, bool> copies(const std::vector<PendingRow> &rows) const;

private:
    struct Reader {
        int taken = 0; ///< how often the server has taken it for them
        int allowed = 1;
    };
    struct One {
        std::shared_ptr<const model::Content> content;
        std::string sent; ///< octets that recipients are to get
        std::map<std::string, Reader> readers;
        std::int64_t operation = 0; ///< 0: it was not acknowledged
        bool isGivenUp = false;
        bool mayBeGone = false; ///< nobody can say whether it is in the outbox
        bool wasCopied = false; ///< when it was given up: some have it
        bool isCopyGivenUp = false;
    };

    [[nodiscard]] One *find(const std::string &messageId);
    [[nodiscard]] static bool hasCopy(const PendingRow &row);

    Violation m_violation;
    std::map<std::string, One> m_letters; ///< by Message-ID
    std::uint64_t m_taken = 0;
};

} // namespace kittiwake::sim
