// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/enginesource.h"

namespace kittiwake::app
{

namespace
{

class EngineReader final : public ui::MailReader
{
public:
    explicit EngineReader(std::unique_ptr<store::CacheReader> reader) : m_reader(std::move(reader)) { }

    [[nodiscard]] Result<std::vector<store::MailboxRow>> mailboxes() const override
    {
        return m_reader->mailboxes(AccountId());
    }
    [[nodiscard]] Result<std::vector<store::OrderEntry>> order(MailboxId mailbox, store::SortKey key, bool ascending,
                                                               std::int64_t limit, std::int64_t offset) const override
    {
        return m_reader->order(mailbox, key, ascending, limit, offset);
    }
    [[nodiscard]] Result<std::vector<store::MessageRow>> rows(std::span<const MessageId> ids) const override
    {
        return m_reader->rows(ids);
    }
    void interrupt() override { m_reader->interrupt(); }

private:
    std::unique_ptr<store::CacheReader> m_reader;
};

} // namespace

EngineSource::EngineSource(engine::Engine &engine, QObject *parent) : MailSource(parent), m_engine(engine)
{
    connect(&engine, &engine::Engine::storeChanged, this, &MailSource::storeChanged);
    connect(&engine, &engine::Engine::accountStatusChanged, this, &MailSource::accountStatusChanged);
    connect(&engine, &engine::Engine::accountsChanged, this, &MailSource::accountsChanged);
    connect(&engine, &engine::Engine::pictureSendersChanged, this, &MailSource::pictureSendersChanged);
    connect(&engine, &engine::Engine::pendingChanged, this, &MailSource::pendingChanged);
    connect(&engine, &engine::Engine::sendProgressed, this, &MailSource::sendProgressed);
}

std::vector<accounts::Account> EngineSource::accounts() const
{
    return m_engine.accounts();
}

engine::AccountStatus EngineSource::status(AccountId account) const
{
    return m_engine.status(account);
}

Result<std::unique_ptr<ui::MailReader>> EngineSource::openReader() const
{
    auto reader = m_engine.openReader();
    if (!reader)
        return failure(reader.error());
    return std::make_unique<EngineReader>(std::move(*reader));
}

QFuture<Result<engine::SignInReport>> EngineSource::checkAccount(const accounts::Account &account,
                                                                 const Secret &password)
{
    return m_engine.checkAccount(account, password);
}

QFuture<Result<AccountId>> EngineSource::addAccount(const accounts::Account &account, const Secret &password)
{
    return m_engine.addAccount(account, password);
}

QFuture<Result<void>> EngineSource::changePassword(AccountId account, const Secret &password)
{
    return m_engine.changePassword(account, password);
}

QFuture<Result<void>> EngineSource::removeAccount(AccountId account)
{
    return m_engine.removeAccount(account);
}

QFuture<Result<engine::VerifyReport>> EngineSource::verify(const engine::VerifyRequest &request)
{
    return m_engine.verify(request);
}

void EngineSource::setOpenMailbox(MailboxId mailbox)
{
    m_engine.setOpenMailbox(mailbox);
}

void EngineSource::checkNow()
{
    m_engine.checkNow();
}

QFuture<Result<mime::MessageContent>> EngineSource::fetchContent(MessageId message)
{
    return m_engine.fetchContent(message);
}

QFuture<Result<mime::MessageContent>> EngineSource::fetchContentIn(MessageId message, const QByteArray &charset)
{
    return m_engine.fetchContent(message, charset);
}

void EngineSource::readAhead(const std::vector<MessageId> &messages)
{
    m_engine.readAhead(messages);
}

QFuture<Result<QByteArray>> EngineSource::fetchPart(MessageId message, const QByteArray &section)
{
    return m_engine.fetchPart(message, section);
}

QFuture<Result<engine::SavedPart>> EngineSource::savePart(MessageId message, const engine::PartRequest &request)
{
    return m_engine.savePart(message, request);
}

QFuture<Result<void>> EngineSource::unsubscribe(const QUrl &url)
{
    return m_engine.unsubscribe(url);
}

QFuture<Result<QByteArray>> EngineSource::fetchRaw(MessageId message, bool headersOnly)
{
    return m_engine.fetchRaw(message, headersOnly);
}

QFuture<Result<engine::SenderReport>> EngineSource::inspectSender(MessageId message)
{
    return m_engine.inspectSender(message);
}

QFuture<Result<engine::Pictures>> EngineSource::fetchPictures(const std::vector<mime::RemoteImage> &wanted)
{
    return m_engine.fetchPictures(wanted);
}

std::vector<engine::PictureSender> EngineSource::pictureSenders() const
{
    return m_engine.pictureSenders();
}

QFuture<Result<void>> EngineSource::setPictureSender(const engine::PictureSender &sender, bool allowed)
{
    return m_engine.setPictureSender(sender, allowed);
}

QFuture<Result<engine::ActionReport>> EngineSource::changeFlags(const engine::FlagRequest &request)
{
    return m_engine.changeFlags(request);
}

QFuture<Result<engine::ActionReport>> EngineSource::move(const engine::MoveRequest &request)
{
    return m_engine.move(request);
}

QFuture<Result<engine::ActionReport>> EngineSource::changeFolder(const engine::FolderRequest &request)
{
    return m_engine.changeFolder(request);
}

QFuture<Result<engine::ActionReport>> EngineSource::retargetAction(OperationId action, MailboxId target)
{
    return m_engine.retargetAction(action, target);
}

QFuture<Result<engine::ActionReport>> EngineSource::undo()
{
    return m_engine.undo();
}

QFuture<Result<std::vector<engine::PendingAction>>> EngineSource::pendingActions()
{
    return m_engine.pendingActions();
}

QFuture<Result<engine::ActionReport>> EngineSource::retryAction(OperationId action)
{
    return m_engine.retryAction(action);
}

QFuture<Result<void>> EngineSource::dropAction(OperationId action)
{
    return m_engine.dropAction(action);
}

} // namespace kittiwake::app
