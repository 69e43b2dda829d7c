// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/appendreplay.h"

#include "core/sync/account/accountsync.h"
#include "core/sync/operations/replayerrors.h"
#include "core/sync/operations/rolefolder.h"

#include <QCoreApplication>

#include <array>

namespace kittiwake::sync
{

namespace
{

/**
 * Between looks for the copy that a service saves by itself: two minutes in all. Exchange Online's comes seconds after
 * the submission, Gmail's mostly at once (Mailspring-Sync, test/README.md, September 2026: clients that do not wait get
 * two to four copies).
 */
constexpr std::array<std::chrono::seconds, 7> pauses{
    std::chrono::seconds(2),  std::chrono::seconds(3),  std::chrono::seconds(5), std::chrono::seconds(10),
    std::chrono::seconds(20), std::chrono::seconds(40), std::chrono::seconds(40)};

} // namespace

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

/** The copy of a message that was sent before the folders were known was meant for whatever Sent is called there. */
Result<void> AppendReplay::findSent()
{
    const auto tree = m_environment.store.mailboxes(m_record.account);
    if (!tree)
        return failure(tree.error());
    const RoleFolder sent = roleFolder(*tree, mail::MailboxRole::Sent);
    if (!sent.id.isValid() || sent.name == m_operation.mailbox)
        return {};
    m_operation.mailbox = sent.name;
    m_record.payload = m_operation.toBytes();
    return m_pending.update(m_record);
}

async::Task<Result<void>> AppendReplay::run()
{
    if (auto known = read(); !known)
        co_return known;
    if (m_operation.idSuffices && !m_progress.isSent) {
        if (auto named = findSent(); !named)
            co_return named;
    }
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
    const bool isSaved = isSavedByService(*lease);
    if (isSaved && !m_progress.isSent)
        beginAtNewest(*lease);
    if (m_progress.isSent) {
        const auto looked = co_await look(*lease);
        if (!looked)
            co_return failure(looked.error());
    }
    if (isSaved && !m_progress.uid.isValid() && static_cast<std::size_t>(m_progress.looks) < pauses.size()) {
        m_pause = pauses[static_cast<std::size_t>(m_progress.looks)];
        ++m_progress.looks;
        co_return note();
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
