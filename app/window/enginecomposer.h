// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "core/engine/people.h"
#include "ui/composer/composerbackend.h"

#include <QElapsedTimer>
#include <QMutex>

#include <memory>

namespace kittiwake::app
{

/** The engine as composers see it. Lives in the engine object's thread; the engine must live longer. */
class EngineComposer final : public ui::ComposerBackend
{
    Q_OBJECT

public:
    explicit EngineComposer(engine::Engine &engine, QObject *parent = nullptr);

    [[nodiscard]] std::vector<ui::WriterIdentity> identities() const override;
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
    QFuture<Result<std::vector<ui::TemplateInfo>>> templates() override;
    [[nodiscard]] std::vector<accounts::Identity> identitiesOf(AccountId account) const override;
    [[nodiscard]] QString newIdentityKey() const override;
    QFuture<Result<void>> setIdentities(AccountId account, const std::vector<accounts::Identity> &identities) override;
    QFuture<Result<QStringList>> knownWords() override;
    QFuture<Result<void>> setKnownWord(const QString &word, bool known) override;

private:
    /** What is known of people, read anew from the cache now and then; shared with the worker that reads. */
    struct Known {
        QMutex mutex;
        std::shared_ptr<const engine::People> people;
        QElapsedTimer age;
    };

    engine::Engine &m_engine;
    std::shared_ptr<Known> m_known;
};

} // namespace kittiwake::app
