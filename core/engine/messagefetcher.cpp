// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/messagefetcher.h"

#include "core/mime/filename.h"
#include "core/mime/headers.h"

#include <QCoreApplication>

namespace kittiwake::engine
{

namespace
{

/** Parts in one command: some servers take no longer lines than a thousand octets (Yahoo). */
constexpr qsizetype partsAtOnce = 15;
/** A message of more texts than this is fetched whole: asking for each would take longer. */
constexpr std::size_t mostTexts = 150;

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

async::Task<Result<mime::MessageContent>> MessageFetcher::content(MessageId message, QByteArray charset)
{
    if (charset.isEmpty()) {
        if (const auto known = m_cache.find(message))
            co_return *known;
    }
    const auto ref = m_access.locate(message);
    if (!ref)
        co_return failure(ref.error());
    const MessageRef place = *ref;
    const Purpose purpose{charset, false};
    const std::function<async::Task<Result<mime::MessageContent>>()> attempt
        = [this, place, purpose] { return contentOnce(place, purpose); };
    Result<mime::MessageContent> content = co_await twice<mime::MessageContent>(m_access.clock(), attempt);
    if (content && charset.isEmpty())
        m_cache.put(message, std::make_shared<const mime::MessageContent>(*content));
    co_return content;
}

async::Task<Result<void>> MessageFetcher::fetchAhead(MessageId message)
{
    if (m_cache.find(message))
        co_return Result<void>();
    const auto ref = m_access.locate(message);
    if (!ref)
        co_return failure(ref.error());
    const Purpose purpose{{}, true};
    Result<mime::MessageContent> content = co_await contentOnce(*ref, purpose);
    if (!content)
        co_return failure(content.error());
    m_cache.put(message, std::make_shared<const mime::MessageContent>(std::move(*content)));
    co_return Result<void>();
}

async::Task<Result<mime::MessageContent>> MessageFetcher::contentOnce(MessageRef message, Purpose purpose)
{
    const auto target = m_access.target(message);
    if (!target)
        co_return failure(target.error());
    if (purpose.isAhead && !m_access.isOnline(*target))
        co_return failure(ErrorKind::Cancelled, target->where, {}, QStringLiteral("offline"));
    const Result<Description> description = co_await describe(*target);
    if (!description)
        co_return failure(description.error());
    const Structure structure = description->structure;
    Result<mime::MessageContent> content = co_await contentOf(*target, structure, purpose);
    if (content && structure)
        content->unsubscribe = description->unsubscribe;
    co_return content;
}

async::Task<Result<MessageFetcher::Description>> MessageFetcher::describe(Target target)
{
    imap::FetchItems items;
    items.bodyStructure = true;
    // How to leave the list it came from, with the same question.
    const imap::Section listFields = imap::Section::headerFields(mime::listUnsubscribeFields());
    items.bodies.push_back(MessageAccess::bodyItem(listFields));
    Result<std::optional<imap::FetchData>> answer = co_await m_access.ask(target, items);
    if (!answer && answer.error().kind != ErrorKind::ServerRefused)
        co_return failure(answer.error());
    Description description;
    if (answer && *answer) {
        if ((*answer)->bodyStructure)
            description.structure = std::make_shared<const mail::BodyPart>(std::move(*(*answer)->bodyStructure));
        if (const imap::FetchedSection *fields = (*answer)->find(listFields); fields != nullptr && fields->data)
            description.unsubscribe = mime::listUnsubscribe(*fields->data);
    }
    co_return description;
}

async::Task<Result<mime::MessageContent>> MessageFetcher::contentOf(Target target, Structure structure, Purpose purpose)
{
    const mime::ReadPlan plan = structure ? mime::planReading(*structure) : mime::ReadPlan{};
    const QByteArrayList sections = plan.sections();
    const bool isTooMuch = purpose.isAhead
        && (!structure || plan.texts.size() > partsAtOnce || announcedSize(*structure, sections) > ReadLimits::ahead);
    if (isTooMuch)
        co_return failure(ErrorKind::Cancelled, target.where, {}, QStringLiteral("too large to be fetched ahead"));
    Result<ReadParts> texts{ReadParts{}};
    if (structure && plan.texts.size() <= mostTexts && !plan.texts.empty())
        texts = co_await fetchParts(target, structure, sections, true);
    if (!texts && texts.error().kind != ErrorKind::ServerRefused)
        co_return failure(texts.error());
    if (!structure || plan.texts.size() > mostTexts || !texts || !texts->isTruthful) {
        Result<mime::MessageContent> whole = co_await wholeContent(target, purpose);
        co_return whole;
    }
    ReadParts parts = std::move(*texts);
    structure = withoutEncodings(structure, parts.decoded);
    const mime::PartBodies bodies = parts.bodies;
    const std::function<QByteArrayList()> findImages
        = [structure, bodies] { return mime::planInlineImages(*structure, bodies); };
    const QByteArrayList found = co_await m_offload.run(findImages);
    const QByteArrayList images
        = withinLimit(*structure, found, purpose.isAhead ? ReadLimits::ahead : ReadLimits::images);
    // A content that lacks its pictures only because it was fetched ahead must not be kept as if it were whole.
    if (purpose.isAhead && images.size() < found.size())
        co_return failure(ErrorKind::Cancelled, target.where, {}, QStringLiteral("too large to be fetched ahead"));
    if (!images.isEmpty()) {
        // Pictures that do not come leave gaps; the text is shown all the same.
        const Result<ReadParts> fetched = co_await fetchParts(target, structure, images, false);
        if (fetched) {
            parts.bodies.insert(fetched->bodies);
            structure = withoutEncodings(structure, fetched->decoded);
        }
    }
    const mime::PartBodies all = parts.bodies;
    const std::function<mime::MessageContent()> make
        = [structure, all, purpose] { return mime::makeContent(*structure, all, {purpose.charset}); };
    mime::MessageContent content = co_await m_offload.run(make);
    co_return content;
}

/** With BINARY where the server has it; without it where it then will not (RFC 3516 section 4.3, [UNKNOWN-CTE]). */
async::Task<Result<ReadParts>> MessageFetcher::fetchParts(Target target, Structure structure, QByteArrayList sections,
                                                          bool check)
{
    const auto able = co_await m_access.abilities(target);
    if (!able)
        co_return failure(able.error());
    MessageAccess::Abilities abilities = *able;
    ReadParts all;
    qsizetype done = 0;
    while (done < sections.size()) {
        const QByteArrayList some = sections.mid(done, partsAtOnce);
        const imap::FetchItems items = askForParts(*structure, some, abilities, check);
        const Result<std::optional<imap::FetchData>> answer = co_await m_access.ask(target, items);
        const bool asksBinary = std::any_of(items.bodies.begin(), items.bodies.end(),
                                            [](const imap::FetchItems::Body &body) { return body.binary; });
        if (!answer && answer.error().kind == ErrorKind::Network && asksBinary)
            m_access.distrustBinary(target);
        if (!answer && (answer.error().kind != ErrorKind::ServerRefused || !asksBinary))
            co_return failure(answer.error());
        ReadParts parts;
        if (answer && *answer)
            parts = takeParts(*structure, some, **answer);
        const bool isEmpty = !answer || !*answer;
        if (asksBinary && (isEmpty || !parts.isTruthful)) {
            abilities.binary = false; // once more, the old way
            continue;
        }
        all.isTruthful = all.isTruthful && !isEmpty && parts.isTruthful;
        all.bodies.insert(parts.bodies);
        all.decoded += parts.decoded;
        done += some.size();
    }
    co_return all;
}

async::Task<Result<mime::MessageContent>> MessageFetcher::wholeContent(Target target, Purpose purpose)
{
    if (purpose.isAhead)
        co_return failure(ErrorKind::Cancelled, target.where, {}, QStringLiteral("not fetched whole ahead"));
    Result<QByteArray> whole = co_await m_access.fetchWhole(target, imap::Section::whole(), ReadLimits::whole);
    if (!whole)
        co_return failure(whole.error());
    const QByteArray bytes = *whole;
    const std::function<mime::MessageContent()> make
        = [bytes, purpose] { return mime::contentOfMessage(bytes, {purpose.charset}); };
    mime::MessageContent content = co_await m_offload.run(make);
    nameLocally(content);
    co_return content;
}

async::Task<Result<MessageDetails>> MessageFetcher::details(MessageRef message)
{
    const std::function<async::Task<Result<MessageDetails>>()> attempt
        = [this, message] { return detailsOnce(message); };
    Result<MessageDetails> details = co_await twice<MessageDetails>(m_access.clock(), attempt);
    co_return details;
}

async::Task<Result<MessageDetails>> MessageFetcher::detailsOnce(MessageRef message)
{
    const auto target = m_access.target(message);
    if (!target)
        co_return failure(target.error());
    imap::FetchItems items;
    items.bodies.push_back(MessageAccess::bodyItem(imap::Section::header()));
    Result<imap::FetchData> answer = co_await m_access.fetch(*target, items);
    if (!answer)
        co_return failure(answer.error());
    // By itself: a structure that cannot be understood must not take the header with it.
    const Result<Description> known = co_await describe(*target);
    if (!known)
        co_return failure(known.error());
    const Structure structure = known->structure;
    MessageDetails details;
    if (const imap::FetchedSection *header = answer->find(imap::Section::header()); header != nullptr && header->data) {
        for (const mime::HeaderField &field : mime::parseHeaderBlock(*header->data))
            details.headers.emplace_back(QString::fromLatin1(field.name), mime::decodeHeaderText(field.value));
    }
    if (structure) {
        for (const mail::NumberedPart &part : mail::leafParts(*structure))
            details.parts.push_back(partInfo(part));
    }
    const Purpose purpose;
    Result<mime::MessageContent> content = co_await contentOf(*target, structure, purpose);
    if (!content)
        co_return failure(content.error());
    details.content = std::move(*content);
    co_return details;
}

async::Task<Result<QByteArray>> MessageFetcher::part(MessageRef message, QByteArray section)
{
    if (!imap::Section::ofPart(numberOfLocal(section).value_or(section)).isValid() || section.isEmpty()) {
        co_return failure(ErrorKind::Input, QString::fromLatin1(section),
                          QCoreApplication::translate("core", "\"%1\" is not the number of a part, such as 2 or 1.3.")
                              .arg(QString::fromLatin1(section)));
    }
    const std::function<async::Task<Result<QByteArray>>()> attempt
        = [this, message, section] { return partOnce(message, section); };
    Result<QByteArray> bytes = co_await twice<QByteArray>(m_access.clock(), attempt);
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
    if (const auto number = numberOfLocal(section)) {
        Result<QByteArray> local = co_await localPart(*target, *number);
        co_return local;
    }
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
    if (!isKnown || body == nullptr || !body->data)
        co_return failure(noSuchPart(target->where, section));
    const QByteArray encoded = *body->data;
    const std::function<QByteArray()> decode = [encoding, encoded] { return mime::decodePart(encoding, encoded); };
    QByteArray decoded = co_await m_offload.run(decode);
    co_return decoded;
}

/** Of a message whose structure is wrong on the server. */
async::Task<Result<QByteArray>> MessageFetcher::localPart(Target target, QByteArray number)
{
    Result<QByteArray> whole = co_await m_access.fetchWhole(target, imap::Section::whole(), ReadLimits::whole);
    if (!whole)
        co_return failure(whole.error());
    const QByteArray bytes = *whole;
    const std::function<std::optional<QByteArray>()> cut = [bytes, number] { return partOfWhole(bytes, number); };
    std::optional<QByteArray> part = co_await m_offload.run(cut);
    if (!part)
        co_return failure(noSuchPart(target.where, number));
    co_return std::move(*part);
}

async::Task<Result<QByteArray>> MessageFetcher::raw(MessageRef message, bool headersOnly)
{
    const std::function<async::Task<Result<QByteArray>>()> attempt
        = [this, message, headersOnly] { return rawOnce(message, headersOnly); };
    Result<QByteArray> bytes = co_await twice<QByteArray>(m_access.clock(), attempt);
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
