// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/appendreplay.h"

#include "core/sync/account/accountsync.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

namespace kittiwake::sync
{

AppendReplay::AppendReplay(const Environment &environment, store::PendingStore &pending, AccountSync &sync,
                           OperationId operation)
    : m_environment(environment), m_pending(pending), m_sync(sync), m_id(operation)
{
}

Result<void> AppendReplay::read()
{
    const auto record = m_pending.find(m_id);
    if (!record)
        return failure(record.error());
    const auto operation = *record ? AppendOperation::fromBytes((*record)->kind, (*record)->payload) : std::nullopt;
    if (!operation)
        return failure(ErrorKind::Cancelled, {}, QCoreApplication::translate("core", "This was given up."));
    m_record = **record;
    m_operation = *operation;
    m_progress = AppendProgress::fromBytes(m_record.progress);
    return {};
}

/** Committed before the command is sent: whoever finds this after a crash looks before doing it again. */
Result<void> AppendReplay::note()
{
    const std::pair<OperationId, QByteArray> note(m_id, m_progress.toBytes());
    return m_pending.setProgress(std::span(&note, 1));
}

async::Task<Result<void>> AppendReplay::run()
{
    if (auto known = read(); !known)
        co_return known;
    const auto mailbox = findFolder(m_environment.store, m_record.account, m_operation.mailbox);
    if (!mailbox)
        co_return failure(mailbox.error());
    if (!*mailbox)
        co_return failure(targetRefusedError(
            Error{
                ErrorKind::ServerRefused, m_operation.mailbox.text, {}, QStringLiteral("NO [NONEXISTENT] not listed")},
            m_operation.mailbox));
    m_mailbox = **mailbox;
    Result<Lease> lease = co_await m_sync.borrow(m_mailbox);
    if (!lease)
        co_return failure(lease.error());
    m_hasBegun = true;
    // While the mailbox was opened, it may have turned out to have another name.
    if (auto known = read(); !known)
        co_return known;
    if (m_progress.isSent) {
        const auto looked = co_await look(*lease);
        if (!looked)
            co_return failure(looked.error());
    }
    if (m_progress.isSent && !m_progress.uid.isValid() && m_mayHaveLeft) {
        *lease = Lease(); // Only one mailbox at a time: an account may have a single connection.
        const auto looked = co_await lookElsewhere();
        if (!looked)
            co_return failure(looked.error());
        if (m_progress.uid.isValid())
            co_return Result<void>();
        Result<Lease> again = co_await m_sync.borrow(m_mailbox);
        if (!again)
            co_return failure(again.error());
        *lease = std::move(*again);
    }
    if (!m_progress.uid.isValid()) {
        const auto sent = co_await send(*lease);
        if (!sent)
            co_return failure(sent.error());
        // What the server says of the UID is believed where the message is looked at: it is shown from what is there.
        const auto looked = co_await look(*lease);
        if (!looked && looked.error().kind != ErrorKind::ServerRefused)
            co_return failure(looked.error());
    }
    m_progress.mailbox = m_operation.mailbox;
    co_return Result<void>();
}

} // namespace kittiwake::sync
