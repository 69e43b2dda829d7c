// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/strongid.h"
#include "core/store/fingerprint.h"
#include "core/store/uidrange.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** What is to be compared with the server, and whether what differs is to be mended. */
struct VerifyRequest {
    AccountId account; ///< none: all accounts
    QStringList mailboxes; ///< full names; empty: all
    bool repair = false;
    /** Messages compared so far of those in the mailbox. Called in the engine thread; may be empty. */
    std::function<void(std::int64_t done, std::int64_t total, QString mailbox)> progress;
};

/** One value that is not the same on both sides, as text for people and for JSON. */
struct FieldDifference {
    QString field; ///< "flags", "size", "internal_date", "subject", "uidvalidity" …
    QString here; ///< in the cache
    QString there; ///< on the server

    bool operator==(const FieldDifference &) const = default;
};

/** A message that is not the same on both sides. */
struct MessageDifference {
    enum class Kind {
        Missing, ///< the server has it, the cache does not
        Extra, ///< the cache has it, the server does not: it is gone there
        Flags, ///< flags or keywords differ, and nothing else
        Fields, ///< what never changes on a server differs: the row in the cache is damaged
    };
    Uid uid;
    Kind kind = Kind::Missing;
    std::vector<FieldDifference> fields; ///< of Flags and Fields; empty otherwise

    bool operator==(const MessageDifference &) const = default;
};

/** UIDs by rising ranges, and how many they are. */
struct UidList {
    std::vector<store::UidRange> ranges;
    std::int64_t count = 0;

    void add(Uid uid); ///< larger than all before
    bool operator==(const UidList &) const = default;
};

/** What comparing one mailbox has shown. */
struct MailboxVerdict {
    enum class State {
        Compared,
        NotHere, ///< the server lists it, the cache does not know it
        NotThere, ///< the cache has it, the server does not list it
        Renumbered, ///< another UIDVALIDITY: no UID of the cache means anything any more
        NotOpened, ///< the server refused to open it: error says why
    };
    /** Differences of messages that are listed with their values; the UIDs are complete in any case. */
    static constexpr std::size_t mostListed = 1000;

    AccountId account;
    MailboxId mailbox; ///< none where the cache does not know it
    QString name;
    State state = State::Compared;
    UidList missing;
    UidList extra;
    UidList flagsDiffer;
    UidList fieldsDiffer;
    UidList unreadable; ///< the server has them but told nothing of use: not compared
    std::vector<FieldDifference> mailboxFields; ///< what the cache says of the whole mailbox and is not so
    std::vector<MessageDifference> differences; ///< the first mostListed, by rising UID
    store::Fingerprint here; ///< of the cache, as it was compared
    store::Fingerprint there; ///< of the server
    bool repaired = false; ///< it was not in order, and is now; what was found is still listed
    std::optional<Error> error; ///< NotOpened

    /** Cache and server were the same, or are since the repair. */
    [[nodiscard]] bool isOk() const { return repaired || (state == State::Compared && !differs()); }
    [[nodiscard]] bool differs() const
    {
        return missing.count + extra.count + flagsDiffer.count + fieldsDiffer.count > 0 || !mailboxFields.empty();
    }
};

/** What Engine::verify() found out. */
struct VerifyReport {
    std::vector<MailboxVerdict> mailboxes; ///< in the order of the server's list
    std::int64_t messages = 0; ///< that the server has in them
    std::int64_t elapsedMs = 0;
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;

    [[nodiscard]] bool isOk() const;
};

} // namespace kittiwake::sync
