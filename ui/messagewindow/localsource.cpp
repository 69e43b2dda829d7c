// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagewindow/localsource.h"

#include "core/mime/headers.h"
#include "ui/reader/savefile.h"
#include "ui/widgets/inworker.h"
#include "ui/widgets/safetext.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace kittiwake::ui
{

namespace
{

constexpr MessageId theMessage(1);

Failure nothingToChange()
{
    return failure(ErrorKind::Input, {},
                   QCoreApplication::translate("ui", "This message is in no account; it can only be read."));
}

template <typename T>
QFuture<Result<T>> refused()
{
    return answered<Result<T>>(nothingToChange());
}

/** There is nothing but the message, which is not read from here. */
class NoReader final : public MailReader
{
public:
    [[nodiscard]] Result<std::vector<store::MailboxRow>> mailboxes() const override
    {
        return std::vector<store::MailboxRow>();
    }
    [[nodiscard]] Result<std::vector<store::OrderEntry>> order(MailboxId, store::SortKey, bool, std::int64_t,
                                                               std::int64_t) const override
    {
        return std::vector<store::OrderEntry>();
    }
    [[nodiscard]] Result<std::vector<store::MessageRow>> rows(std::span<const MessageId>) const override
    {
        return std::vector<store::MessageRow>();
    }
    void interrupt() override { }
};

Result<QByteArray> readFile(const QString &path)
{
    const QFileInfo info(path);
    const QString name = isolated(info.fileName().isEmpty() ? path : info.fileName());
    if (!info.exists()) {
        return failure(ErrorKind::Input, path,
                       QCoreApplication::translate("ui", "There is no file %1. Check its name.").arg(name));
    }
    if (info.isDir()) {
        return failure(
            ErrorKind::Input, path,
            QCoreApplication::translate("ui", "%1 is a folder. Choose a message that is saved in a file.").arg(name));
    }
    // A device or a pipe may never end.
    if (!info.isFile()) {
        return failure(ErrorKind::Input, path,
                       QCoreApplication::translate("ui", "%1 is not an ordinary file; it was not opened.").arg(name));
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(ErrorKind::Storage, path,
                       QCoreApplication::translate("ui", "%1 could not be read: %2.").arg(name, file.errorString()),
                       file.errorString());
    }
    // One octet more than is allowed tells that it is too large, also when it grows meanwhile.
    return file.read(mime::WholeMessage::maxBytes + 1);
}

} // namespace

QFuture<Result<SharedMessage>> readMessage(const QByteArray &bytes, const QString &name)
{
    return inWorker([bytes, name] { return mime::readWholeMessage(bytes, isolated(name)); });
}

QFuture<Result<SharedMessage>> readMessageFile(const QString &path)
{
    return inWorker([path]() -> Result<SharedMessage> {
        const auto bytes = readFile(path);
        if (!bytes)
            return failure(bytes.error());
        return mime::readWholeMessage(*bytes, isolated(QFileInfo(path).fileName()));
    });
}

LocalSource::LocalSource(SharedMessage message, MailSource *outer, QObject *parent)
    : MailSource(parent), m_message(std::move(message)), m_outer(outer)
{
}

std::vector<accounts::Account> LocalSource::accounts() const
{
    return m_outer ? m_outer->accounts() : std::vector<accounts::Account>();
}

/** From the message alone: what servers wrote into a file proves nothing. */
QFuture<Result<engine::SenderReport>> LocalSource::inspectSender(MessageId)
{
    QStringList ownDomains;
    for (const accounts::Account &account : accounts())
        ownDomains.append(account.email.section(QLatin1Char('@'), -1));
    const QByteArrayView header = m_message->parsed.header();
    mime::SenderFacts facts;
    facts.sender = mime::parseAddressList(mime::headerFieldValue(header, "Sender"));
    const mail::MessageHeader addresses = mime::addressesOf(header);
    engine::SenderReport report;
    if (!addresses.from.empty())
        report.sender = addresses.from.front();
    report.remarks = mime::remarksOnSender(addresses, ownDomains, facts);
    return answered<Result<engine::SenderReport>>(report);
}

QFuture<Result<engine::Pictures>> LocalSource::fetchPictures(const std::vector<mime::RemoteImage> &wanted)
{
    if (m_outer)
        return m_outer->fetchPictures(wanted);
    return answered<Result<engine::Pictures>>(
        failure(ErrorKind::Input, {},
                QCoreApplication::translate("ui", "Pictures from the Internet are not loaded for messages in files.")));
}

QFuture<Result<void>> LocalSource::unsubscribe(const QUrl &url)
{
    return m_outer ? m_outer->unsubscribe(url) : refused<void>();
}

QFuture<Result<void>> LocalSource::setPictureSender(const engine::PictureSender &, bool)
{
    return refused<void>();
}

store::MessageRow LocalSource::row() const
{
    store::MessageRow row;
    row.id = theMessage;
    row.header = m_message->header;
    return row;
}

Result<std::unique_ptr<MailReader>> LocalSource::openReader() const
{
    return std::make_unique<NoReader>();
}

QFuture<Result<mime::MessageContent>> LocalSource::fetchContent(MessageId)
{
    return answered<Result<mime::MessageContent>>(m_message->content);
}

QFuture<Result<mime::MessageContent>> LocalSource::fetchContentIn(MessageId, const QByteArray &charset)
{
    return inWorker([message = m_message, charset]() -> Result<mime::MessageContent> {
        return mime::contentOfMessage(message->bytes, {charset});
    });
}

QFuture<Result<QByteArray>> LocalSource::fetchPart(MessageId, const QByteArray &section)
{
    return inWorker([message = m_message, section] { return mime::partOfMessage(*message, section); });
}

QFuture<Result<engine::SavedPart>> LocalSource::savePart(MessageId, const engine::PartRequest &request)
{
    return inWorker([message = m_message, request]() -> Result<engine::SavedPart> {
        const auto part = request.section.isEmpty() ? Result<QByteArray>(message->bytes)
                                                    : mime::partOfMessage(*message, request.section);
        if (!part)
            return failure(part.error());
        Result<void> written = request.sink ? request.sink->write(*part) : writeFile(request.path, *part);
        if (written && request.sink)
            written = request.sink->finish();
        if (!written)
            return failure(written.error());
        return engine::SavedPart{static_cast<std::uint64_t>(part->size()), {}};
    });
}

QFuture<Result<QByteArray>> LocalSource::fetchRaw(MessageId, bool headersOnly)
{
    return answered<Result<QByteArray>>(headersOnly ? m_message->parsed.header().toByteArray() : m_message->bytes);
}

QFuture<Result<engine::SignInReport>> LocalSource::checkAccount(const accounts::Account &, const Secret &)
{
    return refused<engine::SignInReport>();
}

QFuture<Result<AccountId>> LocalSource::addAccount(const accounts::Account &, const Secret &)
{
    return refused<AccountId>();
}

QFuture<Result<void>> LocalSource::changePassword(AccountId, const Secret &)
{
    return refused<void>();
}

QFuture<Result<void>> LocalSource::removeAccount(AccountId)
{
    return refused<void>();
}

QFuture<Result<engine::VerifyReport>> LocalSource::verify(const engine::VerifyRequest &)
{
    return refused<engine::VerifyReport>();
}

QFuture<Result<engine::ActionReport>> LocalSource::changeFlags(const engine::FlagRequest &)
{
    return refused<engine::ActionReport>();
}

QFuture<Result<engine::ActionReport>> LocalSource::move(const engine::MoveRequest &)
{
    return refused<engine::ActionReport>();
}

QFuture<Result<engine::ActionReport>> LocalSource::changeFolder(const engine::FolderRequest &)
{
    return refused<engine::ActionReport>();
}

QFuture<Result<engine::ActionReport>> LocalSource::retargetAction(OperationId, MailboxId)
{
    return refused<engine::ActionReport>();
}

QFuture<Result<engine::ActionReport>> LocalSource::undo()
{
    return refused<engine::ActionReport>();
}

QFuture<Result<std::vector<engine::PendingAction>>> LocalSource::pendingActions()
{
    return answered<Result<std::vector<engine::PendingAction>>>(std::vector<engine::PendingAction>());
}

QFuture<Result<engine::ActionReport>> LocalSource::retryAction(OperationId)
{
    return refused<engine::ActionReport>();
}

QFuture<Result<void>> LocalSource::dropAction(OperationId)
{
    return refused<void>();
}

} // namespace kittiwake::ui
