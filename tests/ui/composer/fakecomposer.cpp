// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/composer/fakecomposer.h"

#include "ui/widgets/inworker.h"

#include <QDateTime>
#include <QPromise>

#include <algorithm>
#include <memory>
#include <utility>

namespace kittiwake::ui::testing
{

FakeComposer::FakeComposer(QObject *parent) : ComposerBackend(parent) { }

void FakeComposer::addIdentity(AccountId account, const QString &name, const QString &address, std::uint64_t sizeLimit)
{
    WriterIdentity one;
    one.account = account;
    one.key = QStringLiteral("id%1").arg(m_identities.size());
    one.from.name = name;
    one.from.address = address;
    one.sizeLimit = sizeLimit;
    m_identities.push_back(one);
    Q_EMIT identitiesChanged();
}

void FakeComposer::setSignature(const QString &address, const QString &text)
{
    for (WriterIdentity &one : m_identities) {
        if (one.from.address == address)
            one.signatureText = text;
    }
}

void FakeComposer::releaseHeld()
{
    m_holding = false;
    for (const auto &answer : std::exchange(m_held, {}))
        answer();
}

void FakeComposer::confirm(const mail::DraftId &draft, const QDateTime &at)
{
    engine::DraftState state;
    state.id = draft;
    state.place = engine::DraftState::Place::Server;
    state.savedAt = at.toMSecsSinceEpoch();
    Q_EMIT draftChanged(state);
}

QFuture<Result<mail::AddressList>> FakeComposer::suggestPeople(const QString &typed)
{
    m_asked.push_back(typed);
    mail::AddressList found;
    for (const mail::Address &one : m_people) {
        if (one.name.startsWith(typed, Qt::CaseInsensitive) || one.address.startsWith(typed, Qt::CaseInsensitive))
            found.push_back(one);
    }
    return answered(Result<mail::AddressList>(found));
}

mail::DraftId FakeComposer::newDraft()
{
    return mail::DraftId::fromText(QByteArray::number(++m_lastDraft, 16).rightJustified(32, '0'));
}

QFuture<Result<engine::DraftState>> FakeComposer::saveDraft(const engine::DraftContent &content)
{
    m_saved.push_back(content);
    const auto answer = [this, id = content.id]() -> Result<engine::DraftState> {
        if (m_saveError)
            return failure(*m_saveError);
        engine::DraftState state;
        state.id = id;
        state.place = engine::DraftState::Place::Here;
        state.savedAt = QDateTime::currentMSecsSinceEpoch();
        return state;
    };
    if (!m_holding)
        return answered(answer());
    auto promise = std::make_shared<QPromise<Result<engine::DraftState>>>();
    promise->start();
    m_held.emplace_back([promise, answer] {
        promise->addResult(answer());
        promise->finish();
    });
    return promise->future();
}

QFuture<Result<engine::DraftState>> FakeComposer::closeDraft(const mail::DraftId &draft)
{
    m_closed.push_back(draft);
    return answered(Result<engine::DraftState>(engine::DraftState()));
}

QFuture<Result<void>> FakeComposer::discardDraft(const mail::DraftId &draft)
{
    m_discarded.push_back(draft);
    return answered(Result<void>());
}

QFuture<Result<engine::SendReport>> FakeComposer::sendDraft(const engine::DraftSendRequest &request)
{
    m_sent.push_back(request);
    if (m_sendError)
        return answered(Result<engine::SendReport>(failure(*m_sendError)));
    engine::SendReport report;
    report.operation = OperationId(static_cast<qint64>(m_sent.size()));
    report.state = QStringLiteral("queued");
    return answered(Result<engine::SendReport>(report));
}

QFuture<Result<engine::OpenedDraft>> FakeComposer::takeBack(OperationId operation)
{
    m_takenBack.push_back(operation);
    const auto index = static_cast<std::size_t>(operation.value() - 1);
    return index < m_sent.size() ? openDraft(m_sent[index].id) : openDraft(mail::DraftId());
}

QFuture<Result<engine::OpenedDraft>> FakeComposer::openDraft(const mail::DraftId &draft)
{
    const auto found = std::find_if(m_saved.rbegin(), m_saved.rend(),
                                    [&draft](const engine::DraftContent &one) { return one.id == draft; });
    if (found == m_saved.rend())
        return answered(Result<engine::OpenedDraft>(failure(ErrorKind::Input, {}, QStringLiteral("It was sent."))));
    engine::OpenedDraft opened{*found, {}};
    opened.state.id = draft;
    opened.state.notice = m_notice;
    return answered(Result<engine::OpenedDraft>(opened));
}

QFuture<Result<engine::OpenedDraft>> FakeComposer::openDraft(MessageId message)
{
    if (!m_onServer.contains(message))
        return answered(Result<engine::OpenedDraft>(failure(ErrorKind::Input, {}, QStringLiteral("It is gone."))));
    return answered(Result<engine::OpenedDraft>(m_onServer.value(message)));
}

QFuture<Result<std::vector<engine::DraftInfo>>> FakeComposer::drafts()
{
    return answered(Result<std::vector<engine::DraftInfo>>(m_drafts));
}

QFuture<Result<engine::OpenedDraft>> FakeComposer::openVersion(MailboxId mailbox, Uid uid)
{
    const auto found = m_versions.find({mailbox.value(), uid.value()});
    if (found == m_versions.end())
        return answered(Result<engine::OpenedDraft>(failure(ErrorKind::Input, {}, QStringLiteral("It is gone."))));
    return answered(Result<engine::OpenedDraft>(found->second));
}

QFuture<Result<engine::OpenedDraft>> FakeComposer::editAsNew(MessageId message)
{
    if (!m_onServer.contains(message))
        return answered(Result<engine::OpenedDraft>(failure(ErrorKind::Input, {}, QStringLiteral("It is gone."))));
    engine::OpenedDraft opened = m_onServer.value(message);
    opened.content.id = newDraft();
    opened.content.context.kind = engine::DraftContext::Kind::Message;
    opened.state = {};
    opened.state.id = opened.content.id;
    return answered(Result<engine::OpenedDraft>(opened));
}

QFuture<Result<std::vector<TemplateInfo>>> FakeComposer::templates()
{
    return answered(Result<std::vector<TemplateInfo>>(m_templates));
}

QFuture<Result<void>> FakeComposer::setIdentities(AccountId account, const std::vector<accounts::Identity> &identities)
{
    if (m_identitiesError)
        return answered(Result<void>(failure(*m_identitiesError)));
    m_accountIdentities.insert(account, identities);
    std::erase_if(m_identities, [account](const WriterIdentity &one) { return one.account == account; });
    for (const accounts::Identity &one : identities) {
        WriterIdentity identity;
        identity.account = account;
        identity.key = one.key;
        identity.from = one.from();
        identity.signatureText = one.signatureText;
        identity.signatureBelowQuote = one.signatureBelowQuote;
        m_identities.push_back(identity);
    }
    Q_EMIT identitiesChanged();
    return answered(Result<void>());
}

QFuture<Result<QStringList>> FakeComposer::knownWords()
{
    return answered(Result<QStringList>(m_words));
}

QFuture<Result<void>> FakeComposer::setKnownWord(const QString &word, bool known)
{
    m_words.removeAll(word);
    if (known)
        m_words.append(word);
    return answered(Result<void>());
}

} // namespace kittiwake::ui::testing
