// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/senderinspector.h"

#include "core/base/log.h"
#include "core/mime/domains.h"
#include "core/mime/headers.h"

#include <algorithm>

namespace kittiwake::engine
{

namespace
{

constexpr std::int64_t sampleSize = 30;

imap::Section fieldsOf(const QByteArrayList &names)
{
    return imap::Section::headerFields(names);
}

imap::FetchItems itemsOf(const imap::Section &section)
{
    imap::FetchItems items;
    items.bodies.push_back(MessageAccess::bodyItem(section));
    return items;
}

QByteArray blockOf(const imap::FetchData &data, const imap::Section &section)
{
    const imap::FetchedSection *found = data.find(section);
    return found != nullptr && found->data ? *found->data : QByteArray();
}

} // namespace

struct SenderInspector::Known {
    std::shared_ptr<const Correspondents> correspondents; ///< null: the cache could not be read
    std::optional<store::MailboxRow> inbox;
    std::vector<Uid> newest; ///< of INBOX
};

async::Task<SenderInspector::Known> SenderInspector::look(AccountId account)
{
    const std::shared_ptr<const Correspondents> before = m_correspondents[account];
    const QString profile = m_profile;
    const std::function<Known()> work = [profile, account, before] {
        Known known;
        const auto cache = store::CacheReader::open(profile, Secret());
        if (!cache)
            return known;
        if (auto people = Correspondents::refreshed(**cache, account, before))
            known.correspondents = std::move(*people);
        const auto mailboxes = (*cache)->mailboxes(account);
        if (!mailboxes)
            return known;
        const auto inbox = std::find_if(mailboxes->begin(), mailboxes->end(), [](const store::MailboxRow &row) {
            return row.role == mail::MailboxRole::Inbox;
        });
        if (inbox == mailboxes->end())
            return known;
        known.inbox = *inbox;
        const auto order = (*cache)->order(inbox->id, store::SortKey::Date, false, sampleSize);
        std::vector<MessageId> ids;
        if (order) {
            for (const store::OrderEntry &entry : *order)
                ids.push_back(entry.id);
        }
        if (const auto rows = (*cache)->rows(ids)) {
            for (const store::MessageRow &row : *rows) {
                if (row.header.uid.isValid() && row.mailbox == inbox->id)
                    known.newest.push_back(row.header.uid);
            }
        }
        return known;
    };
    Known known = co_await m_offload.run(work);
    if (known.correspondents)
        m_correspondents[account] = known.correspondents;
    co_return known;
}

async::Task<QString> SenderInspector::authorityOf(AccountId account, MessageAccess::Target inbox, imap::UidSet newest)
{
    if (const auto learnt = m_authorities.find(account); learnt != m_authorities.end())
        co_return learnt->second;
    const imap::Section section = fieldsOf({"AUTHENTICATION-RESULTS", "FROM"});
    std::vector<mime::AuthorityEvidence> evidence;
    const imap::FetchSink sink = [&evidence, &section](imap::FetchedMessage &&message) {
        const QByteArray block = blockOf(message, section);
        const auto results = mime::topmostResults(block);
        const mail::AddressList from = mime::parseAddressList(mime::headerFieldValue(block, "From"));
        evidence.push_back({results ? results->authservId : QByteArray(),
                            from.empty() ? QString() : mime::domainOfAddress(from.front().address)});
    };
    const Result<void> asked = co_await m_access.askMany(inbox, std::move(newest), itemsOf(section), sink);
    if (!asked) // tried again with the next message
        co_return QString();
    const QString authority = mime::learntAuthority(evidence);
    qCInfo(logEngine) << "whose Authentication-Results count:"
                      << (authority.isEmpty() ? QStringLiteral("nobody's") : authority);
    // A young mailbox is asked again later.
    if (!authority.isEmpty() || static_cast<std::int64_t>(evidence.size()) * 2 >= sampleSize)
        m_authorities[account] = authority;
    co_return authority;
}

async::Task<Result<SenderReport>> SenderInspector::inspect(MessageRef message)
{
    const auto target = m_access.target(message);
    if (!target)
        co_return failure(target.error());
    const imap::Section section
        = fieldsOf({"AUTHENTICATION-RESULTS", "FROM", "SENDER", "REPLY-TO", "TO", "CC", "MESSAGE-ID"});
    const auto data = co_await m_access.fetch(*target, itemsOf(section));
    if (!data)
        co_return failure(data.error());
    const QByteArray block = blockOf(*data, section);
    const mail::MessageHeader header = mime::addressesOf(block);
    const Known known = co_await look(target->account);

    SenderReport report;
    if (!header.from.empty())
        report.sender = header.from.front();
    mime::SenderFacts facts;
    facts.sender = mime::parseAddressList(mime::headerFieldValue(block, "Sender"));
    const QStringList own = m_ownDomains();
    const QByteArray id = mime::cleanMessageId(mime::headerFieldValue(block, "Message-ID"));
    if (known.correspondents) {
        facts.knownDomains = known.correspondents->domains();
        facts.firstContact = report.sender.isValid() && known.correspondents->isComplete()
            && !own.contains(mime::domainOfAddress(report.sender.address))
            && !known.correspondents->knows(report.sender.address, id);
    }
    report.remarks = mime::remarksOnSender(header, own, facts);

    // Several authors cannot be vouched for by one name.
    if (header.from.size() == 1 && report.sender.isValid() && known.inbox && !known.newest.empty()) {
        report.domain = mime::domainOfAddress(report.sender.address);
        const MessageAccess::Target inbox{target->account,      known.inbox->id, known.inbox->uidValidity,
                                          known.newest.front(), MessageId(),     known.inbox->name.text};
        imap::UidSet newest;
        for (const Uid uid : known.newest)
            newest.add(uid);
        const QString authority = co_await authorityOf(target->account, inbox, newest);
        const auto results = mime::topmostResults(block);
        report.authenticity = mime::authenticityOf(results, authority, report.domain);
        report.validSigners = mime::validSigners(results, authority);
    }
    co_return report;
}

} // namespace kittiwake::engine
