// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composerbackend.h"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace kittiwake::ui::testing
{

/** A ComposerBackend in memory. Answers come at once unless they are held. */
class FakeComposer final : public ComposerBackend
{
    Q_OBJECT

public:
    explicit FakeComposer(QObject *parent = nullptr);

    void addIdentity(AccountId account, const QString &name, const QString &address, std::uint64_t sizeLimit = 0);
    void setSignature(const QString &address, const QString &text);
    void setPeople(const mail::AddressList &people) { m_people = people; }
    void setSaveError(const std::optional<Error> &error) { m_saveError = error; }
    void setSendError(const std::optional<Error> &error) { m_sendError = error; }
    /** What was open when the program ended the last time. */
    void setDrafts(const std::vector<engine::DraftInfo> &drafts) { m_drafts = drafts; }
    /** What openDraft() and takeBack() say besides. */
    void setNotice(const QString &notice) { m_notice = notice; }
    void keep(const engine::DraftContent &content) { m_saved.push_back(content); }
    void setOnServer(MessageId message, const engine::OpenedDraft &draft) { m_onServer.insert(message, draft); }
    /** Answers of saveDraft() wait until they are let go. */
    void setHolding(bool holding) { m_holding = holding; }
    void releaseHeld();
    /** The server has it. */
    void confirm(const mail::DraftId &draft, const QDateTime &at);

    [[nodiscard]] const std::vector<engine::DraftContent> &saved() const { return m_saved; }
    [[nodiscard]] const std::vector<engine::DraftSendRequest> &sent() const { return m_sent; }
    [[nodiscard]] const std::vector<mail::DraftId> &closed() const { return m_closed; }
    [[nodiscard]] const std::vector<mail::DraftId> &discarded() const { return m_discarded; }
    [[nodiscard]] const std::vector<OperationId> &takenBack() const { return m_takenBack; }
    [[nodiscard]] const QStringList &asked() const { return m_asked; }

    [[nodiscard]] std::vector<WriterIdentity> identities() const override { return m_identities; }
    QFuture<Result<mail::AddressList>> suggestPeople(const QString &typed) override;
    [[nodiscard]] mail::DraftId newDraft() override;
    QFuture<Result<engine::DraftState>> saveDraft(const engine::DraftContent &content) override;
    QFuture<Result<engine::DraftState>> closeDraft(const mail::DraftId &draft) override;
    QFuture<Result<void>> discardDraft(const mail::DraftId &draft) override;
    QFuture<Result<engine::SendReport>> sendDraft(const engine::DraftSendRequest &request) override;
    QFuture<Result<engine::OpenedDraft>> takeBack(OperationId operation) override;
    QFuture<Result<engine::OpenedDraft>> openDraft(const mail::DraftId &draft) override;
    QFuture<Result<engine::OpenedDraft>> openDraft(MessageId message) override;
    QFuture<Result<std::vector<engine::DraftInfo>>> drafts() override;
    QFuture<Result<engine::OpenedDraft>> openVersion(MailboxId mailbox, Uid uid) override;
    QFuture<Result<engine::OpenedDraft>> editAsNew(MessageId message) override;
    QFuture<Result<std::vector<TemplateInfo>>> templates() override;
    [[nodiscard]] std::vector<accounts::Identity> identitiesOf(AccountId account) const override
    {
        return m_accountIdentities.value(account);
    }
    [[nodiscard]] QString newIdentityKey() const override { return QStringLiteral("fresh"); }
    void setIdentitiesError(const std::optional<Error> &error) { m_identitiesError = error; }
    QFuture<Result<void>> setIdentities(AccountId account, const std::vector<accounts::Identity> &identities) override;
    /** What is in the mailbox of drafts at that place. */
    void setVersion(MailboxId mailbox, Uid uid, const engine::OpenedDraft &draft)
    {
        m_versions[{mailbox.value(), uid.value()}] = draft;
    }
    void setTemplates(const std::vector<TemplateInfo> &templates) { m_templates = templates; }
    /** Something has become of a draft. */
    void tell(const engine::DraftState &state) { Q_EMIT draftChanged(state); }
    QFuture<Result<QStringList>> knownWords() override;
    QFuture<Result<void>> setKnownWord(const QString &word, bool known) override;

    void setWords(const QStringList &words) { m_words = words; }
    [[nodiscard]] const QStringList &words() const { return m_words; }

private:
    std::vector<WriterIdentity> m_identities;
    mail::AddressList m_people;
    std::optional<Error> m_saveError;
    std::optional<Error> m_sendError;
    bool m_holding = false;
    std::vector<std::function<void()>> m_held;
    std::vector<engine::DraftContent> m_saved;
    std::vector<engine::DraftSendRequest> m_sent;
    std::vector<mail::DraftId> m_closed;
    std::vector<mail::DraftId> m_discarded;
    std::vector<OperationId> m_takenBack;
    std::vector<engine::DraftInfo> m_drafts;
    QHash<MessageId, engine::OpenedDraft> m_onServer;
    QString m_notice;
    QStringList m_asked;
    QStringList m_words;
    std::map<std::pair<std::int64_t, std::uint32_t>, engine::OpenedDraft> m_versions;
    std::vector<TemplateInfo> m_templates;
    QHash<AccountId, std::vector<accounts::Identity>> m_accountIdentities;
    std::optional<Error> m_identitiesError;
    quint32 m_lastDraft = 0;
};

} // namespace kittiwake::ui::testing
