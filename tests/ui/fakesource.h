// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/fakestore.h"
#include "ui/models/mailsource.h"

#include <QHash>

#include <functional>
#include <memory>
#include <optional>

namespace kittiwake::ui::testing
{

/** MailSource on a FakeStore. Changes are announced as the engine does: after they are in the store. */
class FakeSource final : public MailSource
{
    Q_OBJECT

public:
    explicit FakeSource(QObject *parent = nullptr);

    FakeStore &store() { return *m_store; }
    AccountId addFakeAccount(const QString &email, const QString &name = {});
    void setStatus(const engine::AccountStatus &status);
    void setContent(MessageId message, const mime::MessageContent &content);
    void setContentError(MessageId message, const Error &error);
    void setPart(MessageId message, const QByteArray &section, const QByteArray &data);
    void setRaw(MessageId message, const QByteArray &data);
    void setRawError(MessageId message, const Error &error) { m_rawErrors.insert(message, error); }
    /** The only password that sign-ins take. */
    void setPassword(const QByteArray &password) { m_password = password; }
    /** Answers of the server wait until they are let go. */
    void setHolding(bool holding) { m_holding = holding; }
    void releaseHeld();

    /** What verify() finds; a request to repair mends it. */
    void setVerifyReport(const engine::VerifyReport &report) { m_verifyReport = report; }
    [[nodiscard]] const engine::VerifyRequest &verifyRequest() const { return m_verifyRequest; }

    /** Change the store and say so. */
    MessageId deliver(MailboxId mailbox, const mail::MessageHeader &header, ThreadId thread = {});
    void expunge(MailboxId mailbox, const std::vector<MessageId> &messages);
    void changeFlags(MailboxId mailbox, MessageId message, std::uint32_t flags);
    void announce(const store::MailboxChanges &changes);
    void announceTree();

    [[nodiscard]] std::vector<accounts::Account> accounts() const override { return m_accounts; }
    [[nodiscard]] engine::AccountStatus status(AccountId account) const override;
    [[nodiscard]] Result<std::unique_ptr<MailReader>> openReader() const override;
    QFuture<Result<engine::SignInReport>> checkAccount(const accounts::Account &account,
                                                       const Secret &password) override;
    QFuture<Result<AccountId>> addAccount(const accounts::Account &account, const Secret &password) override;
    QFuture<Result<void>> changePassword(AccountId account, const Secret &password) override;
    QFuture<Result<void>> removeAccount(AccountId account) override;
    QFuture<Result<engine::VerifyReport>> verify(const engine::VerifyRequest &request) override;
    void setOpenMailbox(MailboxId mailbox) override { m_openMailbox = mailbox; }
    void checkNow() override { ++m_checks; }
    QFuture<Result<mime::MessageContent>> fetchContent(MessageId message) override;
    QFuture<Result<mime::MessageContent>> fetchContentIn(MessageId message, const QByteArray &charset) override;
    void readAhead(const std::vector<MessageId> &messages) override { m_ahead = messages; }
    QFuture<Result<QByteArray>> fetchPart(MessageId message, const QByteArray &section) override;
    QFuture<Result<engine::SavedPart>> savePart(MessageId message, const engine::PartRequest &request) override;
    QFuture<Result<void>> unsubscribe(const QUrl &url) override;
    QFuture<Result<QByteArray>> fetchRaw(MessageId message, bool headersOnly) override;
    QFuture<Result<engine::SenderReport>> inspectSender(MessageId message) override;
    void setSenderReport(MessageId message, const engine::SenderReport &report)
    {
        m_senderReports.insert(message, report);
    }
    QFuture<Result<engine::Pictures>> fetchPictures(const std::vector<mime::RemoteImage> &wanted) override;
    [[nodiscard]] std::vector<engine::PictureSender> pictureSenders() const override { return m_pictureSenders; }
    QFuture<Result<void>> setPictureSender(const engine::PictureSender &sender, bool allowed) override;
    /** What the Internet has. */
    void setPicture(const QString &url, const QByteArray &type, const QByteArray &data);
    [[nodiscard]] const QStringList &picturesAskedFor() const { return m_picturesAskedFor; }
    QFuture<Result<engine::ActionReport>> changeFlags(const engine::FlagRequest &request) override;
    QFuture<Result<engine::ActionReport>> move(const engine::MoveRequest &request) override;
    QFuture<Result<engine::ActionReport>> changeFolder(const engine::FolderRequest &request) override;
    QFuture<Result<engine::ActionReport>> retargetAction(OperationId action, MailboxId target) override;
    QFuture<Result<engine::ActionReport>> undo() override;
    QFuture<Result<std::vector<engine::PendingAction>>> pendingActions() override;
    QFuture<Result<engine::ActionReport>> retryAction(OperationId action) override;
    QFuture<Result<void>> dropAction(OperationId action) override;
    /** What waits for the server. */
    void setPending(std::vector<engine::PendingAction> actions);
    /** Likewise, and nobody hears of it: what an engine does where only a reason has changed. */
    void changePendingUntold(std::vector<engine::PendingAction> actions);
    /** What was asked for so far, oldest first. */
    [[nodiscard]] const std::vector<engine::FlagRequest> &flagRequests() const { return m_flagRequests; }
    [[nodiscard]] const std::vector<engine::MoveRequest> &moveRequests() const { return m_moveRequests; }
    /** The answer to the next action; nothing: it works. */
    void setActionError(const std::optional<Error> &error) { m_actionError = error; }
    [[nodiscard]] const std::vector<engine::FolderRequest> &folderRequests() const { return m_folderRequests; }
    [[nodiscard]] const std::vector<std::pair<OperationId, MailboxId>> &retargeted() const { return m_retargeted; }
    [[nodiscard]] int pendingReads() const { return m_pendingReads; }
    [[nodiscard]] int undos() const { return m_undos; }
    [[nodiscard]] const QList<QUrl> &unsubscribed() const { return m_unsubscribed; }

    [[nodiscard]] MailboxId openMailbox() const { return m_openMailbox; }
    [[nodiscard]] int checks() const { return m_checks; }
    [[nodiscard]] int fetches() const { return m_fetches; }
    /** What was to be fetched ahead last. */
    [[nodiscard]] const std::vector<MessageId> &ahead() const { return m_ahead; }
    /** The content in another charset. */
    void setContentIn(MessageId message, const QByteArray &charset, const mime::MessageContent &content);

private:
    template <typename T>
    QFuture<Result<T>> later(std::function<Result<T>()> answer);
    [[nodiscard]] Result<void> signIn(const accounts::Account &account, const Secret &password) const;

    std::shared_ptr<FakeStore> m_store;
    std::vector<accounts::Account> m_accounts;
    QHash<AccountId, engine::AccountStatus> m_statuses;
    QHash<MessageId, Result<mime::MessageContent>> m_contents;
    QHash<QByteArray, QByteArray> m_parts;
    QHash<MessageId, QByteArray> m_raw;
    QHash<MessageId, Error> m_rawErrors;
    QHash<MessageId, engine::SenderReport> m_senderReports;
    QHash<QString, mime::InlineImage> m_pictures;
    std::vector<engine::PictureSender> m_pictureSenders;
    QStringList m_picturesAskedFor;
    engine::VerifyReport m_verifyReport;
    engine::VerifyRequest m_verifyRequest;
    QByteArray m_password = "right";
    bool m_holding = false;
    std::vector<std::function<void()>> m_held;
    MailboxId m_openMailbox;
    std::vector<engine::FlagRequest> m_flagRequests;
    std::vector<engine::MoveRequest> m_moveRequests;
    std::optional<Error> m_actionError;
    std::vector<engine::FolderRequest> m_folderRequests;
    std::vector<std::pair<OperationId, MailboxId>> m_retargeted;
    std::vector<engine::PendingAction> m_pendingActions;
    QList<QUrl> m_unsubscribed;
    int m_pendingReads = 0;
    int m_undos = 0;
    int m_checks = 0;
    int m_fetches = 0;
    std::vector<MessageId> m_ahead;
    QHash<QByteArray, mime::MessageContent> m_contentsIn;
};

} // namespace kittiwake::ui::testing
