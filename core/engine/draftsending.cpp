// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/engine/drafts.h"
#include "core/mime/compositionreader.h"
#include "core/mime/headers.h"
#include "core/mime/messagebuilder.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

/** Drafts on their way into the outbox, and back. */
namespace kittiwake::engine
{

namespace
{

constexpr int longestUndo = 60; // seconds

/** What programs note in drafts for themselves is nobody else's business. */
bool isProgramsOwn(const QByteArray &name)
{
    constexpr std::array<const char *, 8> names{
        "x-mozilla-", "x-identity-key", "x-account-key", "x-kittiwake-", "x-uniform-type-identifier", "x-apple-",
        "fcc",        "x-kmail-"};
    const QByteArray lower = name.toLower();
    return std::any_of(names.begin(), names.end(), [&lower](const char *one) { return lower.startsWith(one); });
}

bool isThere(const mail::AddressList &list, const QString &address)
{
    return std::any_of(list.begin(), list.end(), [&address](const mail::Address &one) {
        return one.address.compare(address, Qt::CaseInsensitive) == 0
            || QString::fromUtf8(mime::wireAddress(one.address)).compare(address, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

Result<smtp::PreparedMessage> Drafts::prepare(const store::DraftRow &row, sync::DraftText text,
                                              const sync::DraftServer &server)
{
    mime::Composition &composition = text.composition;
    for (const mail::AddressList *list : {&composition.to, &composition.cc, &composition.bcc}) {
        for (const mail::Address &one : *list) {
            if (mime::wireAddress(one.address).isEmpty())
                return failure(
                    ErrorKind::Input, one.shortText(),
                    QCoreApplication::translate("core", "%1 is not an e-mail address. Correct it, or remove it.")
                        .arg(one.shortText()));
        }
    }
    if (text.record.context.kind == DraftContext::Kind::Redirect) {
        if (composition.attachments.size() != 1
            || !std::holds_alternative<mime::ForwardedMessage>(composition.attachments.front()))
            return failure(ErrorKind::Storage, {},
                           QCoreApplication::translate("core",
                                                       "The message that was to be redirected is not here any more; "
                                                       "redirect it again from where it lies."));
        const smtp::Resending resending{composition.from, composition.to, composition.cc, composition.bcc};
        QByteArray original = std::move(std::get<mime::ForwardedMessage>(composition.attachments.front()).bytes);
        text = {};
        return m_parts.mailing.prepare(row.account, std::move(original), {}, resending);
    }
    const QDateTime now = m_parts.environment.clock.wall().toLocalTime();
    composition.messageId = sync::sentMessageId(server.identity, composition.from, m_parts.environment.random);
    composition.date = now.toSecsSinceEpoch();
    composition.utcOffset = now.offsetFromUtc();
    std::erase_if(composition.otherFields, [](const mime::OtherField &field) { return isProgramsOwn(field.name); });
    mime::BuildOptions options;
    options.withBcc = true;
    options.internationalAddresses = true; // whether the server takes them shows when it is asked
    options.attachments = sync::draftFiles(m_parts.pending, text.record);
    auto bytes = mime::buildMessage(composition, options);
    if (!bytes)
        return failure(std::move(bytes.error()));
    return m_parts.mailing.prepare(row.account, std::move(*bytes), {});
}

async::Task<Result<SendReport>> Drafts::send(DraftSendRequest request)
{
    const auto found = m_parts.pending.draft(request.id);
    if (!found)
        co_return failure(found.error());
    if (!*found)
        co_return failure(ErrorKind::Input, {},
                          QCoreApplication::translate("core", "There is no such draft; it was sent or discarded."));
    store::DraftRow row = **found;
    if (row.outgoing.isValid()) {
        Result<SendReport> already = co_await m_parts.mailing.report(row.outgoing, {}, request.wait);
        co_return already;
    }
    auto text = sync::readDraftText(row);
    // What is redirected is the message itself.
    if (text && text->record.context.kind == DraftContext::Kind::Redirect)
        text = sync::readDraft(m_parts.pending, row);
    if (!text)
        co_return failure(text.error());
    const std::vector<DraftOrigin> origins = text->record.context.origins;
    const bool wantsDeliveryReport = text->record.context.wantsDeliveryReport;
    sync::DraftServer server = sync::DraftServer::fromBytes(row.server);
    if (!server.identity.isValid())
        server.identity = row.id;
    auto prepared = prepare(row, std::move(*text), server);
    if (!prepared)
        co_return failure(prepared.error());
    const auto fits
        = co_await m_parts.mailing.checkSize(row.account, static_cast<std::uint64_t>(prepared->bytes.size()));
    if (!fits)
        co_return failure(fits.error());
    // The server may have been asked meanwhile.
    const auto again = m_parts.pending.draft(request.id);
    if (!again || !*again || (*again)->revision != row.revision || (*again)->outgoing.isValid()) {
        prepared->bytes = QByteArray();
        Result<SendReport> anew = co_await send(request);
        co_return anew;
    }
    row = **again;
    sync::Outgoing outgoing = sync::Outgoing::of(*prepared);
    outgoing.draft = row.id;
    outgoing.wantsDeliveryReport = wantsDeliveryReport;
    if (!origins.empty()) {
        outgoing.origins = origins;
        outgoing.answers.clear();
        outgoing.forwards.clear();
    }
    const std::int64_t now = m_parts.environment.clock.wall().toMSecsSinceEpoch();
    const int undo = std::clamp(request.undoSeconds, 0, longestUndo);
    const std::int64_t notBefore = undo == 0 && request.notBefore <= now
        ? 0
        : std::max<std::int64_t>(request.notBefore, now + undo * std::int64_t{1000});
    OperationId id;
    const auto done = m_parts.pending.inTransaction([&]() -> Result<void> {
        const auto added = m_parts.mailing.outbox().add(row.account, outgoing, prepared->bytes, notBefore);
        if (!added)
            return failure(added.error());
        id = *added;
        return m_box.handOver(row, id);
    });
    if (!done)
        co_return failure(done.error());
    prepared->bytes = QByteArray();
    tell(row.id);
    const bool wait = request.wait && notBefore <= now;
    Result<SendReport> report = co_await m_parts.mailing.report(id, QString::fromLatin1(outgoing.messageId), wait);
    co_return report;
}

/** What the server has of a draft goes from there when the message was sent, and not before. */
std::vector<store::PendingOperation> Drafts::removalOf(const sync::Outgoing &outgoing) const
{
    const auto row = m_parts.pending.draft(outgoing.draft);
    if (!row || !*row)
        return {};
    sync::DraftOperation removal;
    removal.server = sync::DraftServer::fromBytes((*row)->server);
    if (removal.server.isEmpty())
        return {};
    store::PendingOperation operation;
    operation.account = (*row)->account;
    operation.kind = QString::fromLatin1(sync::DraftOperation::kind);
    operation.payload = removal.toBytes();
    operation.createdAt = m_parts.environment.clock.wall().toMSecsSinceEpoch();
    return {operation};
}

Result<void> Drafts::accepted(const sync::Outgoing &outgoing)
{
    return outgoing.draft.isValid() ? m_parts.pending.removeDraft(outgoing.draft) : Result<void>();
}

/** The draft that a message of the outbox was written as; made of the message where there is none any more. */
Result<mail::DraftId> Drafts::draftOf(const store::PendingOperation &operation)
{
    const auto outgoing = sync::Outgoing::fromBytes(operation.payload);
    if (!outgoing)
        return failure(ErrorKind::Input, {},
                       QCoreApplication::translate("core", "There is no such message in the outbox."));
    const auto row = outgoing->draft.isValid() ? m_parts.pending.draft(outgoing->draft)
                                               : Result<std::optional<store::DraftRow>>(std::nullopt);
    if (!row)
        return failure(row.error());
    if (*row && (*row)->outgoing == operation.id) {
        if (auto back = m_box.comeBack(**row, operation.error); !back)
            return failure(back.error());
        return outgoing->draft;
    }
    const auto content = m_parts.pending.content(operation.id);
    if (!content || !*content)
        return failure(content ? Error{ErrorKind::Storage,
                                       {},
                                       QCoreApplication::translate("core", "The text of this message is lost."),
                                       {}}
                               : content.error());
    mime::ReadComposition read = mime::readComposition(**content, mime::ReadAs::Draft);
    mime::Composition &composition = read.composition;
    using State = sync::OutgoingRecipient::State;
    for (const sync::OutgoingRecipient &recipient : outgoing->recipients) {
        if (recipient.state == State::Accepted) {
            // They have it: only the others get what is written now.
            for (mail::AddressList *list : {&composition.to, &composition.cc})
                std::erase_if(*list,
                              [&recipient](const mail::Address &one) { return isThere({one}, recipient.address); });
        } else if (!isThere(composition.to, recipient.address) && !isThere(composition.cc, recipient.address)) {
            composition.bcc.push_back({{}, recipient.address});
        }
    }
    composition.messageId.clear();
    DraftContext context = contextFor(operation.account, composition);
    context.origins = outgoing->origins;
    const mail::DraftId id = mail::DraftId::make(m_parts.environment.random);
    auto saved = m_box.save(id, context, composition);
    if (!saved)
        return failure(std::move(saved.error()));
    if (auto back = m_box.comeBack(*saved, operation.error); !back)
        return failure(back.error());
    return id;
}

async::Task<Result<OpenedDraft>> Drafts::takeBack(OperationId operation)
{
    const auto found = m_parts.pending.find(operation);
    if (!found)
        co_return failure(found.error());
    if (!*found || !sync::Outbox::isMessage((*found)->kind))
        co_return failure(ErrorKind::Input, {},
                          QCoreApplication::translate("core",
                                                      "There is no such message in the outbox; it may have been sent "
                                                      "by now."));
    mail::DraftId id;
    const auto done = m_parts.pending.inTransaction([&]() -> Result<void> {
        const auto draft = draftOf(**found);
        if (!draft)
            return failure(draft.error());
        id = *draft;
        return m_parts.mailing.outbox().drop(operation);
    });
    if (!done)
        co_return failure(done.error());
    Result<OpenedDraft> opened = co_await open(id);
    tell(id);
    co_return opened;
}

/** Tells of those whose standing has changed; what was given up in the outbox is a draft again. */
void Drafts::followOutbox()
{
    if (m_isFollowing)
        return;
    m_isFollowing = true;
    const auto rows = m_parts.pending.drafts();
    std::map<mail::DraftId, QString> now;
    for (const store::DraftRow &row : rows.value_or(std::vector<store::DraftRow>())) {
        if (!row.outgoing.isValid())
            continue;
        const auto operation = m_parts.pending.find(row.outgoing);
        if (!operation)
            continue;
        if (!*operation) {
            if (const auto back = m_box.comeBack(row, {}); !back)
                qCWarning(logEngine) << back.error();
            now[row.id] = QStringLiteral("back");
            continue;
        }
        now[row.id] = store::operationStateName((*operation)->state) + (*operation)->error;
    }
    std::vector<mail::DraftId> changed;
    for (const auto &[id, standing] : now) {
        const auto before = m_told.find(id);
        if (before == m_told.end() || before->second != standing)
            changed.push_back(id);
    }
    for (const auto &[id, standing] : m_told) {
        if (now.find(id) == now.end())
            changed.push_back(id);
    }
    m_told = std::move(now);
    m_isFollowing = false;
    for (const mail::DraftId &id : changed)
        tell(id);
}

} // namespace kittiwake::engine
