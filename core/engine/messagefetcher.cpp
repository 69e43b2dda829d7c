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

Error goneError(const QString &where)
{
    return {ErrorKind::Input,
            where,
            QCoreApplication::translate("core", "This message is not on the server any more: it was moved or deleted."),
            {}};
}

imap::FetchItems::Body bodyItem(imap::Section section)
{
    return {std::move(section), true, false, std::nullopt};
}

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

struct MessageFetcher::Target {
    AccountId account;
    MailboxId mailbox;
    UidValidity uidValidity; ///< under which the UID was read
    Uid uid;
    MessageId message; ///< in the cache, under that UID; none: it is not there
    QString where;
};

MessageFetcher::MessageFetcher(store::CacheStore &store, Offload &offload, AccountFinder findAccount)
    : m_store(store), m_offload(offload), m_findAccount(std::move(findAccount))
{
}

Result<MessageRef> MessageFetcher::locate(MessageId message) const
{
    const auto location = m_store.locate(message);
    if (!location)
        return failure(location.error());
    if (!*location)
        return failure(goneError({}));
    return MessageRef{(*location)->mailbox, (*location)->uid};
}

Result<MessageFetcher::Target> MessageFetcher::target(const MessageRef &message) const
{
    const auto row = m_store.mailbox(message.mailbox);
    if (!row)
        return failure(row.error());
    if (!*row)
        return failure(goneError({}));
    const auto cached = m_store.findUid(message.mailbox, message.uid);
    if (!cached)
        return failure(cached.error());
    return Target{(*row)->account,  message.mailbox, (*row)->uidValidity, message.uid, cached->value_or(MessageId()),
                  (*row)->name.text};
}

/** The UID that the message has now: opening its mailbox may have shown that the server has renumbered it. */
Result<Uid> MessageFetcher::uidUnder(const Target &target, UidValidity uidValidity) const
{
    if (!target.uidValidity.isValid() || target.uidValidity == uidValidity)
        return target.uid;
    // The same UID under another UIDVALIDITY is another message.
    const auto state = m_store.state(target.mailbox);
    const auto location = m_store.locate(target.message);
    if (!state)
        return failure(state.error());
    if (!location)
        return failure(location.error());
    if (!*state || (*state)->uidValidity != uidValidity || !*location || (*location)->mailbox != target.mailbox)
        return failure(goneError(target.where));
    return (*location)->uid;
}

/** Runs an attempt again when the connection broke under it: it may simply have been an old one. */
template <typename T>
async::Task<Result<T>> MessageFetcher::twice(std::function<async::Task<Result<T>>()> attempt)
{
    async::Task<Result<T>> first = attempt();
    Result<T> result = co_await first;
    if (result || result.error().kind != ErrorKind::Network)
        co_return result;
    async::Task<Result<T>> second = attempt();
    result = co_await second;
    co_return result;
}

async::Task<Result<sync::Lease>> MessageFetcher::lease(Target target)
{
    // Accounts come and go while people wait for a message: looked up anew each time.
    sync::AccountSync *account = m_findAccount(target.account);
    if (account == nullptr)
        co_return failure(goneError(target.where));
    Result<sync::Lease> lease = co_await account->borrow(target.mailbox);
    if (!lease)
        co_return lease;
    if (lease->client() == nullptr)
        co_return failure(ErrorKind::Network, target.where,
                          QCoreApplication::translate("core", "The connection was lost; try again."));
    co_return lease;
}

async::Task<Result<imap::FetchData>> MessageFetcher::fetch(Target target, imap::FetchItems items)
{
    Result<sync::Lease> lease = co_await this->lease(target);
    if (!lease)
        co_return failure(lease.error());
    std::optional<imap::FetchData> answer;
    const imap::FetchSink sink = [&answer](imap::FetchedMessage &&message) { answer = std::move(message); };
    const auto uid = uidUnder(target, lease->uidValidity());
    if (!uid)
        co_return failure(uid.error());
    const imap::UidSet uids(*uid);
    const auto fetched = co_await lease->client()->fetch(uids, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    if (!answer)
        co_return failure(goneError(target.where));
    co_return std::move(*answer);
}

async::Task<Result<mime::MessageContent>> MessageFetcher::content(MessageId message)
{
    if (const auto known = m_cache.find(message))
        co_return *known;
    const auto ref = locate(message);
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
    const auto target = this->target(message);
    if (!target)
        co_return failure(target.error());
    imap::FetchItems items;
    items.bodyStructure = true;
    Result<imap::FetchData> answer = co_await fetch(*target, items);
    if (!answer)
        co_return failure(answer.error());
    std::shared_ptr<const mail::BodyPart> structure;
    if (answer->bodyStructure)
        structure = std::make_shared<const mail::BodyPart>(std::move(*answer->bodyStructure));
    Result<mime::MessageContent> content = co_await contentOf(*target, structure);
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
            imap::FetchItems::Body body = bodyItem(imap::Section::ofPart(section));
            // Only giants are cut: some servers answer partial fetches wrongly, all answer whole ones.
            if (encodedSize(*structure, section) > textLimit)
                body.partial = imap::FetchPartial{0, textLimit};
            items.bodies.push_back(std::move(body));
        }
        const auto texts = co_await fetch(target, items);
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
            items.bodies.push_back(bodyItem(imap::Section::ofPart(section)));
        const auto fetched = co_await fetch(target, items);
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
    items.bodies.push_back(bodyItem(imap::Section::whole()));
    Result<imap::FetchData> answer = co_await fetch(target, items);
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
    const auto target = this->target(message);
    if (!target)
        co_return failure(target.error());
    imap::FetchItems items;
    items.bodyStructure = true;
    items.bodies.push_back(bodyItem(imap::Section::header()));
    Result<imap::FetchData> answer = co_await fetch(*target, items);
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
    const auto place = locate(message);
    if (!place)
        co_return failure(place.error());
    Result<QByteArray> bytes = co_await part(*place, section);
    co_return bytes;
}

async::Task<Result<QByteArray>> MessageFetcher::rawOf(MessageId message, bool headersOnly)
{
    const auto place = locate(message);
    if (!place)
        co_return failure(place.error());
    Result<QByteArray> bytes = co_await raw(*place, headersOnly);
    co_return bytes;
}

async::Task<Result<QByteArray>> MessageFetcher::partOnce(MessageRef message, QByteArray section)
{
    const auto target = this->target(message);
    if (!target)
        co_return failure(target.error());
    imap::FetchItems items;
    items.bodyStructure = true;
    items.bodies.push_back(bodyItem(imap::Section::ofPart(section)));
    Result<imap::FetchData> answer = co_await fetch(*target, items);
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
    const auto target = this->target(message);
    if (!target)
        co_return failure(target.error());
    const imap::Section section = headersOnly ? imap::Section::header() : imap::Section::whole();
    imap::FetchItems items;
    items.bodies.push_back(bodyItem(section));
    Result<imap::FetchData> answer = co_await fetch(*target, items);
    if (!answer)
        co_return failure(answer.error());
    const imap::FetchedSection *body = answer->find(section);
    if (body == nullptr || !body->data)
        co_return failure(goneError(target->where));
    co_return *body->data;
}

} // namespace kittiwake::engine
