// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/wholemessage.h"
#include "ui/models/mailsource.h"

namespace kittiwake::ui
{

using SharedMessage = std::shared_ptr<const mime::WholeMessage>;

/** Takes bytes apart in a worker thread. name is what errors call them. Errors as mime::readWholeMessage. */
[[nodiscard]] QFuture<Result<SharedMessage>> readMessage(const QByteArray &bytes, const QString &name);
/**
 * Reads a message from a file, in a worker thread. Errors: Input for a folder, a device, what is too large and what is
 * no message; Storage where it cannot be read.
 */
[[nodiscard]] QFuture<Result<SharedMessage>> readMessageFile(const QString &path);

/**
 * One message that is in memory as a whole, as a source of mail: what shows messages of an account shows this one by
 * the same way, and through the same walls. It has no folders, and nothing about it can be changed.
 */
class LocalSource final : public MailSource
{
    Q_OBJECT

public:
    /**
     * outer: what the message came from, which lives longer: its accounts count as the person's own in remarks on the
     * sender, and it fetches the pictures that the person asks for. Null: a file, for which nothing is fetched.
     */
    explicit LocalSource(SharedMessage message, MailSource *outer = nullptr, QObject *parent = nullptr);

    [[nodiscard]] store::MessageRow row() const;

    [[nodiscard]] std::vector<accounts::Account> accounts() const override;
    [[nodiscard]] engine::AccountStatus status(AccountId) const override { return {}; }
    [[nodiscard]] Result<std::unique_ptr<MailReader>> openReader() const override;
    QFuture<Result<engine::SignInReport>> checkAccount(const accounts::Account &account,
                                                       const Secret &password) override;
    QFuture<Result<AccountId>> addAccount(const accounts::Account &account, const Secret &password) override;
    QFuture<Result<void>> changePassword(AccountId account, const Secret &password) override;
    QFuture<Result<void>> removeAccount(AccountId account) override;
    QFuture<Result<engine::VerifyReport>> verify(const engine::VerifyRequest &request) override;
    void setOpenMailbox(MailboxId) override { }
    void checkNow() override { }
    QFuture<Result<mime::MessageContent>> fetchContent(MessageId message) override;
    QFuture<Result<mime::MessageContent>> fetchContentIn(MessageId message, const QByteArray &charset) override;
    void readAhead(const std::vector<MessageId> &) override { }
    QFuture<Result<QByteArray>> fetchPart(MessageId message, const QByteArray &section) override;
    QFuture<Result<engine::SavedPart>> savePart(MessageId message, const engine::PartRequest &request) override;
    QFuture<Result<void>> unsubscribe(const QUrl &url) override;
    QFuture<Result<QByteArray>> fetchRaw(MessageId message, bool headersOnly) override;
    QFuture<Result<engine::SenderReport>> inspectSender(MessageId message) override;
    QFuture<Result<engine::Pictures>> fetchPictures(const std::vector<mime::RemoteImage> &wanted) override;
    [[nodiscard]] std::vector<engine::PictureSender> pictureSenders() const override { return {}; }
    QFuture<Result<void>> setPictureSender(const engine::PictureSender &sender, bool allowed) override;
    QFuture<Result<engine::ActionReport>> changeFlags(const engine::FlagRequest &request) override;
    QFuture<Result<engine::ActionReport>> move(const engine::MoveRequest &request) override;
    QFuture<Result<engine::ActionReport>> changeFolder(const engine::FolderRequest &request) override;
    QFuture<Result<engine::ActionReport>> retargetAction(OperationId action, MailboxId target) override;
    QFuture<Result<engine::ActionReport>> undo() override;
    QFuture<Result<std::vector<engine::PendingAction>>> pendingActions() override;
    QFuture<Result<engine::ActionReport>> retryAction(OperationId action) override;
    QFuture<Result<void>> dropAction(OperationId action) override;

private:
    SharedMessage m_message;
    MailSource *m_outer;
};

} // namespace kittiwake::ui
