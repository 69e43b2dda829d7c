// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/drafts/draftcontent.h"

#include <QCoreApplication>

namespace kittiwake::sync
{

namespace
{

mime::OutgoingPart partOf(const DraftFile &file, const QByteArray &bytes)
{
    switch (file.kind) {
    case DraftFile::Kind::Part:
        return mime::ForwardedPart{file.header, bytes};
    case DraftFile::Kind::Message:
        return mime::ForwardedMessage{file.name, bytes};
    case DraftFile::Kind::File:
        break;
    }
    mime::OutgoingFile result{file.name, file.type, file.contentId, bytes};
    if (!file.part.isValid())
        result.content = file.path;
    return result;
}

} // namespace

Result<DraftText> readDraftText(const store::DraftRow &row)
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
    for (const DraftFile &file : result.record.files)
        result.composition.attachments.push_back(partOf(file, {}));
    return result;
}

Result<DraftText> readDraft(const store::PendingStore &pending, const store::DraftRow &row)
{
    auto result = readDraftText(row);
    if (!result)
        return result;
    for (std::size_t place = 0; place < result->record.files.size(); ++place) {
        const DraftFile &file = result->record.files[place];
        if (!file.part.isValid())
            continue;
        const auto bytes = pending.draftPart(file.part);
        if (!bytes)
            return failure(bytes.error());
        result->composition.attachments[place] = partOf(file, *bytes);
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

mime::AttachmentOpener draftFiles(const store::PendingStore &pending, const DraftRecord &record)
{
    std::vector<store::DraftPartId> parts;
    parts.reserve(record.files.size());
    for (const DraftFile &file : record.files)
        parts.push_back(file.part);
    return [&pending, parts](std::size_t place) -> Result<std::unique_ptr<QIODevice>> {
        if (place >= parts.size() || !parts[place].isValid())
            return std::unique_ptr<QIODevice>(); // a file on the disk, which could not be kept
        return pending.openDraftPart(parts[place]);
    };
}

Result<QByteArray> draftMessage(const store::PendingStore &pending, DraftText text, const QByteArray &messageId,
                                std::int64_t date)
{
    mime::Composition &composition = text.composition;
    composition.messageId = messageId;
    composition.date = date / 1000;
    for (const DraftOrigin &origin : text.record.context.origins) {
        if (origin.how == DraftOrigin::How::Forwards && !origin.messageId.isEmpty())
            composition.otherFields.push_back({QByteArrayLiteral("X-Forwarded-Message-Id"), origin.messageId});
    }
    // A file that could not be read was told of when it was attached; the text is stored without it.
    std::erase_if(text.record.files, [](const DraftFile &file) { return !file.part.isValid(); });
    std::erase_if(composition.attachments, [](const mime::OutgoingPart &part) {
        const auto *file = std::get_if<mime::OutgoingFile>(&part);
        return file != nullptr && std::holds_alternative<QString>(file->content);
    });
    mime::BuildOptions options;
    options.attachments = draftFiles(pending, text.record);
    options.withBcc = true;
    options.isUnfinished = true;
    return mime::buildMessage(composition, options);
}

} // namespace kittiwake::sync
