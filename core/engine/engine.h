// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/mime/messagecontent.h"
#include "core/store/cachereader.h"
#include "core/store/storechanges.h"

#include <QFuture>
#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>

namespace kittiwake::engine
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
    std::int64_t trueAsOf = 0; ///< milliseconds since 1970 UTC at which the server last confirmed; 0: never
    std::int64_t retryAt = 0; ///< milliseconds since 1970 UTC
    std::optional<Error> error;

    bool operator==(const AccountStatus &) const = default;
};

/** What "kittiwakectl watch" prints, a line each. */
struct WatchEvent {
    enum class Kind { Connected, Added, Removed, Changed, Mailbox, Disconnected, Error };
    Kind kind = Kind::Connected;
    AccountId account;
    QString mailbox;
    std::vector<Uid> uids;
    QString text; ///< of an Error
    std::int64_t at = 0; ///< milliseconds since 1970 UTC
};

/** What a sign-in has shown of the servers. */
struct SignInReport {
    QString imap; ///< "127.0.0.1:993 (TLS, SCRAM-SHA-256)"
    QString smtp;
    QStringList capabilities;
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
    std::int64_t messages = 0;
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

struct EngineOptions {
    QString profile; ///< folder of the profile; made with mode 0700 where missing
    bool stayConnected = false; ///< connect all accounts at once and keep them in sync (the window, "watch")
};

/**
 * The one door to the core for the window and for kittiwakectl. Lives in the thread that opens it; the work is done in
 * a thread of its own. Results come as QFuture: `engine.fetchContent(id).then(this, [](Result<…> r) { … })` is called
 * in the thread of `this`. Cancelling a future abandons the work. Signals are emitted in the thread of the Engine.
 */
class Engine final : public QObject
{
    Q_OBJECT

public:
    /** Errors: Storage, with the process that owns the profile named where it is in use. */
    [[nodiscard]] static Result<std::unique_ptr<Engine>> open(const EngineOptions &options);
    ~Engine() override;

    [[nodiscard]] std::vector<accounts::Account> accounts() const;
    [[nodiscard]] AccountStatus status(AccountId account) const;
    /** A reader of the cache for the calling thread. */
    [[nodiscard]] Result<std::unique_ptr<store::CacheReader>> openReader() const;

    /** Connects and signs in to the servers; stores nothing. */
    QFuture<Result<SignInReport>> checkAccount(const accounts::Account &account, const Secret &password);
    /** Checks, stores the password in the keychain (unless account.passwordCommand is set), then the account. */
    QFuture<Result<AccountId>> addAccount(const accounts::Account &account, const Secret &password);
    /** Stores a new password in the keychain and connects with it. */
    QFuture<Result<void>> changePassword(AccountId account, const Secret &password);
    QFuture<Result<void>> removeAccount(AccountId account);

    QFuture<Result<SyncReport>> sync(const SyncRequest &request);
    /** The mailbox that the person looks at: it is synced first and watched. None: only INBOX is. */
    void setOpenMailbox(MailboxId mailbox);
    /** Connects, or asks the servers now (F5). */
    void checkNow();
    /** Deletes the header cache and fetches it again. */
    QFuture<Result<void>> dropCache();

    /** What the reader shows of a message. From memory, or from the server. */
    QFuture<Result<mime::MessageContent>> fetchContent(MessageId message);
    /** One part, decoded. section as in Attachment. */
    QFuture<Result<QByteArray>> fetchPart(MessageId message, const QByteArray &section);
    /** The whole message, or its header (both RFC 5322 bytes as the server has them). */
    QFuture<Result<QByteArray>> fetchRaw(MessageId message, bool headersOnly);

Q_SIGNALS:
    void storeChanged(const kittiwake::store::StoreChanges &changes);
    void accountStatusChanged(const kittiwake::engine::AccountStatus &status);
    void accountsChanged();
    void watchEvent(const kittiwake::engine::WatchEvent &event);

private:
    struct Private;
    explicit Engine(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::engine

Q_DECLARE_METATYPE(kittiwake::engine::AccountStatus)
Q_DECLARE_METATYPE(kittiwake::engine::WatchEvent)
