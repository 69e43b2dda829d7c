// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fakesource.h"

#include <QPromise>
#include <QSaveFile>
#include <QTimer>

namespace kittiwake::ui::testing
{

namespace
{

class FakeReader final : public MailReader
{
public:
    explicit FakeReader(std::shared_ptr<FakeStore> store) : m_store(std::move(store)) { }

    [[nodiscard]] Result<std::vector<store::MailboxRow>> mailboxes() const override
    {
        if (m_store->isFailing())
            return broken();
        return m_store->mailboxes();
    }
    [[nodiscard]] Result<std::vector<store::OrderEntry>> order(MailboxId mailbox, store::SortKey key, bool ascending,
                                                               std::int64_t limit, std::int64_t offset) const override
    {
        if (m_store->isFailing())
            return broken();
        return m_store->order(mailbox, key, ascending, limit, offset);
    }
    [[nodiscard]] Result<std::vector<store::MessageRow>> rows(std::span<const MessageId> ids) const override
    {
        if (m_store->isFailing())
            return broken();
        return m_store->rows(ids);
    }
    void interrupt() override { }

private:
    [[nodiscard]] static Failure broken()
    {
        return failure(ErrorKind::Storage, QStringLiteral("cache.db"),
                       QStringLiteral("The list of messages could not be read from the disk. Try again."));
    }
    std::shared_ptr<FakeStore> m_store;
};

} // namespace

FakeSource::FakeSource(QObject *parent) : MailSource(parent), m_store(std::make_shared<FakeStore>()) { }

AccountId FakeSource::addFakeAccount(const QString &email, const QString &name)
{
    accounts::Account account;
    account.id = AccountId(static_cast<std::int64_t>(m_accounts.size()) + 1);
    account.email = email;
    account.displayName = name;
    account.imap.endpoint = {QStringLiteral("imap.example.org"), 993};
    m_accounts.push_back(account);
    engine::AccountStatus status;
    status.account = account.id;
    m_statuses.insert(account.id, status);
    Q_EMIT accountsChanged();
    return account.id;
}

void FakeSource::setStatus(const engine::AccountStatus &status)
{
    m_statuses.insert(status.account, status);
    Q_EMIT accountStatusChanged(status);
}

void FakeSource::setContent(MessageId message, const mime::MessageContent &content)
{
    m_contents.insert(message, content);
}

void FakeSource::setContentError(MessageId message, const Error &error)
{
    m_contents.insert(message, Result<mime::MessageContent>(failure(error)));
}

void FakeSource::setPart(MessageId message, const QByteArray &section, const QByteArray &data)
{
    m_parts.insert(QByteArray::number(message.value()) + '/' + section, data);
}

void FakeSource::setRaw(MessageId message, const QByteArray &data)
{
    m_raw.insert(message, data);
}

MessageId FakeSource::deliver(MailboxId mailbox, const mail::MessageHeader &header, ThreadId thread)
{
    const MessageId id = m_store->add(mailbox, header, thread);
    store::StoreChanges changes;
    changes.mailboxRows = {mailbox};
    changes.messages = {{.mailbox = mailbox, .reset = false, .added = {id}, .changed = {}, .removed = {}}};
    Q_EMIT storeChanged(changes);
    return id;
}

void FakeSource::expunge(MailboxId mailbox, const std::vector<MessageId> &messages)
{
    m_store->remove(mailbox, messages);
    store::StoreChanges changes;
    changes.mailboxRows = {mailbox};
    changes.messages = {{.mailbox = mailbox, .reset = false, .added = {}, .changed = {}, .removed = messages}};
    Q_EMIT storeChanged(changes);
}

void FakeSource::changeFlags(MailboxId mailbox, MessageId message, std::uint32_t flags)
{
    m_store->setFlags(mailbox, message, flags);
    announce({.mailbox = mailbox, .reset = false, .added = {}, .changed = {message}, .removed = {}});
}

QFuture<Result<engine::ActionReport>> FakeSource::changeFlags(const engine::FlagRequest &request)
{
    m_flagRequests.push_back(request);
    return later<engine::ActionReport>([this, request]() -> Result<engine::ActionReport> {
        if (m_actionError)
            return failure(*m_actionError);
        for (const MessageId message : request.messages) {
            for (const store::MessageRow &row : m_store->rows(std::span(&message, 1)))
                changeFlags(row.mailbox, message, request.change.appliedTo(row.header.flags).systemBits());
        }
        return engine::ActionReport{OperationId(1), QStringLiteral("queued"), {}};
    });
}

QFuture<Result<engine::ActionReport>> FakeSource::move(const engine::MoveRequest &request)
{
    m_moveRequests.push_back(request);
    return later<engine::ActionReport>([this, request]() -> Result<engine::ActionReport> {
        if (m_actionError)
            return failure(*m_actionError);
        for (const MessageId message : request.messages) {
            for (const store::MessageRow &row : m_store->rows(std::span(&message, 1)))
                expunge(row.mailbox, {message});
        }
        return engine::ActionReport{OperationId(1), QStringLiteral("queued"), {}};
    });
}

QFuture<Result<engine::ActionReport>> FakeSource::changeFolder(const engine::FolderRequest &request)
{
    m_folderRequests.push_back(request);
    return later<engine::ActionReport>([this]() -> Result<engine::ActionReport> {
        if (m_actionError)
            return failure(*m_actionError);
        return engine::ActionReport{OperationId(1), QStringLiteral("queued"), {}};
    });
}

/** The server takes it now. */
QFuture<Result<engine::ActionReport>> FakeSource::retargetAction(OperationId action, MailboxId target)
{
    m_retargeted.emplace_back(action, target);
    return retryAction(action);
}

QFuture<Result<engine::ActionReport>> FakeSource::undo()
{
    ++m_undos;
    return later<engine::ActionReport>([this]() -> Result<engine::ActionReport> {
        if (m_actionError)
            return failure(*m_actionError);
        return engine::ActionReport{OperationId(2), QStringLiteral("queued"), {}};
    });
}

void FakeSource::setPending(std::vector<engine::PendingAction> actions)
{
    changePendingUntold(std::move(actions));
    Q_EMIT pendingChanged();
}

void FakeSource::changePendingUntold(std::vector<engine::PendingAction> actions)
{
    m_pendingActions = std::move(actions);
}

QFuture<Result<std::vector<engine::PendingAction>>> FakeSource::pendingActions()
{
    ++m_pendingReads;
    return later<std::vector<engine::PendingAction>>(
        [this]() -> Result<std::vector<engine::PendingAction>> { return m_pendingActions; });
}

/** The server takes it now, unless there is an error. */
QFuture<Result<engine::ActionReport>> FakeSource::retryAction(OperationId action)
{
    return later<engine::ActionReport>([this, action]() -> Result<engine::ActionReport> {
        if (m_actionError)
            return failure(*m_actionError);
        std::erase_if(m_pendingActions, [action](const engine::PendingAction &known) { return known.id == action; });
        Q_EMIT pendingChanged();
        return engine::ActionReport{action, QStringLiteral("done"), {}};
    });
}

QFuture<Result<void>> FakeSource::dropAction(OperationId action)
{
    return later<void>([this, action]() -> Result<void> {
        std::erase_if(m_pendingActions, [action](const engine::PendingAction &known) { return known.id == action; });
        Q_EMIT pendingChanged();
        return {};
    });
}

void FakeSource::announce(const store::MailboxChanges &changes)
{
    store::StoreChanges all;
    all.mailboxRows = {changes.mailbox};
    all.messages = {changes};
    Q_EMIT storeChanged(all);
}

void FakeSource::announceTree()
{
    store::StoreChanges changes;
    changes.mailboxTree = true;
    Q_EMIT storeChanged(changes);
}

engine::AccountStatus FakeSource::status(AccountId account) const
{
    return m_statuses.value(account);
}

Result<std::unique_ptr<MailReader>> FakeSource::openReader() const
{
    return std::make_unique<FakeReader>(m_store);
}

template <typename T>
QFuture<Result<T>> FakeSource::later(std::function<Result<T>()> answer)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    std::function<void()> give = [promise, answer = std::move(answer)] {
        promise->addResult(answer());
        promise->finish();
    };
    if (m_holding)
        m_held.push_back(std::move(give));
    else
        QTimer::singleShot(0, this, std::move(give));
    return promise->future();
}

void FakeSource::releaseHeld()
{
    for (const auto &give : std::exchange(m_held, {}))
        give();
}

Result<void> FakeSource::signIn(const accounts::Account &account, const Secret &password) const
{
    if (account.imap.endpoint.host != QLatin1String("imap.example.org")) {
        return failure(
            ErrorKind::Network, account.imap.endpoint.host,
            QStringLiteral("The server %1 could not be found. Check its name.").arg(account.imap.endpoint.host));
    }
    if (password.reveal() != m_password) {
        return failure(ErrorKind::Auth, account.imap.endpoint.host,
                       QStringLiteral("The server imap.example.org did not accept the user name or the password. "
                                      "Check both and try again."));
    }
    return {};
}

QFuture<Result<engine::SignInReport>> FakeSource::checkAccount(const accounts::Account &account, const Secret &password)
{
    return later<engine::SignInReport>([this, account, password]() -> Result<engine::SignInReport> {
        if (const auto signedIn = signIn(account, password); !signedIn)
            return failure(signedIn.error());
        engine::SignInReport report;
        report.imap = QStringLiteral("imap.example.org:993 (TLS, SCRAM-SHA-256)");
        return report;
    });
}

QFuture<Result<AccountId>> FakeSource::addAccount(const accounts::Account &account, const Secret &password)
{
    return later<AccountId>([this, account, password]() -> Result<AccountId> {
        if (const auto signedIn = signIn(account, password); !signedIn)
            return failure(signedIn.error());
        return addFakeAccount(account.email, account.displayName);
    });
}

QFuture<Result<void>> FakeSource::changePassword(AccountId account, const Secret &password)
{
    return later<void>([this, account, password]() -> Result<void> {
        const auto at = std::find_if(m_accounts.begin(), m_accounts.end(),
                                     [account](const accounts::Account &known) { return known.id == account; });
        return signIn(*at, password);
    });
}

QFuture<Result<void>> FakeSource::removeAccount(AccountId account)
{
    return later<void>([this, account]() -> Result<void> {
        std::erase_if(m_accounts, [account](const accounts::Account &known) { return known.id == account; });
        Q_EMIT accountsChanged();
        return {};
    });
}

QFuture<Result<engine::VerifyReport>> FakeSource::verify(const engine::VerifyRequest &request)
{
    m_verifyRequest = request;
    return later<engine::VerifyReport>([this, request]() -> Result<engine::VerifyReport> {
        if (request.progress)
            request.progress(1, 2, QStringLiteral("INBOX"));
        for (engine::MailboxVerdict &verdict : m_verifyReport.mailboxes)
            verdict.repaired = verdict.repaired || (request.repair && !verdict.isOk());
        return m_verifyReport;
    });
}

QFuture<Result<mime::MessageContent>> FakeSource::fetchContent(MessageId message)
{
    ++m_fetches;
    return later<mime::MessageContent>([this, message]() -> Result<mime::MessageContent> {
        mime::MessageContent plain;
        plain.plainText = QStringLiteral("This is message %1.\n").arg(message.value());
        return m_contents.value(message, plain);
    });
}

void FakeSource::setPicture(const QString &url, const QByteArray &type, const QByteArray &data)
{
    m_pictures.insert(url, {mime::remoteImageId(url.toUtf8()), type, data});
}

QFuture<Result<engine::SenderReport>> FakeSource::inspectSender(MessageId message)
{
    return later<engine::SenderReport>([this, message]() -> Result<engine::SenderReport> {
        const auto known = m_senderReports.constFind(message);
        if (known == m_senderReports.constEnd())
            return failure(ErrorKind::Network, {}, QStringLiteral("The server cannot be reached."));
        return *known;
    });
}

QFuture<Result<engine::Pictures>> FakeSource::fetchPictures(const std::vector<mime::RemoteImage> &wanted)
{
    for (const mime::RemoteImage &image : wanted)
        m_picturesAskedFor.append(image.url);
    return later<engine::Pictures>([this, wanted]() -> Result<engine::Pictures> {
        engine::Pictures pictures;
        for (const mime::RemoteImage &image : wanted) {
            const auto known = m_pictures.constFind(image.url);
            if (known == m_pictures.constEnd())
                ++pictures.failed;
            else
                pictures.images.push_back(*known);
        }
        return pictures;
    });
}

QFuture<Result<void>> FakeSource::setPictureSender(const engine::PictureSender &sender, bool allowed)
{
    return later<void>([this, sender, allowed]() -> Result<void> {
        std::erase(m_pictureSenders, sender);
        if (allowed)
            m_pictureSenders.push_back(sender);
        Q_EMIT pictureSendersChanged();
        return {};
    });
}

void FakeSource::setContentIn(MessageId message, const QByteArray &charset, const mime::MessageContent &content)
{
    m_contentsIn.insert(QByteArray::number(message.value()) + '/' + charset, content);
}

QFuture<Result<mime::MessageContent>> FakeSource::fetchContentIn(MessageId message, const QByteArray &charset)
{
    ++m_fetches;
    return later<mime::MessageContent>([this, message, charset]() -> Result<mime::MessageContent> {
        return m_contentsIn.value(QByteArray::number(message.value()) + '/' + charset);
    });
}

QFuture<Result<QByteArray>> FakeSource::fetchPart(MessageId message, const QByteArray &section)
{
    return later<QByteArray>([this, message, section]() -> Result<QByteArray> {
        const auto part = m_parts.constFind(QByteArray::number(message.value()) + '/' + section);
        if (part == m_parts.constEnd()) {
            return failure(ErrorKind::ServerRefused, QStringLiteral("imap.example.org"),
                           QStringLiteral("The server no longer has this attachment."));
        }
        return *part;
    });
}

QFuture<Result<engine::SavedPart>> FakeSource::savePart(MessageId message, const engine::PartRequest &request)
{
    return later<engine::SavedPart>([this, message, request]() -> Result<engine::SavedPart> {
        const auto part = m_parts.constFind(QByteArray::number(message.value()) + '/' + request.section);
        if (part == m_parts.constEnd()) {
            return failure(ErrorKind::ServerRefused, QStringLiteral("imap.example.org"),
                           QStringLiteral("The server no longer has this attachment."));
        }
        const auto total = static_cast<std::uint64_t>(part->size());
        if (request.progress)
            request.progress({0, total, false});
        if (request.sink) {
            if (const auto written = request.sink->write(*part); !written)
                return failure(written.error());
            if (const auto finished = request.sink->finish(); !finished)
                return failure(finished.error());
        } else {
            QSaveFile file(request.path);
            if (!file.open(QIODevice::WriteOnly) || file.write(*part) != part->size() || !file.commit())
                return failure(ErrorKind::Storage, request.path, file.errorString());
        }
        if (request.progress)
            request.progress({total, total, false});
        return engine::SavedPart{total, {}};
    });
}

QFuture<Result<void>> FakeSource::unsubscribe(const QUrl &url)
{
    m_unsubscribed.append(url);
    return later<void>([this]() -> Result<void> {
        if (m_actionError)
            return failure(*m_actionError);
        return {};
    });
}

QFuture<Result<QByteArray>> FakeSource::fetchRaw(MessageId message, bool headersOnly)
{
    return later<QByteArray>([this, message, headersOnly]() -> Result<QByteArray> {
        if (const auto error = m_rawErrors.constFind(message); error != m_rawErrors.constEnd())
            return failure(*error);
        const QByteArray raw = m_raw.value(message, "Subject: hello\nFrom: a@example.org\n\nBody\n");
        const QByteArrayView end = raw.contains("\r\n\r\n") ? "\r\n\r\n" : "\n\n";
        return headersOnly ? raw.left(raw.indexOf(end) + end.size() / 2) : raw;
    });
}

} // namespace kittiwake::ui::testing
