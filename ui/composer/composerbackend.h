// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    std::uint64_t sizeLimit = 0; ///< octets of a message that the account's server takes; 0: not known
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
    virtual QFuture<Result<QStringList>> knownWords() = 0;
    virtual QFuture<Result<void>> setKnownWord(const QString &word, bool known) = 0;

Q_SIGNALS:
    void identitiesChanged();
    void draftChanged(const kittiwake::engine::DraftState &state);
};

} // namespace kittiwake::ui
