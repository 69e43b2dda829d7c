// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/model/imapcommand.h"
#include "tests/sim/model/mailmodel.h"
#include "tests/sim/model/personality.h"
#include "tests/sim/wire/seededrandom.h"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kittiwake::sim::model
{

/** What a session needs of the world. */
class SessionHost
{
public:
    SessionHost() = default;
    SessionHost(const SessionHost &) = delete;
    SessionHost &operator=(const SessionHost &) = delete;
    virtual ~SessionHost() = default;

    virtual void send(const std::string &bytes) = 0;
    virtual void close() = 0;
    /** Calls back after a moment, unless the session has gone. Never from within. */
    virtual void later(std::function<void()> callback) = 0;
    /** Half a second from now. Not after the session is gone. */
    virtual void muchLater(std::function<void()> callback) = 0;
    /** The mail has been changed by this session. */
    virtual void changed() = 0;
    /** A command is about to be answered, or the next piece of an answer: others may be at work in the mailbox. */
    virtual void working(const std::shared_ptr<Mailbox> &selected) = 0;
};

/** One connection to the model server: RFC 3501 and the extensions of its Personality. */
class Session
{
public:
    Session(MailModel &model, const Personality &personality, std::uint64_t seed, SessionHost &host);
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    void greet();
    void receive(std::string_view bytes);
    /** The mail may have changed: tells whoever is in IDLE or has asked by NOTIFY. */
    void poke();
    /** Says goodbye and hangs up at the next poke(). */
    void sayBye();
    [[nodiscard]] bool isWatching() const { return m_watch && m_watch->messages && m_state != State::LoggedOut; }
    [[nodiscard]] bool isHanging() const { return m_hangs; }
    /** Whether it lies and fails as its personality says; off at the beginning of the end. */
    void setMisbehaves(bool misbehaves) { m_misbehaves = misbehaves; }

private:
    enum class State { NotAuthenticated, Authenticated, Selected, LoggedOut };

    /** What the client has been told of the selected mailbox. */
    struct Entry {
        std::uint32_t uid;
        std::uint64_t modseq;
    };
    struct View {
        std::shared_ptr<Mailbox> mailbox;
        std::uint32_t uidValidity = 0;
        std::uint64_t version = 0;
        bool readOnly = false;
        std::vector<Entry> entries;
    };
    /** What NOTIFY asks for of the mailboxes that are not selected. */
    struct Watch {
        bool selected = false; ///< of the selected one: without IDLE
        bool messages = false;
        bool names = false;
        std::map<std::string, std::string> status; ///< name -> as told last
        std::set<std::string> mailboxes;
    };

    void run();
    void tellUnasked();
    void tellIdleLater();
    void flush();
    void execute(const ImapCommand &command);
    [[nodiscard]] bool dispatch(const ImapCommand &command);
    [[nodiscard]] bool isLocked(const ImapCommand &command) const;
    void line(const std::string &text);
    void untagged(const std::string &text) { line("* " + text); }
    void ok(const ImapCommand &command, const std::string &code = {}, const char *text = "done");
    void no(const ImapCommand &command, const std::string &code = {}, const char *text = "cannot");
    void bad(const ImapCommand &command);
    void finish(const ImapCommand &command, const std::string &status);
    [[nodiscard]] bool strikes(unsigned perMille) { return m_misbehaves && m_random.below(1000) < perMille; }
    [[nodiscard]] bool tellsModSeq() const { return m_personality.condstore && (m_condstore || m_qresync); }

    // sessionaccount.cpp
    void tellCapabilities();
    void authenticate(const ImapCommand &command);
    void login(const ImapCommand &command);
    void signedIn(const ImapCommand &command);
    void enable(const ImapCommand &command);
    void list(const ImapCommand &command);
    void lsub(const ImapCommand &command);
    void status(const ImapCommand &command);
    void notify(const ImapCommand &command);
    void tellWatched();
    void create(const ImapCommand &command);
    void rename(const ImapCommand &command);
    void remove(const ImapCommand &command);
    void subscribe(const ImapCommand &command, bool on);
    /** Which attributes a client wants to hear of. */
    struct ListWishes {
        bool subscribed = false;
        bool children = true;
        bool role = true;
    };
    [[nodiscard]] std::string listLine(const Mailbox &mailbox, const ListWishes &wishes) const;
    [[nodiscard]] std::string statusLine(const Mailbox &mailbox, const std::vector<Argument> &items) const;

    // sessionmailbox.cpp
    void select(const ImapCommand &command, bool readOnly);
    void tellChangesSince(std::uint64_t modseq, const std::optional<std::string> &known);
    [[nodiscard]] std::vector<std::uint32_t> vanishedSince(std::uint64_t modseq, const std::string &within) const;
    void unselect(const ImapCommand &command, bool expunges);
    /** Brings the client's view up to date. Expunges only where they are allowed. False: the mailbox is gone. */
    bool announce(bool mayExpunge);
    void tellGone();
    void flagsLine(std::size_t index, const Message &message);

    // sessionmessages.cpp
    void fetch(const ImapCommand &command, bool byUid);
    void fetchSome(const ImapCommand &command, const std::vector<std::uint32_t> &uids, std::size_t from,
                   const std::string &items, bool byUid);
    void store(const ImapCommand &command, bool byUid);
    void copy(const ImapCommand &command, bool byUid, bool moves);
    void expunge(const ImapCommand &command, bool byUid);
    void append(const ImapCommand &command);
    /** UIDs of the view that a set names, rising; nothing for a set that is none. */
    [[nodiscard]] std::optional<std::vector<std::uint32_t>> named(const std::string &set, bool byUid) const;
    [[nodiscard]] std::size_t indexOf(std::uint32_t uid) const;

    // sessionsearch.cpp
    void search(const ImapCommand &command, bool byUid);
    [[nodiscard]] std::optional<bool> matches(const std::vector<Argument> &keys, std::size_t &at, std::size_t index);
    [[nodiscard]] std::optional<bool> matchesAll(const std::vector<Argument> &keys, std::size_t from,
                                                 std::size_t index);

    MailModel &m_model;
    const Personality &m_personality;
    SeededRandom m_random;
    SessionHost &m_host;
    State m_state = State::NotAuthenticated;
    CommandReader m_reader;
    std::deque<std::string> m_lines;
    bool m_busy = false; ///< a command goes on later
    bool m_misbehaves = false;
    bool m_hangs = false;
    struct Looked {
        std::uint64_t serial;
        std::uint32_t uidNext;
        std::uint64_t command; ///< which of the session's
    };
    std::optional<Looked> m_looked; ///< by the last STATUS
    std::uint64_t m_commands = 0;
    bool m_condstore = false;
    bool m_qresync = false;
    std::optional<ImapCommand> m_idle;
    bool m_idleTimerRuns = false; ///< Personality::tellsIdleLate
    std::optional<ImapCommand> m_challenge; ///< AUTHENTICATE waits for its response
    std::optional<View> m_view;
    std::optional<Watch> m_watch;
    std::string m_output;
};

} // namespace kittiwake::sim::model
