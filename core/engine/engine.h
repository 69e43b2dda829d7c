// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/engine/actiontypes.h"
#include "core/engine/drafttypes.h"
#include "core/engine/messagetypes.h"
#include "core/engine/partrequest.h"
#include "core/engine/pictures.h"
#include "core/engine/senderreport.h"
#include "core/engine/sendtypes.h"
#include "core/mime/messagecontent.h"
#include "core/store/cachereader.h"
#include "core/store/storechanges.h"
#include "core/sync/reports.h"
#include "core/sync/verify/verifyreport.h"

#include <QFuture>
#include <QObject>
#include <QStringList>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>

namespace kittiwake::engine
{

using AccountStatus = sync::AccountStatus;
using WatchEvent = sync::WatchEvent;
using SyncRequest = sync::SyncRequest;
using SyncReport = sync::SyncReport;
using VerifyRequest = sync::VerifyRequest;
using VerifyReport = sync::VerifyReport;
using MailboxVerdict = sync::MailboxVerdict;
using MessageDifference = sync::MessageDifference;
using FieldDifference = sync::FieldDifference;

/** What a sign-in has shown of the servers. */
struct SignInReport {
    QString imap; ///< "127.0.0.1:993 (TLS, SCRAM-SHA-256)"
    QString smtp;
    QStringList capabilities;
};

struct EngineOptions {
    QString profile; ///< folder of the profile; made with mode 0700 where missing
    bool stayConnected = false; ///< connect all accounts at once and keep them in sync (the window, "watch")
    bool offline = false; ///< what people do is noted down and not sent
    int draftPauseMs = 15'000; ///< how long what somebody writes waits before it goes to the server, while they write
    QString program = QStringLiteral("kittiwake"); ///< named to others that want the same profile
    std::function<void(const QString &line)> trace; ///< protocol lines, secrets redacted; called in the engine thread
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
    /** Takes the place of those that the account had. Errors: Input with what is wrong; Storage. */
    QFuture<Result<void>> setIdentities(AccountId account, const std::vector<accounts::Identity> &identities);

    QFuture<Result<SyncReport>> sync(const SyncRequest &request);
    /**
     * Compares the cache with the server message by message, and mends it where the request says so. The report names
     * what differed; that something did is no error. Costs the bytes of a first sync. Cancelling stops it at once.
     */
    QFuture<Result<VerifyReport>> verify(const VerifyRequest &request);
    /** The mailbox that the person looks at: it is synced first and watched. None: only INBOX is. */
    void setOpenMailbox(MailboxId mailbox);
    /** Likewise by full name, for when the cache may not hold it yet. No account: the one whose mailbox it is first. */
    void setOpenMailboxByName(AccountId account, const QString &name);
    /** Connects, or asks the servers now (F5). */
    void checkNow();
    /** Deletes the header cache and fetches it again. */
    QFuture<Result<void>> dropCache();

    /** The folder of the profile where none is named. */
    [[nodiscard]] static QString defaultProfile();
    /** For programs that only read, beside the process that owns the profile. Errors: Storage. */
    [[nodiscard]] static Result<std::vector<accounts::Account>> readAccounts(const QString &profile);
    [[nodiscard]] static Result<std::unique_ptr<store::CacheReader>> openReader(const QString &profile);

    /** What the reader shows of a message. From memory, or from the server. */
    QFuture<Result<mime::MessageContent>> fetchContent(MessageId message);
    /** The same with its texts read in another charset than they name ("koi8-r", of mime::knownCharsets()). */
    QFuture<Result<mime::MessageContent>> fetchContent(MessageId message, const QByteArray &charset);
    /**
     * What will probably be read next, the most probable first: fetched into memory while nobody waits, if it is small
     * and its account is connected. Takes the place of what was said before; empty: nothing.
     */
    void readAhead(const std::vector<MessageId> &messages);
    /** One part, decoded. section as in Attachment. */
    QFuture<Result<QByteArray>> fetchPart(MessageId message, const QByteArray &section);
    /** The whole message, or its header (both RFC 5322 bytes as the server has them). */
    QFuture<Result<QByteArray>> fetchRaw(MessageId message, bool headersOnly);
    /**
     * Brings a part to a file or a sink while it arrives, decoded, in pieces, with progress. A connection that is lost
     * is waited for up to a minute, and it goes on where it was. Cancelling the future leaves nothing behind. Errors:
     * those of connecting; Input where the message or the part is not there; ServerRefused; Storage.
     */
    QFuture<Result<SavedPart>> savePart(MessageId message, const PartRequest &request);
    QFuture<Result<SavedPart>> savePart(const MessageRef &message, const PartRequest &request);
    /** Leaves a mailing list by one POST (RFC 8058), only after the person has said so. Errors: as
     * remote::Unsubscriber.
     */
    QFuture<Result<void>> unsubscribe(const QUrl &url);
    QFuture<Result<MessageDetails>> fetchDetails(const MessageRef &message);
    QFuture<Result<QByteArray>> fetchPart(const MessageRef &message, const QByteArray &section);
    QFuture<Result<QByteArray>> fetchRaw(const MessageRef &message, bool headersOnly);

    /** What is to be said of who sent a message: asks the server for its header, and looks at whom the person knows. */
    QFuture<Result<SenderReport>> inspectSender(MessageId message);
    QFuture<Result<SenderReport>> inspectSender(const MessageRef &message);

    /** Fetches pictures that a message wants from elsewhere, since the person asked for them (core/remote). Does not
     * fail: what could not be fetched is counted. */
    QFuture<Result<Pictures>> fetchPictures(const std::vector<mime::RemoteImage> &wanted);
    /** Senders whose pictures are always loaded. */
    [[nodiscard]] std::vector<PictureSender> pictureSenders() const;
    /** Answered when it is safe on the disk. Errors: Storage. */
    QFuture<Result<void>> setPictureSender(const PictureSender &sender, bool allowed);

    /** Marks messages. Answered when that is safe on the disk and shown, or, with request.wait, when the server was
     * asked. */
    QFuture<Result<ActionReport>> changeFlags(const FlagRequest &request);
    /** Moves, copies or deletes messages; answered as changeFlags(). Errors: Input where the account has no such
     * folder. */
    QFuture<Result<ActionReport>> move(const MoveRequest &request);
    /** Puts a message into a mailbox; answered as changeFlags(). Errors: Input for what IMAP cannot carry. */
    QFuture<Result<ActionReport>> append(const AppendRequest &request);
    /**
     * Makes, renames, deletes or empties a folder, or changes whether it is subscribed; answered as changeFlags().
     * Errors: Input for a name that cannot be or is taken, and for what cannot be done to the inbox.
     */
    QFuture<Result<ActionReport>> changeFolder(const FolderRequest &request);
    /** An action that was refused because its folder has gone goes to another one of the account. Errors: Input. */
    QFuture<Result<ActionReport>> retargetAction(OperationId operation, MailboxId target);
    /**
     * Sends a message. Answered when it is safe in the outbox, or, with request.wait, when the server was asked once.
     * Errors: Input, with a sentence, where it is no message that can be sent.
     */
    QFuture<Result<SendReport>> send(const SendRequest &request);

    /** A new draft, of which nobody knows before it is saved. No waiting. */
    [[nodiscard]] mail::DraftId newDraft();
    /**
     * Keeps all of a draft on this computer: durable when it answers. Meant to be called every few seconds while
     * somebody types; the server gets it from here, after a pause. An attachment that cannot be kept does not stop the
     * text from being kept: the state's notice says so. Errors: Storage; Input while the draft is in the outbox.
     */
    QFuture<Result<DraftState>> saveDraft(const DraftContent &draft);
    /**
     * Nobody writes on it any more: it goes to the server at once, and from this computer when it is there. What was
     * not saved is lost: save first, and close the window when this has answered. wait: until the server was asked
     * once.
     */
    QFuture<Result<DraftState>> closeDraft(const mail::DraftId &draft, bool wait = false);
    /** Deletes a draft, here and on the server; also one that was opened from there and never saved. Errors: Input
     * while it is in the outbox. */
    QFuture<Result<void>> discardDraft(const mail::DraftId &draft, bool wait = false);
    /**
     * What is on this computer: drafts that are open, that the server does not have yet, and those that wait in the
     * outbox. At a start, those that are here and not in the outbox were open when the program ended: they are offered
     * again.
     */
    QFuture<Result<std::vector<DraftInfo>>> drafts();
    /** One of those, to go on writing. Errors: Input where there is none such; Storage. */
    QFuture<Result<OpenedDraft>> openDraft(const mail::DraftId &draft);
    /**
     * A message of the server to go on with, whichever program wrote it: saving it takes its place. Nothing is stored
     * before. The one that is open here already is given once more. Its html is as the message has it: sanitise it
     * before it is shown. Errors: those of fetchRaw().
     */
    QFuture<Result<OpenedDraft>> openDraft(MessageId message);
    QFuture<Result<OpenedDraft>> openDraft(const MessageRef &message);
    /** Any message as the beginning of a new one: its recipients, its text, its files. Errors: those of fetchRaw(). */
    QFuture<Result<OpenedDraft>> editAsNew(MessageId message);
    /**
     * Sends a draft as it was last saved. Answered as send(); it is a draft no more from then on, but can be taken back
     * until its time has come. What the server has of it is removed when the message was accepted. Errors: Input, with
     * what is wrong with it (then it stays as it is).
     */
    QFuture<Result<SendReport>> sendDraft(const DraftSendRequest &request);
    /**
     * A message of the outbox becomes a draft again and is opened: one whose time has not come, or that was refused;
     * of one that some recipients have got, for the others. Errors: Input where it was sent, or is at this moment.
     */
    QFuture<Result<OpenedDraft>> takeBack(OperationId operation);
    /** As drafts(), for programs that only read, also beside the process that owns the profile. Without mailboxes.
     * Errors: Storage. */
    [[nodiscard]] static Result<std::vector<DraftInfo>> readDrafts(const QString &profile);
    /** The id by which all devices know a draft on the server, by its Message-ID; none where it has none. */
    [[nodiscard]] static mail::DraftId draftIdentity(const QByteArray &messageId);
    /** Words that the person has taught the spell checker, sorted. Errors: Storage. */
    QFuture<Result<QStringList>> knownWords();
    /** Answered when it is safe on the disk. Errors: Storage; Input for what is longer than 100 letters. */
    QFuture<Result<void>> setKnownWord(const QString &word, bool known);
    /** Brings back what the last action changed. Errors: Input when there is nothing to undo, or it was for good. */
    QFuture<Result<ActionReport>> undo(bool wait = false);
    /** Tries a parked or waiting action again. Errors: Input when there is none such. */
    QFuture<Result<ActionReport>> retryAction(OperationId operation);
    /** Gives an action up: its messages are shown as the server has them. */
    QFuture<Result<void>> dropAction(OperationId operation);
    /** What waits for the server, oldest first. */
    QFuture<Result<std::vector<PendingAction>>> pendingActions();
    /** The same for programs that only read, also beside the process that owns the profile. Errors: Storage. */
    [[nodiscard]] static Result<std::vector<PendingAction>> readPending(const QString &profile);

Q_SIGNALS:
    void storeChanged(const kittiwake::store::StoreChanges &changes);
    void accountStatusChanged(const kittiwake::engine::AccountStatus &status);
    void accountsChanged();
    void watchEvent(const kittiwake::engine::WatchEvent &event);
    void pendingChanged(const kittiwake::engine::PendingSummary &summary);
    void sendProgressed(const kittiwake::engine::SendProgress &progress);
    /** Also when it has gone (Place::Nowhere). */
    void draftChanged(const kittiwake::engine::DraftState &state);
    void pictureSendersChanged();

private:
    struct Private;
    explicit Engine(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::engine
