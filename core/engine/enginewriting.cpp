// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/draftstate.h"
#include "core/engine/engineprivate.h"

/** Messages that people write and send. */
namespace kittiwake::engine
{

QFuture<Result<SendReport>> Engine::send(const SendRequest &request)
{
    // Handed on and not copied: it may have tens of megabytes.
    const auto once = std::make_shared<SendRequest>(request);
    return d->request<SendReport>(this, [once](EngineCore &core) { return core.mailing().send(std::move(*once)); });
}

QFuture<Result<void>> Engine::setIdentities(AccountId account, const std::vector<accounts::Identity> &identities)
{
    return d->request<void>(
        this, [account, identities](EngineCore &core) { return core.setIdentities(account, identities); });
}

mail::DraftId Engine::newDraft()
{
    return mail::DraftId::make(d->random);
}

QFuture<Result<DraftState>> Engine::saveDraft(const DraftContent &draft)
{
    return d->request<DraftState>(this, [draft](EngineCore &core) { return core.drafts().save(draft); });
}

QFuture<Result<DraftState>> Engine::closeDraft(const mail::DraftId &draft, bool wait)
{
    return d->request<DraftState>(this, [draft, wait](EngineCore &core) { return core.drafts().close(draft, wait); });
}

QFuture<Result<void>> Engine::discardDraft(const mail::DraftId &draft, bool wait)
{
    return d->request<void>(this, [draft, wait](EngineCore &core) { return core.drafts().discard(draft, wait); });
}

QFuture<Result<std::vector<DraftInfo>>> Engine::drafts()
{
    return d->request<std::vector<DraftInfo>>(this, [](EngineCore &core) { return core.drafts().list(); });
}

QFuture<Result<OpenedDraft>> Engine::openDraft(const mail::DraftId &draft)
{
    return d->request<OpenedDraft>(this, [draft](EngineCore &core) { return core.drafts().open(draft); });
}

QFuture<Result<OpenedDraft>> Engine::openDraft(MessageId message)
{
    return d->request<OpenedDraft>(this, [message](EngineCore &core) { return core.drafts().openMessage(message); });
}

QFuture<Result<OpenedDraft>> Engine::openDraft(const MessageRef &message)
{
    return d->request<OpenedDraft>(this, [message](EngineCore &core) { return core.drafts().openFrom(message); });
}

QFuture<Result<OpenedDraft>> Engine::editAsNew(MessageId message)
{
    return d->request<OpenedDraft>(this, [message](EngineCore &core) { return core.drafts().editAsNew(message); });
}

QFuture<Result<SendReport>> Engine::sendDraft(const DraftSendRequest &request)
{
    return d->request<SendReport>(this, [request](EngineCore &core) { return core.drafts().send(request); });
}

QFuture<Result<OpenedDraft>> Engine::takeBack(OperationId operation)
{
    return d->request<OpenedDraft>(this, [operation](EngineCore &core) { return core.drafts().takeBack(operation); });
}

QFuture<Result<QStringList>> Engine::knownWords()
{
    return d->request<QStringList>(this, [](EngineCore &core) { return core.drafts().knownWords(); });
}

QFuture<Result<void>> Engine::setKnownWord(const QString &word, bool known)
{
    return d->request<void>(this, [word, known](EngineCore &core) { return core.drafts().setKnownWord(word, known); });
}

Result<std::vector<DraftInfo>> Engine::readDrafts(const QString &profile)
{
    const auto pending = store::PendingStore::open(profile, Secret(), store::PendingStore::Access::ReadOnly);
    if (!pending)
        return failure(pending.error());
    const auto rows = (*pending)->drafts();
    if (!rows)
        return failure(rows.error());
    std::vector<DraftInfo> result;
    for (const store::DraftRow &row : *rows)
        result.push_back(describeDraft(**pending, row));
    return result;
}

mail::DraftId Engine::draftIdentity(const QByteArray &messageId)
{
    const mail::DraftId ours = sync::draftIdentity(messageId);
    return ours.isValid() ? ours : sync::adoptedIdentity(messageId);
}

} // namespace kittiwake::engine
