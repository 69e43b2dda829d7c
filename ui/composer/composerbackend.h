// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/base/result.h"
#include "core/engine/drafttypes.h"
#include "core/engine/sendtypes.h"

#include <QFuture>
#include <QObject>

#include <cstdint>
#include <vector>

namespace kittiwake::ui
{

/** As whom the person writes: one of the identities of an account that can send. */
struct WriterIdentity {
    AccountId account;
    QString key; ///< DraftContext::identity
    mail::Address from;
    mail::AddressList replyTo;
    QString signatureText; ///< below the mark "-- "; empty: none
    QString signatureHtml; ///< of formatted text; empty: made of signatureText
    bool signatureBelowQuote = false; ///< in answers; else above what is quoted
    std::uint64_t sizeLimit = 0; ///< octets of a message that the account's server takes; 0: not known
};

/** A message that new ones begin with. */
struct TemplateInfo {
    MessageId message;
    AccountId account;
    QString subject;

    bool operator==(const TemplateInfo &) const = default;
};

/**
 * What a composer wants of the engine: the engine in the product (app/window/enginecomposer.h), a fake in the tests.
 * UI thread; no call blocks.
 */
class ComposerBackend : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /** Of all accounts that can send, those of an account together, its first one first. */
    [[nodiscard]] virtual std::vector<WriterIdentity> identities() const = 0;
    /** People whose names or addresses begin with what is typed, the likeliest first. */
    virtual QFuture<Result<mail::AddressList>> suggestPeople(const QString &typed) = 0;

    /** As engine::Engine's of these names. */
    [[nodiscard]] virtual mail::DraftId newDraft() = 0;
    virtual QFuture<Result<engine::DraftState>> saveDraft(const engine::DraftContent &content) = 0;
    virtual QFuture<Result<engine::DraftState>> closeDraft(const mail::DraftId &draft) = 0;
    virtual QFuture<Result<void>> discardDraft(const mail::DraftId &draft) = 0;
    virtual QFuture<Result<engine::SendReport>> sendDraft(const engine::DraftSendRequest &request) = 0;
    virtual QFuture<Result<engine::OpenedDraft>> takeBack(OperationId operation) = 0;
    virtual QFuture<Result<engine::OpenedDraft>> openDraft(const mail::DraftId &draft) = 0;
    virtual QFuture<Result<engine::OpenedDraft>> openDraft(MessageId message) = 0;
    virtual QFuture<Result<std::vector<engine::DraftInfo>>> drafts() = 0;
    /** A version of a draft where it lies: the other one, when two devices have written. */
    virtual QFuture<Result<engine::OpenedDraft>> openVersion(MailboxId mailbox, Uid uid) = 0;
    virtual QFuture<Result<engine::OpenedDraft>> editAsNew(MessageId message) = 0;
    /** Of all accounts, the newest 200 of each, by their subjects. */
    virtual QFuture<Result<std::vector<TemplateInfo>>> templates() = 0;
    /** All of an account, also where it cannot send; the first one first, never none. */
    [[nodiscard]] virtual std::vector<accounts::Identity> identitiesOf(AccountId account) const = 0;
    [[nodiscard]] virtual QString newIdentityKey() const = 0;
    virtual QFuture<Result<void>> setIdentities(AccountId account, const std::vector<accounts::Identity> &identities)
        = 0;
    virtual QFuture<Result<QStringList>> knownWords() = 0;
    virtual QFuture<Result<void>> setKnownWord(const QString &word, bool known) = 0;

Q_SIGNALS:
    void identitiesChanged();
    void draftChanged(const kittiwake::engine::DraftState &state);
};

} // namespace kittiwake::ui
