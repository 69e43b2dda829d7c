// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/messagefetcher.h"

#include "core/mime/filename.h"
#include "core/mime/headers.h"

#include <QCoreApplication>

namespace kittiwake::engine
{

namespace
{

/** More than a text part that people read; what lies behind is not shown (mime::ContentLimits::textBytes, encoded). */
constexpr std::uint64_t textLimit = 12ULL * 1024 * 1024;

std::uint64_t encodedSize(const mail::BodyPart &root, const QByteArray &section)
{
    for (const mail::NumberedPart &part : mail::leafParts(root)) {
        if (part.section == section)
            return part.part->size;
    }
    return 0;
}

PartInfo partInfo(const mail::NumberedPart &numbered)
{
    const mail::BodyPart &part = *numbered.part;
    // "filename", "filename*" and "filename*0*" are all names (RFC 2231).
    const auto isNamed = [](const mail::BodyParameters &parameters, const char *name) {
        return std::any_of(parameters.begin(), parameters.end(), [name](const mail::BodyParameter &parameter) {
            return parameter.first.toLower().startsWith(name);
        });
    };
    const QString name = isNamed(part.dispositionParameters, "filename") || isNamed(part.parameters, "name")
        ? mime::attachmentName(part)
        : QString();
    return {numbered.section, part.type + '/' + part.subtype, name, part.size, part.encoding, part.disposition};
}

} // namespace

MessageFetcher::MessageFetcher(MessageAccess &access, Offload &offload) : m_access(access), m_offload(offload) { }

async::Task<Result<mime::MessageContent>> MessageFetcher::content(MessageId message)
{
    if (const auto known = m_cache.find(message))
        co_return *known;
    const auto ref = m_access.locate(message);
    if (!ref)
        co_return failure(ref.error());
    const MessageRef place = *ref;
    const std::function<async::Task<Result<mime::MessageContent>>()> attempt
        = [this, place] { return contentOnce(place); };
    Result<mime::MessageContent> content = co_await twice<mime::MessageContent>(attempt);
    if (content)
        m_cache.put(message, std::make_shared<const mime::MessageContent>(*content));
    co_return content;
}

async::Task<Result<mime::MessageContent>> MessageFetcher::contentOnce(MessageRef message)
{
    const auto target = m_access.target(message);
    if (!target)
        co_return failure(target.error());
    imap::FetchItems items;
    items.bodyStructure = true;
    // How to leave the list it came from, with the same question.
    const imap::Section listFields = imap::Section::headerFields({"List-Unsubscribe", "List-Unsubscribe-Post"});
    items.bodies.push_back(MessageAccess::bodyItem(listFields));
    Result<imap::FetchData> answer = co_await m_access.fetch(*target, items);
    if (!answer)
        co_return failure(answer.error());
    mime::ListUnsubscribe unsubscribe;
    if (const imap::FetchedSection *fields = answer->find(listFields); fields != nullptr && fields->data)
        unsubscribe = mime::listUnsubscribe(*fields->data);
    std::shared_ptr<const mail::BodyPart> structure;
    if (answer->bodyStructure)
        structure = std::make_shared<const mail::BodyPart>(std::move(*answer->bodyStructure));
    Result<mime::MessageContent> content = co_await contentOf(*target, structure);
    if (content)
        content->unsubscribe = std::move(unsubscribe);
    co_return content;
}

async::Task<Result<mime::MessageContent>> MessageFetcher::contentOf(Target target,
                                                                    std::shared_ptr<const mail::BodyPart> structure)
{
    if (!structure) {
        Result<mime::MessageContent> whole = co_await wholeContent(target);
        co_return whole;
    }
    const mime::ReadPlan plan = mime::planReading(*structure);
    mime::PartBodies bodies;
    bool isTruthful = true;
    if (!plan.texts.empty()) {
        imap::FetchItems items;
        for (const QByteArray &section : plan.sections()) {
            imap::FetchItems::Body body = MessageAccess::bodyItem(imap::Section::ofPart(section));
            // Only giants are cut: some servers answer partial fetches wrongly, all answer whole ones.
            if (encodedSize(*structure, section) > textLimit)
                body.partial = imap::FetchPartial{0, textLimit};
            items.bodies.push_back(std::move(body));
        }
        const auto texts = co_await m_access.fetch(target, items);
        if (!texts)
            co_return failure(texts.error());
        for (const imap::FetchedSection &section : texts->sections) {
            if (section.data)
                bodies.insert(section.section.part, *section.data);
        }
        // A structure that names a part which the server then does not have is not to be believed.
        for (const QByteArray &section : plan.sections())
            isTruthful = isTruthful && bodies.contains(section);
    }
    if (!isTruthful) {
        Result<mime::MessageContent> whole = co_await wholeContent(target);
        co_return whole;
    }
    const std::function<QByteArrayList()> findImages
        = [structure, bodies] { return mime::planInlineImages(*structure, bodies); };
    const QByteArrayList images = co_await m_offload.run(findImages);
    if (!images.isEmpty()) {
        imap::FetchItems items;
        for (const QByteArray &section : images)
            items.bodies.push_back(MessageAccess::bodyItem(imap::Section::ofPart(section)));
        const auto fetched = co_await m_access.fetch(target, items);
        // Pictures that do not come leave gaps; the text is shown all the same.
        if (fetched) {
            for (const imap::FetchedSection &section : fetched->sections) {
                if (section.data)
                    bodies.insert(section.section.part, *section.data);
            }
        }
    }
    const std::function<mime::MessageContent()> make
        = [structure, bodies] { return mime::makeContent(*structure, bodies); };
    mime::MessageContent content = co_await m_offload.run(make);
    co_return content;
}

async::Task<Result<mime::MessageContent>> MessageFetcher::wholeContent(Target target)
{
    imap::FetchItems items;
    items.bodies.push_back(MessageAccess::bodyItem(imap::Section::whole()));
    Result<imap::FetchData> answer = co_await m_access.fetch(target, items);
    if (!answer)
        co_return failure(answer.error());
    const imap::FetchedSection *whole = answer->find(imap::Section::whole());
    if (whole == nullptr || !whole->data) {
        co_return failure(ErrorKind::ServerRefused, target.where,
                          QCoreApplication::translate("core",
                                                      "The server did not hand out this message. It is still "
                                                      "there; try again later."));
    }
    const QByteArray bytes = *whole->data;
    const std::function<mime::MessageContent()> make = [bytes] { return mime::contentOfMessage(bytes); };
    mime::MessageContent content = co_await m_offload.run(make);
    co_return content;
}

async::Task<Result<MessageDetails>> MessageFetcher::details(MessageRef message)
{
    const std::function<async::Task<Result<MessageDetails>>()> attempt
        = [this, message] { return detailsOnce(message); };
    Result<MessageDetails> details = co_await twice<MessageDetails>(attempt);
    co_return details;
}

async::Task<Result<MessageDetails>> MessageFetcher::detailsOnce(MessageRef message)
{
    const auto target = m_access.target(message);
    if (!target)
        co_return failure(target.error());
    imap::FetchItems items;
    items.bodyStructure = true;
    items.bodies.push_back(MessageAccess::bodyItem(imap::Section::header()));
    Result<imap::FetchData> answer = co_await m_access.fetch(*target, items);
    if (!answer)
        co_return failure(answer.error());
    MessageDetails details;
    if (const imap::FetchedSection *header = answer->find(imap::Section::header()); header != nullptr && header->data) {
        for (const mime::HeaderField &field : mime::parseHeaderBlock(*header->data))
            details.headers.emplace_back(QString::fromLatin1(field.name), mime::decodeHeaderText(field.value));
    }
    std::shared_ptr<const mail::BodyPart> structure;
    if (answer->bodyStructure) {
        structure = std::make_shared<const mail::BodyPart>(std::move(*answer->bodyStructure));
        for (const mail::NumberedPart &part : mail::leafParts(*structure))
            details.parts.push_back(partInfo(part));
    }
    Result<mime::MessageContent> content = co_await contentOf(*target, structure);
    if (!content)
        co_return failure(content.error());
    details.content = std::move(*content);
    co_return details;
}

async::Task<Result<QByteArray>> MessageFetcher::part(MessageRef message, QByteArray section)
{
    if (!imap::Section::ofPart(section).isValid() || section.isEmpty()) {
        co_return failure(ErrorKind::Input, QString::fromLatin1(section),
                          QCoreApplication::translate("core", "\"%1\" is not the number of a part, such as 2 or 1.3.")
                              .arg(QString::fromLatin1(section)));
    }
    const std::function<async::Task<Result<QByteArray>>()> attempt
        = [this, message, section] { return partOnce(message, section); };
    Result<QByteArray> bytes = co_await twice<QByteArray>(attempt);
    co_return bytes;
}

async::Task<Result<QByteArray>> MessageFetcher::partOf(MessageId message, QByteArray section)
{
    const auto place = m_access.locate(message);
    if (!place)
        co_return failure(place.error());
    Result<QByteArray> bytes = co_await part(*place, section);
    co_return bytes;
}

async::Task<Result<QByteArray>> MessageFetcher::rawOf(MessageId message, bool headersOnly)
{
    const auto place = m_access.locate(message);
    if (!place)
        co_return failure(place.error());
    Result<QByteArray> bytes = co_await raw(*place, headersOnly);
    co_return bytes;
}

async::Task<Result<QByteArray>> MessageFetcher::partOnce(MessageRef message, QByteArray section)
{
    const auto target = m_access.target(message);
    if (!target)
        co_return failure(target.error());
    imap::FetchItems items;
    items.bodyStructure = true;
    items.bodies.push_back(MessageAccess::bodyItem(imap::Section::ofPart(section)));
    Result<imap::FetchData> answer = co_await m_access.fetch(*target, items);
    if (!answer)
        co_return failure(answer.error());
    const imap::FetchedSection *body = answer->find(imap::Section::ofPart(section));
    QByteArray encoding;
    bool isKnown = false;
    if (answer->bodyStructure) {
        for (const mail::NumberedPart &part : mail::leafParts(*answer->bodyStructure)) {
            if (part.section == section) {
                encoding = part.part->encoding;
                isKnown = true;
            }
        }
    }
    if (!isKnown || body == nullptr || !body->data) {
        co_return failure(
            ErrorKind::Input, target->where,
            QCoreApplication::translate("core", "This message has no part %1.").arg(QString::fromLatin1(section)));
    }
    const QByteArray encoded = *body->data;
    const std::function<QByteArray()> decode = [encoding, encoded] { return mime::decodePart(encoding, encoded); };
    QByteArray decoded = co_await m_offload.run(decode);
    co_return decoded;
}

async::Task<Result<QByteArray>> MessageFetcher::raw(MessageRef message, bool headersOnly)
{
    const std::function<async::Task<Result<QByteArray>>()> attempt
        = [this, message, headersOnly] { return rawOnce(message, headersOnly); };
    Result<QByteArray> bytes = co_await twice<QByteArray>(attempt);
    co_return bytes;
}

async::Task<Result<QByteArray>> MessageFetcher::rawOnce(MessageRef message, bool headersOnly)
{
    const auto target = m_access.target(message);
    if (!target)
        co_return failure(target.error());
    const imap::Section section = headersOnly ? imap::Section::header() : imap::Section::whole();
    imap::FetchItems items;
    items.bodies.push_back(MessageAccess::bodyItem(section));
    Result<imap::FetchData> answer = co_await m_access.fetch(*target, items);
    if (!answer)
        co_return failure(answer.error());
    const imap::FetchedSection *body = answer->find(section);
    if (body == nullptr || !body->data)
        co_return failure(MessageAccess::goneError(target->where));
    co_return *body->data;
}

} // namespace kittiwake::engine
