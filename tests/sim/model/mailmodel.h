// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

/**
 * An IMAP server's mail, as the RFCs describe it and as simple as possible: what the client is measured against. It
 * shares no code with the client, so that both would have to make the same mistake.
 */
namespace kittiwake::sim::model
{

/** A message as it was delivered: it never changes (RFC 9051 section 2.3.1.1). */
struct Content {
    std::string header; ///< with the empty line
    std::string body;
    std::int64_t internalDate = 0; ///< seconds since 1970 UTC

    [[nodiscard]] std::size_t size() const { return header.size() + body.size(); }
    /** The raw value of a header field, unfolded; empty where there is none. */
    [[nodiscard]] std::string field(const std::string &name) const;
    /** Its lines as they are in the message, with the name and the last line's end; empty where there is none. */
    [[nodiscard]] std::string lines(const std::string &name) const;
};

struct Message {
    std::uint32_t uid = 0;
    std::uint64_t modseq = 0;
    std::set<std::string> flags; ///< as spelled, with backslashes
    std::shared_ptr<const Content> content;
};

struct Mailbox {
    std::uint64_t serial = 0; ///< of this mailbox alone, whatever its name and UIDVALIDITY are
    std::string name; ///< as it travels (modified UTF-7)
    std::uint32_t uidValidity = 0;
    std::uint32_t uidNext = 1;
    std::uint64_t highestModSeq = 1;
    std::vector<Message> messages; ///< by rising UID
    struct Expunged {
        std::uint32_t uid;
        std::uint64_t modseq;
    };
    std::vector<Expunged> expunged; ///< what QRESYNC can tell; the oldest first
    std::uint64_t forgottenModSeq = 0; ///< expunges up to here are not in the list any more
    std::uint64_t version = 0; ///< grows with every change
    bool isDeleted = false; ///< the name is gone; sessions may still hold it
    /** UIDNEXT as whoever deletes it was told a moment before; 0: not asked. */
    std::uint32_t deletedKnowing = 0;
    bool isSelectable = true;
    bool isLocked = false; ///< nothing can be changed in it: NO [INUSE]
    bool isSubscribed = true;
    std::string specialUse; ///< "\\Sent" or empty

    [[nodiscard]] Message *find(std::uint32_t uid);
    [[nodiscard]] std::size_t countUnseen() const;
};

struct CopyResult {
    std::uint32_t uidValidity = 0;
    std::vector<std::uint32_t> source;
    std::vector<std::uint32_t> target;
};

/** Something that has just been done to the mail, told to whoever watches. */
struct Change {
    enum class Kind {
        Delivered,
        Flags, ///< as somebody wanted them; maybe they were so already
        Renumbered, ///< the whole mailbox has another UIDVALIDITY
        Copied, ///< to mailbox
        Expunged,
        Named, ///< the mailbox is new, or has another name now
        Gone, ///< the whole mailbox, with what was in it
    };
    Kind kind = Kind::Delivered;
    const Mailbox *mailbox = nullptr;
    std::shared_ptr<const Content> content;
    std::set<std::string> before; ///< flags; of what is new: none
    std::set<std::string> after;
    std::set<std::string> named = {}; ///< of Flags: those that were spoken of, as far as is known
    std::uint32_t uid = 0; ///< of Flags and Expunged
};

class MailModel
{
public:
    MailModel();

    /** Told after each change of messages and mailboxes. */
    void setObserver(std::function<void(const Change &)> observer) { m_observer = std::move(observer); }

    /** Told of what a client appends: the same message as the world has it, or null for a new one. */
    void setIdentify(std::function<std::shared_ptr<const Content>(const Content &)> identify)
    {
        m_identify = std::move(identify);
    }
    [[nodiscard]] std::shared_ptr<const Content> identified(std::shared_ptr<const Content> content) const
    {
        auto known = m_identify ? m_identify(*content) : nullptr;
        return known ? known : content;
    }

    /** By name, without regard to case for INBOX; null where there is none. */
    [[nodiscard]] std::shared_ptr<Mailbox> find(const std::string &name) const;
    [[nodiscard]] const std::map<std::string, std::shared_ptr<Mailbox>> &mailboxes() const { return m_mailboxes; }
    /** Names of mailboxes that are gone and were subscribed: they still are (RFC 3501 section 6.3.6). */
    [[nodiscard]] const std::set<std::string> &goneButSubscribed() const { return m_goneButSubscribed; }
    /** For UNSUBSCRIBE of such a name. False: it is none of them. */
    bool forgetSubscription(const std::string &name) { return m_goneButSubscribed.erase(name) > 0; }
    [[nodiscard]] char delimiter() const { return '/'; }

    /** False: it exists. Mailboxes above are made too, as most servers do. */
    bool create(const std::string &name);
    /** False: there is none, or it is INBOX. With mailboxes below it, the name stays (RFC 9051 section 6.3.5). */
    bool remove(const std::string &name);
    /** With everything below it. False: cannot be. INBOX is not renamed. */
    bool rename(const std::string &from, const std::string &to);

    std::uint32_t deliver(Mailbox &mailbox, std::shared_ptr<const Content> content, std::set<std::string> flags = {});
    /** Returns whether something changed. */
    bool setFlags(Mailbox &mailbox, Message &message, std::set<std::string> flags, std::set<std::string> named = {});
    /** UIDs that do not exist are ignored. All get one modification sequence. */
    void expunge(Mailbox &mailbox, const std::vector<std::uint32_t> &uids);
    CopyResult copy(Mailbox &from, const std::vector<std::uint32_t> &uids, Mailbox &to);

    /** All messages get new UIDs under another UIDVALIDITY. */
    void renumber(Mailbox &mailbox);
    /** The server lost its count of changes: modification sequences start again far below. */
    void loseModSeqs(Mailbox &mailbox);
    /** Forgets what was expunged before: QRESYNC must then tell more than it knows. */
    void forgetExpunged(Mailbox &mailbox, std::size_t keep);

    [[nodiscard]] std::uint32_t newUidValidity() { return m_nextUidValidity++; }

private:
    [[nodiscard]] std::shared_ptr<Mailbox> makeMailbox(const std::string &name, std::uint32_t uidValidity);
    std::uint32_t put(Mailbox &mailbox, std::shared_ptr<const Content> content, std::set<std::string> flags,
                      Change::Kind kind);
    void tell(const Change &change) const;

    std::function<void(const Change &)> m_observer;
    std::function<std::shared_ptr<const Content>(const Content &)> m_identify;
    std::uint64_t m_nextSerial = 1;
    std::map<std::string, std::shared_ptr<Mailbox>> m_mailboxes;
    std::set<std::string> m_goneButSubscribed;
    std::uint32_t m_nextUidValidity = 1'700'000'000;
};

} // namespace kittiwake::sim::model
