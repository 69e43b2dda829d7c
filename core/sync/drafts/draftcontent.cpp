// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/drafts/draftcontent.h"

#include "core/mime/messagebuilder.h"

#include <QCoreApplication>

namespace kittiwake::sync
{

namespace
{

Result<mime::OutgoingPart> partOf(const store::PendingStore &pending, const DraftFile &file)
{
    QByteArray bytes;
    if (file.part.isValid()) {
        auto read = pending.draftPart(file.part);
        if (!read)
            return failure(std::move(read.error()));
        bytes = std::move(*read);
    }
    switch (file.kind) {
    case DraftFile::Kind::Part:
        return mime::OutgoingPart(mime::ForwardedPart{file.header, bytes});
    case DraftFile::Kind::Message:
        return mime::OutgoingPart(mime::ForwardedMessage{file.name, bytes});
    case DraftFile::Kind::File:
        break;
    }
    mime::OutgoingFile result{file.name, file.type, file.contentId, bytes};
    if (!file.part.isValid())
        result.content = file.path;
    return mime::OutgoingPart(std::move(result));
}

} // namespace

Result<DraftText> readDraft(const store::PendingStore &pending, const store::DraftRow &row)
{
    auto record = DraftRecord::fromBytes(row.written);
    if (!record)
        return failure(ErrorKind::Storage, QStringLiteral("pending.db"),
                       QCoreApplication::translate("core",
                                                   "This draft was written by a newer version of Kittiwake; update "
                                                   "this one to go on with it."));
    record->context.account = row.account;
    DraftText result{std::move(*record), {}};
    result.composition = result.record.composition;
    for (const DraftFile &file : result.record.files) {
        auto part = partOf(pending, file);
        if (!part)
            return failure(std::move(part.error()));
        result.composition.attachments.push_back(std::move(*part));
    }
    return result;
}

DraftContext::Kind kindOf(const store::DraftRow &row)
{
    const auto record = DraftRecord::fromBytes(row.written);
    return record ? record->context.kind : DraftContext::Kind::Message;
}

DraftFolder draftFolder(const std::vector<store::MailboxRow> &tree, DraftContext::Kind kind)
{
    if (kind == DraftContext::Kind::Template)
        return {templatesFolder(tree), mail::MailboxRole::None};
    return {roleFolder(tree, mail::MailboxRole::Drafts), mail::MailboxRole::Drafts};
}

Result<QByteArray> draftMessage(DraftText text, const QByteArray &messageId, std::int64_t date)
{
    mime::Composition &composition = text.composition;
    composition.messageId = messageId;
    composition.date = date / 1000;
    for (const DraftOrigin &origin : text.record.context.origins) {
        if (origin.how == DraftOrigin::How::Forwards && !origin.messageId.isEmpty())
            composition.otherFields.push_back({QByteArrayLiteral("X-Forwarded-Message-Id"), origin.messageId});
    }
    // A file that could not be read was told of when it was attached; the text is stored without it.
    std::erase_if(composition.attachments, [](const mime::OutgoingPart &part) {
        const auto *file = std::get_if<mime::OutgoingFile>(&part);
        return file != nullptr && std::holds_alternative<QString>(file->content);
    });
    mime::BuildOptions options;
    options.withBcc = true;
    options.isUnfinished = true;
    return mime::buildMessage(composition, options);
}

} // namespace kittiwake::sync
