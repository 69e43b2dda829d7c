// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "ui/models/mailsource.h"

namespace kittiwake::app
{

/** The engine as the window sees it. Lives in the engine object's thread; the engine must live longer. */
class EngineSource final : public ui::MailSource
{
    Q_OBJECT

public:
    explicit EngineSource(engine::Engine &engine, QObject *parent = nullptr);

    [[nodiscard]] std::vector<accounts::Account> accounts() const override;
    [[nodiscard]] engine::AccountStatus status(AccountId account) const override;
    [[nodiscard]] Result<std::unique_ptr<ui::MailReader>> openReader() const override;
    QFuture<Result<engine::SignInReport>> checkAccount(const accounts::Account &account,
                                                       const Secret &password) override;
    QFuture<Result<AccountId>> addAccount(const accounts::Account &account, const Secret &password) override;
    QFuture<Result<void>> changePassword(AccountId account, const Secret &password) override;
    QFuture<Result<void>> removeAccount(AccountId account) override;
    QFuture<Result<engine::VerifyReport>> verify(const engine::VerifyRequest &request) override;
    void setOpenMailbox(MailboxId mailbox) override;
    void checkNow() override;
    QFuture<Result<mime::MessageContent>> fetchContent(MessageId message) override;
    QFuture<Result<mime::MessageContent>> fetchContentIn(MessageId message, const QByteArray &charset) override;
    void readAhead(const std::vector<MessageId> &messages) override;
    QFuture<Result<QByteArray>> fetchPart(MessageId message, const QByteArray &section) override;
    QFuture<Result<engine::SavedPart>> savePart(MessageId message, const engine::PartRequest &request) override;
    QFuture<Result<void>> unsubscribe(const QUrl &url) override;
    QFuture<Result<QByteArray>> fetchRaw(MessageId message, bool headersOnly) override;
    QFuture<Result<engine::SenderReport>> inspectSender(MessageId message) override;
    QFuture<Result<engine::Pictures>> fetchPictures(const std::vector<mime::RemoteImage> &wanted) override;
    [[nodiscard]] std::vector<engine::PictureSender> pictureSenders() const override;
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
    engine::Engine &m_engine;
};

} // namespace kittiwake::app
