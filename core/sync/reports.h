// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/strongid.h"

#include <QMetaType>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace kittiwake::sync
{

/** What an account is doing, for people. Crosses threads. */
struct AccountStatus {
    enum class State {
        Offline, ///< not connected, and not trying: no network, or stopped
        Connecting,
        Syncing, ///< progressDone of progressTotal headers are there
        UpToDate, ///< connected, nothing known to be missing; trueAsOf says since when
        Waiting, ///< error happened; tries again at retryAt
        NeedsUser, ///< error needs a person: password, certificate
    };
    AccountId account;
    State state = State::Offline;
    std::int64_t progressDone = 0;
    std::int64_t progressTotal = 0;
    QString mailbox; ///< being synced
    std::int64_t trueAsOf = 0; ///< milliseconds since 1970 UTC: when it was last asked about all mailboxes; 0: never
    std::int64_t retryAt = 0; ///< milliseconds since 1970 UTC
    std::optional<Error> error;

    bool operator==(const AccountStatus &) const = default;
};

/** What happened on the server, as "kittiwakectl watch" prints it, a line each. */
struct WatchEvent {
    enum class Kind { Connected, Added, Removed, Changed, Mailbox, Disconnected, Error };
    Kind kind = Kind::Connected;
    AccountId account;
    QString mailbox;
    std::vector<Uid> uids;
    QString text; ///< of an Error
    std::int64_t at = 0; ///< milliseconds since 1970 UTC
};

struct SyncRequest {
    AccountId account; ///< none: all accounts
    QStringList mailboxes; ///< full names; empty: all
    bool full = false; ///< forget what is known of them and fetch everything again
    std::function<void(std::int64_t done, std::int64_t total, QString mailbox)>
        progress; ///< called in the engine thread
};

/** The figures of one sync; the fields of kittiwakectl's JSON. */
struct SyncReport {
    std::int64_t mailboxes = 0;
    std::int64_t messages = 0; ///< in the cache; of all mailboxes each once (store::OnceCounted)
    std::int64_t added = 0;
    std::int64_t removed = 0;
    std::int64_t changed = 0;
    std::int64_t elapsedMs = 0;
    std::int64_t firstPageMs = 0; ///< until the newest 200 of INBOX were committed
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;
    std::int64_t roundTrips = 0;
    std::int64_t connections = 0;
    std::vector<std::pair<QString, QString>> path; ///< mailbox -> "plain", "full", "condstore", "qresync"
};

} // namespace kittiwake::sync

Q_DECLARE_METATYPE(kittiwake::sync::AccountStatus)
Q_DECLARE_METATYPE(kittiwake::sync::WatchEvent)
