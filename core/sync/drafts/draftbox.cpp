// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/drafts/draftbox.h"

#include "core/sync/drafts/draftcontent.h"
#include "core/sync/operations/journal.h"
#include "core/sync/operations/rolefolder.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

constexpr qsizetype longestWindow = 64 * 1024;
/** Of all that goes along; in base64 it is a third more, and no provider takes more than 50 MB. */
constexpr std::int64_t mostOctets = 45 * 1024 * 1024;

Failure unknownDraft()
{
    return failure(ErrorKind::Input, {},
                   QCoreApplication::translate("core", "There is no such draft; it was sent or discarded."));
}

Failure beingSent()
{
    return failure(
        ErrorKind::Input, {},
        QCoreApplication::translate("core", "This message is in the outbox; take it back before you change it."));
}

/** A path is the same file while nobody has written into it. */
bool isSameFile(const DraftFile &file, const mime::OutgoingPart &part)
{
    const auto *given = std::get_if<mime::OutgoingFile>(&part);
    if (given == nullptr || !std::holds_alternative<QString>(given->content))
        return true;
    const QFileInfo info(std::get<QString>(given->content));
    return !info.exists() || (info.size() == file.pathSize && info.lastModified().toMSecsSinceEpoch() == file.pathTime);
}

Failure unreadable(const QFile &file)
{
    const QString path = QDir::toNativeSeparators(file.fileName());
    return failure(ErrorKind::Storage, path,
                   QCoreApplication::translate("core",
                                               "The attachment %1 cannot be read. Check that it is still there and "
                                               "that you may open it, or remove it from the message.")
                       .arg(path),
                   file.errorString());
}

} // namespace

DraftBox::DraftBox(const Environment &environment, store::PendingStore &pending, DraftHooks hooks,
                   std::chrono::milliseconds pause)
    : m_environment(environment), m_pending(pending), m_hooks(std::move(hooks)), m_pause(pause)
{
}

std::int64_t DraftBox::now() const
{
    return m_environment.clock.wall().toMSecsSinceEpoch();
}

Result<std::optional<store::DraftRow>> DraftBox::known(const mail::DraftId &id) const
{
    auto row = m_pending.draft(id);
    if (row && *row && (*row)->outgoing.isValid())
        return beingSent();
    return row;
}

Result<DraftFile> DraftBox::keep(const mail::DraftId &id, const mime::OutgoingPart &part)
{
    DraftFile kept;
    QBuffer memory;
    QFile file;
    QIODevice *from = &memory;
    if (const auto *given = std::get_if<mime::OutgoingFile>(&part)) {
        kept.name = given->name;
        kept.type = given->type;
        kept.contentId = given->contentId;
        if (const auto *bytes = std::get_if<QByteArray>(&given->content)) {
            memory.setData(*bytes);
        } else {
            kept.path = std::get<QString>(given->content);
            file.setFileName(kept.path);
            from = &file;
        }
    } else if (const auto *original = std::get_if<mime::ForwardedPart>(&part)) {
        kept.kind = DraftFile::Kind::Part;
        kept.header = original->header;
        memory.setData(original->body);
    } else {
        const auto &message = std::get<mime::ForwardedMessage>(part);
        kept.kind = DraftFile::Kind::Message;
        kept.name = message.name;
        memory.setData(message.bytes);
    }
    if (!from->open(QIODevice::ReadOnly))
        return unreadable(file);
    if (from == &file) {
        const QFileInfo info(kept.path);
        kept.pathSize = info.size();
        kept.pathTime = info.lastModified().toMSecsSinceEpoch();
    }
    const auto others = m_pending.draftPartsSize(id);
    if (!others)
        return failure(others.error());
    if (*others + from->size() > mostOctets)
        return failure(ErrorKind::Input, kept.name,
                       QCoreApplication::translate("core",
                                                   "%1 does not fit: all attachments together may have %2 MB, since no "
                                                   "provider takes more. Send a link to it instead.")
                           .arg(kept.name, QString::number(mostOctets / 1'000'000)));
    const auto added = m_pending.addDraftPart(id, *from);
    if (!added)
        return failure(added.error());
    kept.part = *added;
    return kept;
}

Result<store::DraftRow> DraftBox::save(const mail::DraftId &id, const DraftContext &context,
                                       const mime::Composition &composition)
{
    if (!id.isValid() || !context.account.isValid() || context.window.size() > longestWindow)
        return unknownDraft();
    const auto before = known(id);
    if (!before)
        return failure(before.error());
    const bool isNew = !*before;
    store::DraftRow row = before->value_or(store::DraftRow());
    if (isNew) {
        row.id = id;
        row.createdAt = now();
        const auto adopted = m_adopted.find(id);
        DraftServer server = adopted == m_adopted.end() ? DraftServer() : adopted->second.server;
        if (adopted != m_adopted.end())
            row.account = adopted->second.account;
        if (!server.identity.isValid())
            server.identity = id;
        row.server = server.toBytes();
    }
    const AccountId account = row.account.isValid() ? row.account : context.account;
    const bool isMoved = account != context.account;
    row.account = context.account;
    Open &open = m_open[id];
    const bool wasOpen = row.isOpen && !isNew;
    row.isOpen = true;
    std::vector<Kept> kept;
    QString notice;
    bool isChanged = isNew || isMoved;
    auto done = m_pending.inTransaction([&]() -> Result<void> {
        if (isMoved) {
            // Its versions are in the other account.
            if (auto left = leave(row, account); !left)
                return left;
        }
        if (isNew) {
            if (auto made = m_pending.putDraft(row); !made)
                return made;
        }
        DraftRecord record;
        record.context = context;
        record.composition = composition;
        record.composition.attachments.clear();
        std::vector<store::DraftPartId> parts;
        for (const mime::OutgoingPart &part : composition.attachments) {
            const auto same = std::find_if(open.kept.begin(), open.kept.end(), [&part](const Kept &one) {
                return one.part == part && isSameFile(one.file, part);
            });
            if (same != open.kept.end()) {
                record.files.push_back(same->file);
                kept.push_back(*same);
                parts.push_back(same->file.part);
                continue;
            }
            const auto added = keep(id, part);
            if (!added) {
                notice = added.error().userText;
                if (const auto *given = std::get_if<mime::OutgoingFile>(&part)) {
                    const auto *path = std::get_if<QString>(&given->content);
                    record.files.push_back({DraftFile::Kind::File,
                                            {},
                                            given->name,
                                            given->type,
                                            given->contentId,
                                            {},
                                            path == nullptr ? QString() : *path,
                                            0,
                                            0});
                }
                continue;
            }
            record.files.push_back(*added);
            kept.push_back({part, *added});
            parts.push_back(added->part);
        }
        const QByteArray written = record.toBytes();
        isChanged = isChanged || written != row.written;
        if (!isChanged && wasOpen && notice == row.notice)
            return {};
        if (isChanged) {
            row.written = written;
            ++row.revision;
            row.changedAt = now();
            row.notice = notice;
            if (auto less = m_pending.keepDraftParts(id, parts); !less)
                return less;
            const auto size = m_pending.draftPartsSize(id);
            if (!size)
                return failure(size.error());
            if (auto queued = ensurePush(row, now() + pauseFor(m_pause, *size).count()); !queued)
                return queued;
        }
        return m_pending.putDraft(row);
    });
    if (!done)
        return failure(std::move(done.error()));
    open.kept = std::move(kept);
    m_adopted.erase(id);
    m_hooks.changed(id);
    return row;
}

/** What the account has of it goes from there, as something of its own; here it begins anew. */
Result<void> DraftBox::leave(store::DraftRow &row, AccountId account, const std::optional<KeptVersion> &kept)
{
    DraftServer server = DraftServer::fromBytes(row.server);
    if (row.push.isValid()) {
        const auto operation = m_pending.find(row.push);
        if (!operation)
            return failure(operation.error());
        if (auto removed = m_pending.remove(row.push); !removed)
            return removed;
        row.push = {};
    }
    if (!server.isEmpty()) {
        store::PendingOperation away;
        away.account = account;
        away.kind = QString::fromLatin1(DraftOperation::kind);
        DraftOperation removal;
        removal.server = server;
        removal.kept = kept;
        away.payload = removal.toBytes();
        away.createdAt = now();
        const auto added = m_pending.add(away);
        if (!added)
            return failure(added.error());
    }
    DraftServer fresh;
    fresh.identity = server.identity.isValid() ? server.identity : row.id;
    row.server = fresh.toBytes();
    row.synced = 0;
    row.syncedAt = 0;
    return {};
}

Result<OperationId> DraftBox::addPush(const store::DraftRow &row, std::int64_t when)
{
    const auto tree = m_environment.store.mailboxes(row.account);
    if (!tree)
        return failure(tree.error());
    if (!tree->empty()) {
        const DraftFolder folder = draftFolder(*tree, kindOf(row));
        if (!folder.id.isValid()) {
            auto made = m_pending.add(Journal::rolePart(row.account, folder.name, folder.delimiter, folder.role));
            if (!made)
                return made;
        }
    }
    store::PendingOperation push;
    push.account = row.account;
    push.kind = QString::fromLatin1(DraftOperation::kind);
    DraftOperation operation;
    operation.draft = row.id;
    push.payload = operation.toBytes();
    push.createdAt = now();
    push.nextAttemptAt = when;
    return m_pending.add(push);
}

/** One that waits already is soon enough. What is redirected is no draft of the server's. */
Result<void> DraftBox::ensurePush(store::DraftRow &row, std::int64_t when)
{
    if (kindOf(row) == DraftContext::Kind::Redirect)
        return {};
    if (row.push.isValid()) {
        const auto found = m_pending.find(row.push);
        if (!found)
            return failure(found.error());
        if (*found) {
            store::PendingOperation push = **found;
            if (push.state != store::OperationState::Failed && push.nextAttemptAt <= when)
                return {};
            push.state = store::OperationState::Queued;
            push.nextAttemptAt = when;
            auto noted = m_pending.update(push);
            if (noted)
                m_hooks.followed(row.account);
            return noted;
        }
    }
    const auto added = addPush(row, when);
    if (!added)
        return failure(added.error());
    row.push = *added;
    m_hooks.followed(row.account);
    return {};
}

std::chrono::milliseconds DraftBox::pauseFor(std::chrono::milliseconds usual, std::int64_t octets)
{
    return std::min<std::chrono::milliseconds>(usual + pausePerMebibyte * (octets >> 20), longestPause);
}

Result<DraftBox::Loaded> DraftBox::load(const mail::DraftId &id)
{
    const auto row = m_pending.draft(id);
    if (!row)
        return failure(row.error());
    if (!*row)
        return unknownDraft();
    auto text = readDraft(m_pending, **row);
    if (!text)
        return failure(std::move(text.error()));
    store::DraftRow opened = **row;
    if (!opened.isOpen && !opened.outgoing.isValid()) {
        // On its way to the server: it must not go from here when it is there.
        opened.isOpen = true;
        if (auto noted = m_pending.putDraft(opened); !noted)
            return failure(std::move(noted.error()));
    }
    std::vector<Kept> kept;
    for (std::size_t i = 0; i < text->record.files.size(); ++i) {
        if (text->record.files[i].part.isValid())
            kept.push_back({text->composition.attachments[i], text->record.files[i]});
    }
    m_open[id].kept = std::move(kept);
    return Loaded{std::move(opened), std::move(text->record.context), std::move(text->composition)};
}

Result<mail::DraftId> DraftBox::findVersion(AccountId account, const mail::MailboxName &mailbox, UidValidity validity,
                                            Uid uid) const
{
    const auto rows = m_pending.drafts(account);
    if (!rows)
        return failure(rows.error());
    const auto isThere = [&](const DraftServer &server) {
        return server.mailbox == mailbox && server.validity == validity && server.base && server.base->uid == uid;
    };
    for (const store::DraftRow &row : *rows) {
        if (isThere(DraftServer::fromBytes(row.server)))
            return row.id;
    }
    for (const auto &[id, adopted] : m_adopted) {
        if (adopted.account == account && isThere(adopted.server))
            return id;
    }
    return mail::DraftId();
}

} // namespace kittiwake::sync
