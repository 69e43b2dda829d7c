// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine.h"

#include "core/base/platform.h"
#include "core/engine/engineprivate.h"
#include "core/net/preparetls.h"

#include <QStandardPaths>

namespace kittiwake::engine
{

Engine::Engine(std::unique_ptr<Private> owned) : d(std::move(owned)) { }

Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions &options)
{
    auto d = std::make_unique<Private>();
    d->profile = options.profile;
    if (auto made = platform::makePrivateFolder(options.profile); !made)
        return failure(made.error());
    auto lock = ProfileLock::acquire(options.profile);
    if (!lock)
        return failure(lock.error());
    d->lock = std::move(*lock);
    if (!options.offline)
        net::prepareTls();

    std::unique_ptr<Engine> engine(new Engine(std::move(d)));
    Private &inside = *engine->d;
    inside.thread.setObjectName(QStringLiteral("engine"));
    inside.thread.start();
    if (options.stayConnected)
        net::SystemSurroundings::watchNetwork();
    QObject starter;
    starter.moveToThread(&inside.thread);
    Result<void> opened;
    QMetaObject::invokeMethod(
        &starter,
        [&] {
            auto core = EngineCore::open(options);
            if (core)
                inside.core = core->release();
            else
                opened = failure(core.error());
            // Back to this thread, where it is destroyed.
            starter.moveToThread(engine->thread());
        },
        Qt::BlockingQueuedConnection);
    if (!opened)
        return failure(opened.error());
    inside.accounts = inside.core->accounts();
    inside.pictureSenders = inside.core->pictureSenders();
    for (const accounts::Account &account : inside.accounts)
        inside.statuses[account.id].account = account.id;

    Engine *self = engine.get();
    connect(inside.core, &EngineCore::storeChanged, self, &Engine::storeChanged);
    connect(inside.core, &EngineCore::watchEvent, self, &Engine::watchEvent);
    connect(inside.core, &EngineCore::pendingChanged, self, &Engine::pendingChanged);
    connect(inside.core, &EngineCore::sendProgressed, self, &Engine::sendProgressed);
    connect(inside.core, &EngineCore::draftChanged, self, &Engine::draftChanged);
    connect(inside.core, &EngineCore::pictureSendersChanged, self, [self](const std::vector<PictureSender> &senders) {
        self->d->pictureSenders = senders;
        Q_EMIT self->pictureSendersChanged();
    });
    connect(inside.core, &EngineCore::accountStatusChanged, self, [self](const AccountStatus &status) {
        self->d->statuses[status.account] = status;
        Q_EMIT self->accountStatusChanged(status);
    });
    connect(inside.core, &EngineCore::accountsChanged, self, [self](const std::vector<accounts::Account> &accounts) {
        self->d->accounts = accounts;
        Q_EMIT self->accountsChanged();
    });
    QMetaObject::invokeMethod(inside.core, [core = inside.core] { core->begin(); });
    return engine;
}

Engine::~Engine()
{
    if (d->core != nullptr) {
        EngineCore *core = d->core;
        QMetaObject::invokeMethod(
            core, [core] { delete core; }, Qt::BlockingQueuedConnection);
    }
    d->thread.quit();
    d->thread.wait();
}

QString Engine::defaultProfile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
}

Result<std::vector<accounts::Account>> Engine::readAccounts(const QString &profile)
{
    auto registry = accounts::AccountRegistry::open(profile);
    if (!registry)
        return failure(registry.error());
    return registry->accounts();
}

Result<std::unique_ptr<store::CacheReader>> Engine::openReader(const QString &profile)
{
    return store::CacheReader::open(profile, Secret());
}

std::vector<accounts::Account> Engine::accounts() const
{
    return d->accounts;
}

AccountStatus Engine::status(AccountId account) const
{
    const auto known = d->statuses.find(account);
    return known == d->statuses.end() ? AccountStatus{} : known->second;
}

Result<std::unique_ptr<store::CacheReader>> Engine::openReader() const
{
    return openReader(d->profile);
}

QFuture<Result<SignInReport>> Engine::checkAccount(const accounts::Account &account, const Secret &password)
{
    return d->request<SignInReport>(
        this, [account, password](EngineCore &core) { return core.checkAccount(account, password); });
}

QFuture<Result<AccountId>> Engine::addAccount(const accounts::Account &account, const Secret &password)
{
    return d->request<AccountId>(this,
                                 [account, password](EngineCore &core) { return core.addAccount(account, password); });
}

QFuture<Result<void>> Engine::changePassword(AccountId account, const Secret &password)
{
    return d->request<void>(this,
                            [account, password](EngineCore &core) { return core.changePassword(account, password); });
}

QFuture<Result<void>> Engine::removeAccount(AccountId account)
{
    return d->request<void>(this, [account](EngineCore &core) { return core.removeAccount(account); });
}

QFuture<Result<SyncReport>> Engine::sync(const SyncRequest &request)
{
    return d->request<SyncReport>(this, [request](EngineCore &core) { return core.sync(request); });
}

QFuture<Result<VerifyReport>> Engine::verify(const VerifyRequest &request)
{
    return d->request<VerifyReport>(this, [request](EngineCore &core) { return core.verify(request); });
}

void Engine::setOpenMailbox(MailboxId mailbox)
{
    QMetaObject::invokeMethod(d->core, [core = d->core, mailbox] { core->setOpenMailbox(mailbox); });
}

void Engine::setOpenMailboxByName(AccountId account, const QString &name)
{
    QMetaObject::invokeMethod(d->core, [core = d->core, account, name] { core->setOpenMailboxByName(account, name); });
}

void Engine::checkNow()
{
    QMetaObject::invokeMethod(d->core, [core = d->core] { core->checkNow(); });
}

QFuture<Result<void>> Engine::dropCache()
{
    return d->request<void>(this, [](EngineCore &core) { return core.dropCache(); });
}

QFuture<Result<mime::MessageContent>> Engine::fetchContent(MessageId message)
{
    return fetchContent(message, {});
}

QFuture<Result<mime::MessageContent>> Engine::fetchContent(MessageId message, const QByteArray &charset)
{
    return d->request<mime::MessageContent>(
        this, [message, charset](EngineCore &core) { return core.readAhead().content(message, charset); });
}

void Engine::readAhead(const std::vector<MessageId> &messages)
{
    QMetaObject::invokeMethod(d->core, [core = d->core, messages] { core->readAhead().want(messages); });
}

QFuture<Result<QByteArray>> Engine::fetchPart(MessageId message, const QByteArray &section)
{
    return d->request<QByteArray>(
        this, [message, section](EngineCore &core) { return core.messages().partOf(message, section); });
}

QFuture<Result<QByteArray>> Engine::fetchRaw(MessageId message, bool headersOnly)
{
    return d->request<QByteArray>(
        this, [message, headersOnly](EngineCore &core) { return core.messages().rawOf(message, headersOnly); });
}

QFuture<Result<SavedPart>> Engine::savePart(MessageId message, const PartRequest &request)
{
    return d->request<SavedPart>(
        this, [message, request](EngineCore &core) { return core.downloads().saveOf(message, request); });
}

QFuture<Result<SavedPart>> Engine::savePart(const MessageRef &message, const PartRequest &request)
{
    return d->request<SavedPart>(
        this, [message, request](EngineCore &core) { return core.downloads().save(message, request); });
}

QFuture<Result<MessageDetails>> Engine::fetchDetails(const MessageRef &message)
{
    return d->request<MessageDetails>(this, [message](EngineCore &core) { return core.messages().details(message); });
}

QFuture<Result<QByteArray>> Engine::fetchPart(const MessageRef &message, const QByteArray &section)
{
    return d->request<QByteArray>(
        this, [message, section](EngineCore &core) { return core.messages().part(message, section); });
}

QFuture<Result<QByteArray>> Engine::fetchRaw(const MessageRef &message, bool headersOnly)
{
    return d->request<QByteArray>(
        this, [message, headersOnly](EngineCore &core) { return core.messages().raw(message, headersOnly); });
}

QFuture<Result<void>> Engine::unsubscribe(const QUrl &url)
{
    return d->request<void>(this, [url](EngineCore &core) { return core.unsubscriber().post(url); });
}

QFuture<Result<SenderReport>> Engine::inspectSender(MessageId message)
{
    return d->request<SenderReport>(this, [message](EngineCore &core) { return core.inspectSender(message); });
}

QFuture<Result<SenderReport>> Engine::inspectSender(const MessageRef &message)
{
    return d->request<SenderReport>(this, [message](EngineCore &core) { return core.senders().inspect(message); });
}

QFuture<Result<Pictures>> Engine::fetchPictures(const std::vector<mime::RemoteImage> &wanted)
{
    return d->request<Pictures>(this, [wanted](EngineCore &core) { return core.fetchPictures(wanted); });
}

std::vector<PictureSender> Engine::pictureSenders() const
{
    return d->pictureSenders;
}

QFuture<Result<void>> Engine::setPictureSender(const PictureSender &sender, bool allowed)
{
    return d->request<void>(this,
                            [sender, allowed](EngineCore &core) { return core.setPictureSender(sender, allowed); });
}

QFuture<Result<ActionReport>> Engine::changeFlags(const FlagRequest &request)
{
    return d->request<ActionReport>(this, [request](EngineCore &core) { return core.actions().changeFlags(request); });
}

QFuture<Result<ActionReport>> Engine::move(const MoveRequest &request)
{
    return d->request<ActionReport>(this, [request](EngineCore &core) { return core.actions().move(request); });
}

QFuture<Result<ActionReport>> Engine::append(const AppendRequest &request)
{
    return d->request<ActionReport>(this, [request](EngineCore &core) { return core.actions().append(request); });
}

QFuture<Result<ActionReport>> Engine::changeFolder(const FolderRequest &request)
{
    return d->request<ActionReport>(this, [request](EngineCore &core) { return core.actions().changeFolder(request); });
}

QFuture<Result<ActionReport>> Engine::retargetAction(OperationId operation, MailboxId target)
{
    return d->request<ActionReport>(
        this, [operation, target](EngineCore &core) { return core.actions().retarget(operation, target); });
}

QFuture<Result<ActionReport>> Engine::undo(bool wait)
{
    return d->request<ActionReport>(this, [wait](EngineCore &core) { return core.actions().undo(wait); });
}

QFuture<Result<ActionReport>> Engine::retryAction(OperationId operation)
{
    return d->request<ActionReport>(this, [operation](EngineCore &core) { return core.retryAction(operation); });
}

QFuture<Result<void>> Engine::dropAction(OperationId operation)
{
    return d->request<void>(this, [operation](EngineCore &core) { return core.dropAction(operation); });
}

QFuture<Result<std::vector<PendingAction>>> Engine::pendingActions()
{
    return d->request<std::vector<PendingAction>>(this, [](EngineCore &core) { return core.actions().pending(); });
}

Result<std::vector<PendingAction>> Engine::readPending(const QString &profile)
{
    const auto pending = store::PendingStore::open(profile, Secret(), store::PendingStore::Access::ReadOnly);
    if (!pending)
        return failure(pending.error());
    const auto all = (*pending)->list();
    if (!all)
        return failure(all.error());
    return Actions::list(*all);
}

} // namespace kittiwake::engine
