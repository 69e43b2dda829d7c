// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QFuture>
#include <QObject>

#include <memory>
#include <span>
#include <vector>

namespace kittiwake::ui
{

/**
 * Reads the header cache for one thread at a time; the queries block, so they run in worker threads only. The shape of
 * store::CacheReader, as far as the window needs it. Errors: Storage; Cancelled after interrupt().
 */
class MailReader
{
public:
    MailReader() = default;
    MailReader(const MailReader &) = delete;
    MailReader &operator=(const MailReader &) = delete;
    virtual ~MailReader() = default;

    /** All mailboxes of all accounts, ordered by account, role, name. */
    [[nodiscard]] virtual Result<std::vector<store::MailboxRow>> mailboxes() const = 0;
    /** As store::CacheReader::order. */
    [[nodiscard]] virtual Result<std::vector<store::OrderEntry>>
    order(MailboxId mailbox, store::SortKey key, bool ascending, std::int64_t limit, std::int64_t offset) const = 0;
    /** As store::CacheReader::rows: at most 1,000 ids a call, those that have gone are left out. */
    [[nodiscard]] virtual Result<std::vector<store::MessageRow>> rows(std::span<const MessageId> ids) const = 0;
    /** Stops the running query. The one call allowed from any thread. */
    virtual void interrupt() = 0;
};

/**
 * Where the window's mail comes from: the engine in the product (app/window/enginesource.h), generated data in the
 * tests. Lives in the UI thread; no call blocks. Signals are emitted in the UI thread, changes in the order of their
 * commits.
 */
class MailSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual std::vector<accounts::Account> accounts() const = 0;
    [[nodiscard]] virtual engine::AccountStatus status(AccountId account) const = 0;
    /** A reader for one worker thread. */
    [[nodiscard]] virtual Result<std::unique_ptr<MailReader>> openReader() const = 0;

    virtual QFuture<Result<engine::SignInReport>> checkAccount(const accounts::Account &account, const Secret &password)
        = 0;
    virtual QFuture<Result<AccountId>> addAccount(const accounts::Account &account, const Secret &password) = 0;
    virtual QFuture<Result<void>> changePassword(AccountId account, const Secret &password) = 0;
    virtual QFuture<Result<void>> removeAccount(AccountId account) = 0;

    /** As engine::Engine::verify; progress is called in any thread. */
    virtual QFuture<Result<engine::VerifyReport>> verify(const engine::VerifyRequest &request) = 0;

    /** The mailbox that the person looks at; it is kept fresh first. */
    virtual void setOpenMailbox(MailboxId mailbox) = 0;
    /** Asks the servers now. */
    virtual void checkNow() = 0;

    virtual QFuture<Result<mime::MessageContent>> fetchContent(MessageId message) = 0;
    /** Its texts read in another charset than they name. */
    virtual QFuture<Result<mime::MessageContent>> fetchContentIn(MessageId message, const QByteArray &charset) = 0;
    /** What will probably be read next; see engine::Engine::readAhead. */
    virtual void readAhead(const std::vector<MessageId> &messages) = 0;
    virtual QFuture<Result<QByteArray>> fetchPart(MessageId message, const QByteArray &section) = 0;
    /** As engine::Engine::savePart; progress is called in any thread. */
    virtual QFuture<Result<engine::SavedPart>> savePart(MessageId message, const engine::PartRequest &request) = 0;
    virtual QFuture<Result<QByteArray>> fetchRaw(MessageId message, bool headersOnly) = 0;
    /** As engine::Engine::unsubscribe. */
    virtual QFuture<Result<void>> unsubscribe(const QUrl &url) = 0;

    /** As engine::Engine::inspectSender. */
    virtual QFuture<Result<engine::SenderReport>> inspectSender(MessageId message) = 0;
    /** As engine::Engine::fetchPictures: only after the person has asked for them. */
    virtual QFuture<Result<engine::Pictures>> fetchPictures(const std::vector<mime::RemoteImage> &wanted) = 0;
    [[nodiscard]] virtual std::vector<engine::PictureSender> pictureSenders() const = 0;
    virtual QFuture<Result<void>> setPictureSender(const engine::PictureSender &sender, bool allowed) = 0;

    /** Answered when it is safe on the disk; what is shown changes by storeChanged(). */
    virtual QFuture<Result<engine::ActionReport>> changeFlags(const engine::FlagRequest &request) = 0;
    virtual QFuture<Result<engine::ActionReport>> move(const engine::MoveRequest &request) = 0;
    virtual QFuture<Result<engine::ActionReport>> changeFolder(const engine::FolderRequest &request) = 0;
    virtual QFuture<Result<engine::ActionReport>> retargetAction(OperationId action, MailboxId target) = 0;
    virtual QFuture<Result<engine::ActionReport>> undo() = 0;
    /** What the server has not confirmed, oldest first. */
    virtual QFuture<Result<std::vector<engine::PendingAction>>> pendingActions() = 0;
    virtual QFuture<Result<engine::ActionReport>> retryAction(OperationId action) = 0;
    virtual QFuture<Result<void>> dropAction(OperationId action) = 0;

Q_SIGNALS:
    void storeChanged(const kittiwake::store::StoreChanges &changes);
    void accountStatusChanged(const kittiwake::engine::AccountStatus &status);
    void accountsChanged();
    /** pendingActions() would answer something else. */
    void pendingChanged();
    /** A message on its way out has come so far. */
    void sendProgressed(const kittiwake::engine::SendProgress &progress);
    void pictureSendersChanged();
};

} // namespace kittiwake::ui
