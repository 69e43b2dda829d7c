// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/enginecomposer.h"

#include "core/mail/templates.h"
#include "core/mime/headers.h"
#include "ui/widgets/inworker.h"

#include <algorithm>

namespace kittiwake::app
{

namespace
{

constexpr qint64 knownForMs = 30'000;
constexpr std::size_t mostPeople = 8;
constexpr std::int64_t mostTemplates = 200;

Result<std::vector<ui::TemplateInfo>> readTemplates(const store::CacheReader &cache)
{
    std::vector<ui::TemplateInfo> result;
    const auto mailboxes = cache.mailboxes({});
    if (!mailboxes)
        return failure(mailboxes.error());
    for (const store::MailboxRow &mailbox : *mailboxes) {
        if (!mailbox.selectable || !mail::isTemplatesMailbox(mailbox.name, mailbox.delimiter))
            continue;
        const auto order = cache.order(mailbox.id, store::SortKey::Date, false, mostTemplates);
        if (!order)
            return failure(order.error());
        std::vector<MessageId> ids;
        for (const store::OrderEntry &entry : *order)
            ids.push_back(entry.id);
        const auto rows = cache.rows(ids);
        if (!rows)
            return failure(rows.error());
        for (const store::MessageRow &row : *rows) {
            if (!row.header.flags.has(mail::SystemFlag::Deleted))
                result.push_back({row.id, mailbox.account, row.header.subject});
        }
    }
    std::stable_sort(result.begin(), result.end(), [](const ui::TemplateInfo &a, const ui::TemplateInfo &b) {
        return QString::localeAwareCompare(a.subject, b.subject) < 0;
    });
    return result;
}

} // namespace

EngineComposer::EngineComposer(engine::Engine &engine, QObject *parent)
    : ComposerBackend(parent), m_engine(engine), m_known(std::make_shared<Known>())
{
    connect(&engine, &engine::Engine::accountsChanged, this, &ComposerBackend::identitiesChanged);
    connect(&engine, &engine::Engine::draftChanged, this, &ComposerBackend::draftChanged);
}

std::vector<ui::WriterIdentity> EngineComposer::identities() const
{
    std::vector<ui::WriterIdentity> result;
    for (const accounts::Account &account : m_engine.accounts()) {
        if (!account.smtp)
            continue;
        for (const accounts::Identity &one : accounts::identitiesOf(account)) {
            ui::WriterIdentity identity;
            identity.account = account.id;
            identity.key = one.key;
            identity.from = one.from();
            identity.replyTo = mime::parseAddressList(one.replyTo.toUtf8());
            identity.signatureText = one.signatureText;
            identity.signatureHtml = one.signatureHtml;
            identity.sizeLimit = account.submissionLimit;
            identity.signatureBelowQuote = one.signatureBelowQuote;
            result.push_back(std::move(identity));
        }
    }
    return result;
}

QFuture<Result<mail::AddressList>> EngineComposer::suggestPeople(const QString &typed)
{
    std::vector<AccountId> accounts;
    for (const accounts::Account &account : m_engine.accounts())
        accounts.push_back(account.id);
    auto reader = m_engine.openReader();
    if (!reader)
        return ui::answered(Result<mail::AddressList>(failure(reader.error())));
    const std::shared_ptr<store::CacheReader> cache = std::move(*reader);
    return ui::inWorker([cache, accounts, typed, known = m_known]() -> Result<mail::AddressList> {
        // One reads, the others wait for it: what they would read is the same.
        const QMutexLocker lock(&known->mutex);
        if (!known->people || known->age.elapsed() > knownForMs) {
            auto people = engine::People::refreshed(*cache, accounts, known->people);
            if (!people)
                return failure(people.error());
            known->people = std::move(*people);
            known->age.start();
        }
        return known->people->find(typed, mostPeople);
    });
}

mail::DraftId EngineComposer::newDraft()
{
    return m_engine.newDraft();
}

QFuture<Result<engine::DraftState>> EngineComposer::saveDraft(const engine::DraftContent &content)
{
    return m_engine.saveDraft(content);
}

QFuture<Result<engine::DraftState>> EngineComposer::closeDraft(const mail::DraftId &draft)
{
    return m_engine.closeDraft(draft);
}

QFuture<Result<void>> EngineComposer::discardDraft(const mail::DraftId &draft)
{
    return m_engine.discardDraft(draft);
}

QFuture<Result<engine::SendReport>> EngineComposer::sendDraft(const engine::DraftSendRequest &request)
{
    return m_engine.sendDraft(request);
}

QFuture<Result<engine::OpenedDraft>> EngineComposer::takeBack(OperationId operation)
{
    return m_engine.takeBack(operation);
}

QFuture<Result<engine::OpenedDraft>> EngineComposer::openDraft(const mail::DraftId &draft)
{
    return m_engine.openDraft(draft);
}

QFuture<Result<engine::OpenedDraft>> EngineComposer::openDraft(MessageId message)
{
    return m_engine.openDraft(message);
}

QFuture<Result<std::vector<engine::DraftInfo>>> EngineComposer::drafts()
{
    return m_engine.drafts();
}

QFuture<Result<engine::OpenedDraft>> EngineComposer::openVersion(MailboxId mailbox, Uid uid)
{
    return m_engine.openDraft(engine::MessageRef{mailbox, uid});
}

QFuture<Result<engine::OpenedDraft>> EngineComposer::editAsNew(MessageId message)
{
    return m_engine.editAsNew(message);
}

QFuture<Result<std::vector<ui::TemplateInfo>>> EngineComposer::templates()
{
    auto reader = m_engine.openReader();
    if (!reader)
        return ui::answered(Result<std::vector<ui::TemplateInfo>>(failure(reader.error())));
    const std::shared_ptr<store::CacheReader> cache = std::move(*reader);
    return ui::inWorker([cache] { return readTemplates(*cache); });
}

std::vector<accounts::Identity> EngineComposer::identitiesOf(AccountId account) const
{
    for (const accounts::Account &one : m_engine.accounts()) {
        if (one.id == account)
            return accounts::identitiesOf(one);
    }
    return accounts::identitiesOf({});
}

QString EngineComposer::newIdentityKey() const
{
    return accounts::newIdentityKey();
}

QFuture<Result<void>> EngineComposer::setIdentities(AccountId account,
                                                    const std::vector<accounts::Identity> &identities)
{
    return m_engine.setIdentities(account, identities);
}

QFuture<Result<QStringList>> EngineComposer::knownWords()
{
    return m_engine.knownWords();
}

QFuture<Result<void>> EngineComposer::setKnownWord(const QString &word, bool known)
{
    return m_engine.setKnownWord(word, known);
}

} // namespace kittiwake::app
