// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/flows.h"
#include "core/imap/client/rolenames.h"
#include "core/imap/session/imaperrors.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>
#include <utility>

namespace kittiwake::imap::flows
{

namespace
{

constexpr std::size_t maxMailboxes = 100'000;
constexpr qsizetype maxNameLength = 1000;

/** Whether people can be shown this name, and a server can be told it. */
bool isUsable(const mail::MailboxName &name)
{
    if (name.text.isEmpty() || name.text.size() > maxNameLength)
        return false;
    return std::none_of(name.text.begin(), name.text.end(), [](QChar character) {
        return character.category() == QChar::Other_Control || character == QChar::LineSeparator
            || character == QChar::ParagraphSeparator;
    });
}

template <typename T>
void updateField(std::optional<T> &known, const std::optional<T> &news)
{
    if (news)
        known = news;
}

template <typename T>
void updateField(T &known, const T &news)
{
    if (news.isValid())
        known = news;
}

/** A later STATUS may say less: NOTIFY tells only what changed. */
void update(MailboxStatusData &known, const MailboxStatusData &news)
{
    updateField(known.messages, news.messages);
    updateField(known.recent, news.recent);
    updateField(known.unseen, news.unseen);
    updateField(known.deleted, news.deleted);
    updateField(known.uidNext, news.uidNext);
    updateField(known.uidValidity, news.uidValidity);
    updateField(known.highestModSeq, news.highestModSeq);
    updateField(known.size, news.size);
    updateField(known.appendLimit, news.appendLimit);
    if (!news.mailboxId.isEmpty())
        known.mailboxId = news.mailboxId;
}

/** Puts LIST, LSUB, XLIST and STATUS together, each mailbox once. */
class Listing
{
public:
    explicit Listing(bool subscriptionsInList) : m_subscriptionsInList(subscriptionsInList) { }

    void take(Response &&data)
    {
        if (auto *list = std::get_if<ListData>(&data))
            takeList(std::move(*list));
        else if (auto *status = std::get_if<MailboxStatusData>(&data))
            takeStatus(std::move(*status));
    }
    [[nodiscard]] bool isTooLong() const { return m_tooLong; }
    [[nodiscard]] const std::vector<ListedMailbox> &mailboxes() const { return m_mailboxes; }
    [[nodiscard]] std::vector<ListedMailbox> finish()
    {
        dropWhatIsNotThere();
        std::stable_partition(m_mailboxes.begin(), m_mailboxes.end(),
                              [](const ListedMailbox &mailbox) { return mailbox.name.isInbox(); });
        guessRoles(m_mailboxes);
        return std::move(m_mailboxes);
    }

private:
    ListedMailbox *find(const mail::MailboxName &name)
    {
        const auto found = m_places.constFind(name);
        return found == m_places.constEnd() ? nullptr : &m_mailboxes[*found];
    }

    /**
     * \NonExistent (RFC 5258 section 3) is a level above mailboxes that are there, or a name to which somebody is still
     * subscribed, or what another client deletes while the listing is being told (NOTIFY): only the first is shown.
     */
    void dropWhatIsNotThere()
    {
        if (m_notThere.isEmpty())
            return;
        QSet<QString> parents;
        for (const ListedMailbox &mailbox : m_mailboxes) {
            if (m_notThere.contains(mailbox.name))
                continue;
            for (QString above = mailbox.name.parent(mailbox.delimiter); !above.isEmpty();
                 above = mail::MailboxName{above, {}}.parent(mailbox.delimiter))
                parents.insert(above);
        }
        std::erase_if(m_mailboxes, [&](const ListedMailbox &mailbox) {
            return m_notThere.contains(mailbox.name) && !parents.contains(mailbox.name.text);
        });
        m_places.clear(); // they have moved, and nothing is looked up any more
    }

    void takeList(ListData &&list)
    {
        // XLIST gives INBOX in the person's language, with an attribute.
        if (list.attributes.has(ListAttribute::Inbox))
            list.mailbox = mail::MailboxName::inbox();
        if (!isUsable(list.mailbox))
            return;
        ListedMailbox *mailbox = find(list.mailbox);
        if (list.kind == ListData::Kind::Lsub) {
            // A subscription may name what is not there any more (RFC 9051 section 6.3.9): it makes no mailbox.
            if (mailbox != nullptr && list.isSelectable())
                mailbox->subscribed = true;
            return;
        }
        if (mailbox == nullptr) {
            if (m_mailboxes.size() >= maxMailboxes) {
                m_tooLong = true;
                return;
            }
            m_places.insert(list.mailbox, m_mailboxes.size());
            m_mailboxes.emplace_back();
            mailbox = &m_mailboxes.back();
            mailbox->name = list.mailbox;
        }
        if (list.attributes.has(ListAttribute::NonExistent))
            m_notThere.insert(list.mailbox);
        else
            m_notThere.remove(list.mailbox);
        mailbox->delimiter = list.delimiter;
        mailbox->selectable = list.isSelectable();
        mailbox->noInferiors = list.attributes.has(ListAttribute::NoInferiors);
        if (list.oldName)
            mailbox->oldName = list.oldName;
        if (list.role() != mail::MailboxRole::None)
            mailbox->role = list.role();
        if (list.attributes.has(ListAttribute::HasChildren))
            mailbox->hasChildren = true;
        else if (list.attributes.has(ListAttribute::HasNoChildren) || mailbox->noInferiors)
            mailbox->hasChildren = false;
        if (m_subscriptionsInList)
            mailbox->subscribed = mailbox->subscribed || list.attributes.has(ListAttribute::Subscribed);
    }

    void takeStatus(MailboxStatusData &&status)
    {
        ListedMailbox *mailbox = find(status.mailbox);
        if (mailbox == nullptr)
            return;
        if (mailbox->status)
            update(*mailbox->status, status);
        else
            mailbox->status = std::move(status);
    }

    bool m_subscriptionsInList;
    bool m_tooLong = false;
    std::vector<ListedMailbox> m_mailboxes;
    QHash<mail::MailboxName, std::size_t> m_places;
    QSet<mail::MailboxName> m_notThere;
};

/** Only items that this server knows; asking for another one is BAD. */
StatusItems knownItems(const Session &session, const StatusItems &items)
{
    const Capabilities &capabilities = session.capabilities();
    StatusItems known;
    for (const StatusItem item : items) {
        bool isKnown = true;
        if (item == StatusItem::HighestModSeq)
            isKnown = capabilities.has("CONDSTORE") || capabilities.has("QRESYNC");
        else if (item == StatusItem::Size)
            isKnown = capabilities.has("STATUS=SIZE") || capabilities.has("IMAP4REV2");
        else if (item == StatusItem::MailboxId)
            isKnown = capabilities.has("OBJECTID");
        else if (item == StatusItem::Deleted)
            isKnown = session.isEnabled("IMAP4REV2");
        else if (item == StatusItem::AppendLimit)
            isKnown = capabilities.has("APPENDLIMIT");
        if (isKnown)
            known.push_back(item);
    }
    return known;
}

/** STATUS of every selectable mailbox that has none yet, pipelined; the session bounds how many are in flight. */
async::Task<Result<void>> askStatuses(ConnectionPtr connection, Listing *listing, StatusItems items)
{
    Operation operation(*connection);
    operation.onData = [listing](Response &&data) { listing->take(std::move(data)); };
    bool asked = false;
    for (const ListedMailbox &mailbox : listing->mailboxes()) {
        if (!mailbox.selectable || mailbox.status)
            continue;
        Session::Hints hints;
        hints.mailbox = mailbox.name;
        operation.submit(Command::status(mailbox.name, items), hints);
        asked = true;
    }
    if (!asked)
        co_return Result<void>();
    co_await operation.finished();
    // A mailbox that vanished meanwhile, or that may not be looked into, has no status: that is no failure.
    if (operation.error() && operation.error()->kind != ErrorKind::Input)
        co_return failure(*operation.error());
    const StatusResponse *refusal = operation.refusal();
    if (refusal != nullptr && isNotConnected(*refusal))
        co_return outcomeOf(*connection, operation);
    co_return Result<void>();
}

} // namespace

async::Task<Result<std::vector<ListedMailbox>>> list(ConnectionPtr connection, StatusItems items)
{
    const Session &session = connection->session();
    const Capabilities &capabilities = session.capabilities();
    const bool extended = capabilities.has("LIST-EXTENDED") || session.isEnabled("IMAP4REV2");
    const StatusItems known = knownItems(session, items);
    const QByteArray everything = QByteArrayLiteral("*");

    Listing listing(extended);
    Operation operation(*connection);
    operation.onData = [&listing](Response &&data) { listing.take(std::move(data)); };
    if (extended) {
        ListOptions options;
        options.returnSubscribed = true;
        options.returnChildren = true;
        options.returnSpecialUse = capabilities.has("SPECIAL-USE");
        if (capabilities.has("LIST-STATUS"))
            options.returnStatus = known;
        operation.submit(Command::list(everything, options));
    } else {
        // XLIST tells the roles where there is no SPECIAL-USE (Zoho, Yandex, mail.ru).
        const bool xlist = capabilities.has("XLIST") && !capabilities.has("SPECIAL-USE");
        operation.submit(xlist ? Command::xlist(everything) : Command::list(everything));
        operation.submit(Command::lsub(everything));
    }
    co_await operation.finished();
    if (operation.error())
        co_return failure(*operation.error());
    // LSUB may be refused (Exchange in IMAP4rev2 mode); LIST may not.
    const StatusResponse *refusal = operation.refusal();
    if (refusal != nullptr && (listing.mailboxes().empty() || isNotConnected(*refusal)))
        co_return failure(outcomeOf(*connection, operation).error());
    if (listing.isTooLong())
        co_return failure(
            ErrorKind::ServerRefused, connection->where(),
            QCoreApplication::translate("core", "%1 lists more than %2 folders, more than can be handled.")
                .arg(connection->where(), QString::number(maxMailboxes)));
    if (!known.empty()) {
        const auto told = co_await askStatuses(connection, &listing, known);
        if (!told)
            co_return failure(told.error());
    }
    co_return listing.finish();
}

async::Task<Result<MailboxStatusData>> status(ConnectionPtr connection, mail::MailboxName mailbox, StatusItems items)
{
    std::optional<MailboxStatusData> told;
    Operation operation(*connection);
    operation.onData = [&told](Response &&data) {
        if (auto *status = std::get_if<MailboxStatusData>(&data)) {
            if (told)
                update(*told, *status);
            else
                told = std::move(*status);
        }
    };
    Session::Hints hints;
    hints.mailbox = mailbox;
    operation.submit(Command::status(mailbox, knownItems(connection->session(), items)), hints);
    co_await operation.finished();
    const Result<void> outcome = outcomeOf(*connection, operation);
    if (!outcome)
        co_return failure(outcome.error());
    if (!told) {
        // OK without an answer (empty STATUS lists of 163 are dropped by the parser): nothing is known.
        told.emplace();
        told->mailbox = mailbox;
    }
    co_return std::move(*told);
}

async::Task<Result<std::vector<MailboxStatusData>>>
statuses(ConnectionPtr connection, std::vector<mail::MailboxName> mailboxes, StatusItems items)
{
    std::vector<MailboxStatusData> told;
    if (mailboxes.empty())
        co_return told;
    QHash<mail::MailboxName, std::size_t> places;
    Operation operation(*connection);
    operation.onData = [&told, &places](Response &&data) {
        auto *status = std::get_if<MailboxStatusData>(&data);
        if (status == nullptr)
            return;
        const auto place = places.constFind(status->mailbox);
        if (place != places.constEnd()) {
            update(told[*place], *status);
            return;
        }
        places.insert(status->mailbox, told.size());
        told.push_back(std::move(*status));
    };
    const StatusItems known = knownItems(connection->session(), items);
    for (const mail::MailboxName &mailbox : mailboxes) {
        Session::Hints hints;
        hints.mailbox = mailbox;
        operation.submit(Command::status(mailbox, known), hints);
    }
    co_await operation.finished();
    // As for a whole listing: a mailbox that has gone, or that may not be looked into, fails nothing.
    if (operation.error() && operation.error()->kind != ErrorKind::Input)
        co_return failure(*operation.error());
    const StatusResponse *refusal = operation.refusal();
    if (refusal != nullptr && isNotConnected(*refusal))
        co_return failure(outcomeOf(*connection, operation).error());
    co_return told;
}

} // namespace kittiwake::imap::flows
