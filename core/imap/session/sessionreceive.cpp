// SPDX-License-Identifier: GPL-3.0-or-later
// The receiving half of Session: what comes untagged.
#include "core/imap/session/imaperrors.h"
#include "core/imap/session/responserules.h"
#include "core/imap/session/session.h"

#include <algorithm>
#include <utility>

namespace kittiwake::imap
{

void Session::feed(const QByteArray &bytes)
{
    if (m_state == SessionState::Ended)
        return;
    if (m_upgrade == UpgradeWanted::Kind::Tls) {
        end(injectedDataError(m_options.where));
        return;
    }
    m_fragmenter.feed(bytes);
    while (m_state != SessionState::Ended && !m_upgrade) {
        const std::optional<WireMessage> message = m_fragmenter.next();
        if (!message)
            break;
        Response response = m_parser.parse(*message);
        traceReceived(*message, response);
        receive(*message, std::move(response));
    }
    if (!m_upgrade || m_state == SessionState::Ended)
        return;
    QByteArray unread = m_fragmenter.takeUnread();
    // CVE-2020-15685: bytes behind the answer to STARTTLS were put there by somebody on the way.
    if (*m_upgrade == UpgradeWanted::Kind::Tls && !unread.isEmpty()) {
        end(injectedDataError(m_options.where));
        return;
    }
    push(UpgradeWanted{*m_upgrade, std::move(unread)});
}

void Session::receive(const WireMessage &message, Response response)
{
    if (m_state == SessionState::Greeting) {
        greeting(response);
        return;
    }
    if (message.kind == WireMessage::Kind::Fatal) {
        end(outOfStepError(m_options.where, message.why.toByteArray()));
        return;
    }
    if (auto *status = std::get_if<StatusResponse>(&response)) {
        this->status(std::move(*status));
    } else if (const auto *request = std::get_if<ContinuationRequest>(&response)) {
        continuation(*request);
    } else if (const auto *rejected = std::get_if<Rejected>(&response)) {
        malformed(rejected->why, message.kind == WireMessage::Kind::Skipped);
    } else if (const auto *capability = std::get_if<CapabilityData>(&response)) {
        setCapabilities(capability->names);
    } else if (!m_encrypted) {
        malformed(QByteArrayLiteral("untagged data in the clear"), false);
    } else if (const auto *data = std::get_if<EnabledData>(&response)) {
        enabled(*data);
    } else if (const auto *list = std::get_if<ListData>(&response)) {
        Entry *entry = entryOfList(list->kind);
        if ((entry == nullptr || entry->abandoned) && takesReports())
            push(ReportReceived{*list});
        else
            answer(entry, std::move(response));
    } else if (const auto *mailbox = std::get_if<MailboxStatusData>(&response)) {
        Entry *entry = entryOfStatus(*mailbox);
        if ((entry == nullptr || entry->abandoned) && takesReports())
            report(*mailbox);
        else
            answer(entry, std::move(response));
    } else if (const auto *search = std::get_if<SearchData>(&response)) {
        Entry *entry = oldest(CommandKind::Search);
        searched(entry, search->numbers);
        answer(entry, std::move(response));
    } else if (const auto *extended = std::get_if<ESearchData>(&response)) {
        Entry *entry = extended->tag.isEmpty() ? oldest(CommandKind::Search) : entryOfTag(extended->tag);
        if (entry != nullptr && entry->kind != CommandKind::Search)
            entry = nullptr;
        if (extended->uid && extended->all)
            searched(entry, *extended->all);
        answer(entry, std::move(response));
    } else if (const auto *id = std::get_if<IdData>(&response)) {
        m_serverId = *id;
        applyQuirks();
    } else if (std::holds_alternative<NamespaceData>(response)) {
        answer(oldest(CommandKind::Namespace), std::move(response));
    } else if (std::holds_alternative<UnknownData>(response)) {
        malformed(QByteArrayLiteral("unknown response"), false);
    } else {
        mailboxData(std::move(response));
    }
}

void Session::greeting(Response &response)
{
    auto *status = std::get_if<StatusResponse>(&response);
    if (status == nullptr || status->isTagged()) {
        QByteArray head;
        if (const auto *rejected = std::get_if<Rejected>(&response))
            head = rejected->head;
        else if (const auto *unknown = std::get_if<UnknownData>(&response))
            head = unknown->text;
        end(notImapError(m_options.where, head));
        return;
    }
    if (status->kind != StatusKind::Ok && status->kind != StatusKind::PreAuth) {
        end(byeError(m_options.where, *status));
        return;
    }
    if (status->kind == StatusKind::PreAuth && !m_encrypted) {
        end(preAuthInClearError(m_options.where));
        return;
    }
    m_state = status->kind == StatusKind::PreAuth ? SessionState::Authenticated : SessionState::NotAuthenticated;
    m_greetingText = status->text;
    if (const auto *code = status->codeAs<CapabilityCode>())
        setCapabilities(code->names);
    else
        applyQuirks();
    push(GreetingReceived{status->kind, status->text});
    sendReady();
}

void Session::setCapabilities(const QByteArrayList &names)
{
    m_toldCapabilities = names;
    m_capabilitiesFresh = true;
    applyQuirks();
}

void Session::applyQuirks()
{
    m_capabilities = Capabilities(m_toldCapabilities);
    m_quirks = quirksFor(m_greetingText, m_serverId, m_capabilities);
    for (const QByteArray &name : std::as_const(m_quirks.withoutCapabilities))
        m_capabilities.remove(name);
}

void Session::enabled(const EnabledData &data)
{
    if (oldest(CommandKind::Enable) == nullptr) {
        malformed(QByteArrayLiteral("ENABLED without ENABLE"), false);
        return;
    }
    for (const QByteArray &name : data.names) {
        if (m_enabled.size() < Capabilities::maximum)
            m_enabled.insert(name);
    }
    if (m_enabled.contains("QRESYNC"))
        m_enabled.insert("CONDSTORE"); // RFC 7162 section 3.2.3
    m_parser.setOptions({encoding().utf8});
}

void Session::searched(const Entry *entry, const SequenceSet &numbers)
{
    if (entry != nullptr && entry->hints.searchesAll)
        m_mailbox.allUids(numbers);
}

void Session::answer(Entry *entry, Response &&data)
{
    if (entry != nullptr && !entry->abandoned)
        push(DataReceived{entry->id, std::move(data)});
}

/**
 * Dovecot 2.3 writes names in the STATUS that NOTIFY causes as UTF-8 (seen 2026-11: "* STATUS {16}", then
 * "Projekte/Größe"), although nobody has enabled that; those of LIST are in modified UTF-7, as they should be.
 */
void Session::report(MailboxStatusData status)
{
    QByteArray &wire = status.mailbox.wire;
    if (const QString text = QString::fromUtf8(wire); !wire.isEmpty() && text.toUtf8() == wire)
        status.mailbox = {text, {}};
    push(ReportReceived{std::move(status)});
}

/** Also while NOTIFY is being answered: what it brings may come before its OK (RFC 5465 section 3.1). */
bool Session::takesReports()
{
    return m_notifying || oldest(CommandKind::Notify) != nullptr;
}

void Session::mailboxData(Response &&response)
{
    if (m_mailbox.phase() == MailboxState::Phase::None)
        return;
    if (auto *fetch = std::get_if<FetchData>(&response)) {
        m_mailbox.fetch(*fetch);
        pushUpdates();
        // While SELECT is being answered these are its QRESYNC data (RFC 7162 section 3.2.5.1).
        if (m_mailbox.phase() == MailboxState::Phase::Selecting)
            answer(selecting(), std::move(response));
        else
            push(FetchReceived{std::move(*fetch)});
        return;
    }
    if (const auto *exists = std::get_if<ExistsData>(&response)) {
        if (exists->count > MailboxState::maxMessages) {
            end(outOfStepError(m_options.where, QByteArrayLiteral("EXISTS beyond all measure")));
            return;
        }
        m_mailbox.exists(*exists);
    } else if (const auto *expunge = std::get_if<ExpungeData>(&response)) {
        m_mailbox.expunge(*expunge);
    } else if (const auto *flags = std::get_if<FlagsData>(&response)) {
        m_mailbox.flags(*flags);
    } else if (const auto *vanished = std::get_if<VanishedData>(&response)) {
        if (vanished->earlier) {
            Entry *asked = selecting();
            answer(asked != nullptr ? asked : oldest(CommandKind::Fetch), std::move(response));
            return;
        }
        m_mailbox.vanished(*vanished);
    }
    pushUpdates();
}

void Session::pushUpdates()
{
    for (MailboxUpdate &update : m_mailbox.takeUpdates()) {
        // A thousand EXPUNGE in one packet are one update.
        auto *last = m_events.empty() ? nullptr : std::get_if<MailboxUpdate>(&m_events.back());
        if (last != nullptr && merge(*last, update))
            continue;
        push(std::move(update));
    }
}

void Session::push(SessionEvent event)
{
    m_events.push_back(std::move(event));
}

void Session::malformed(const QByteArray &why, bool overLimit)
{
    push(MalformedReceived{why, overLimit});
}

void Session::end(Error error, bool expected)
{
    if (m_state == SessionState::Ended)
        return;
    m_state = SessionState::Ended;
    m_upgrade.reset();
    m_queue.clear();
    m_flight.clear();
    m_output.clear();
    m_mailbox.close();
    push(SessionEnded{std::move(error), expected});
}

Session::Entry *Session::selecting()
{
    Entry *entry = oldest(CommandKind::Select);
    return entry != nullptr ? entry : oldest(CommandKind::Examine);
}

Session::Entry *Session::entryOfTag(const QByteArray &tag)
{
    const auto found
        = std::find_if(m_flight.begin(), m_flight.end(), [&](const Entry &entry) { return entry.tag == tag; });
    return found == m_flight.end() ? nullptr : &*found;
}

Session::Entry *Session::entryOfStatus(const MailboxStatusData &data)
{
    for (Entry &entry : m_flight) {
        if (entry.kind == CommandKind::Status && entry.hints.mailbox == data.mailbox)
            return &entry;
    }
    return oldest(CommandKind::List); // LIST-STATUS (RFC 5819)
}

Session::Entry *Session::entryOfList(ListData::Kind kind)
{
    Entry *entry = nullptr;
    switch (kind) {
    case ListData::Kind::List:
        entry = oldest(CommandKind::List);
        // Some servers answer XLIST with LIST.
        return entry != nullptr ? entry : oldest(CommandKind::Xlist);
    case ListData::Kind::Lsub:
        return oldest(CommandKind::Lsub);
    case ListData::Kind::Xlist:
        return oldest(CommandKind::Xlist);
    }
    return nullptr;
}

void Session::traceReceived(const WireMessage &message, const Response &response) const
{
    if (m_trace)
        m_trace(false, traceLine(message, response, countInFlight(CommandKind::Authenticate) > 0));
}

} // namespace kittiwake::imap
