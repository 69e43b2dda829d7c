// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/passwordsource.h"
#include "core/async/taskscope.h"
#include "core/credentials/memorystore.h"
#include "core/engine/actions.h"
#include "core/engine/mailing.h"
#include "core/store/cachereader.h"
#include "core/store/cachestore.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/accountsync.h"
#include "tests/sim/disk/memorydisk.h"
#include "tests/sim/letters.h"
#include "tests/sim/pendingpeek.h"
#include "tests/sim/persondeed.h"
#include "tests/sim/wire/seededrandom.h"
#include "tests/sim/wire/simclock.h"
#include "tests/sim/wire/simnetwork.h"

#include <QString>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace kittiwake::sim
{

/** What the world is told by a client, and what it may ask it. */
struct ClientWorld {
    SimClock &clock;
    SimNetwork &network;
    MemoryDisk &disk;
    QByteArray vfs;
    imap::TraceHandler trace; ///< may be empty
    std::function<void(const QString &what)> note; ///< what the store announces; may be empty
    /** Something that must never be. */
    std::function<void(const QString &what)> violation;
    /** Whether the server still has this message; asked when the client forgets it. */
    std::function<bool(const QString &mailbox, UidValidity validity, Uid uid)> stillThere;
    /** Whether forgetting everything about a mailbox can be right at this time. */
    std::function<bool(const QString &mailbox, UidValidity validity)> mayForgetAll;
    /** What the server has as this section of the message; nothing where it has gone. */
    std::function<std::optional<QByteArray>(const QString &mailbox, UidValidity validity, Uid uid)> text;
    DeedLog *log = nullptr; ///< what the person did; outlives the client
    Letters *letters = nullptr; ///< what the person sends, likewise; null: the account has no server for that
    /** Another process that has cache.db open beside the program and outlives it; may be empty. */
    std::unique_ptr<store::CacheReader> otherReader = nullptr;
    /** What the person has marked last, and the folder that was opened last; the person outlives the program. */
    struct Marked {
        MailboxId mailbox;
        QString folder;
        std::vector<MessageId> messages;
        mail::FlagChange change;
    };
    std::optional<Marked> lastMarked = {};
    QString lastOpened = {};
};

/**
 * The program as far as mail goes: the store, one account that stays connected, and a person's view of it that follows
 * the announced changes alone. Destroying it is a kill: what was not written is lost, nothing is said to anybody.
 */
class ClientProcess
{
public:
    enum class Network {
        Online,
        Offline, ///< started with "--offline": actions are noted down only
    };

    /** Fails where the files cannot be opened just now. */
    [[nodiscard]] static std::unique_ptr<ClientProcess> start(ClientWorld &world, std::uint64_t seed,
                                                              Network network = Network::Online);
    ~ClientProcess();
    ClientProcess(const ClientProcess &) = delete;
    ClientProcess &operator=(const ClientProcess &) = delete;

    [[nodiscard]] sync::AccountSync &account() { return *m_account; }
    [[nodiscard]] store::CacheStore &store() { return *m_store; }
    [[nodiscard]] store::CacheReader &reader() { return *m_reader; }
    [[nodiscard]] std::uint64_t announcedMessages() const { return m_announcedMessages; }

    /** The person clicks on a folder. */
    void openMailbox(std::uint64_t pick);
    /** The person clicks on a message: its text is fetched, and must be that of this message. */
    void readMessage(std::uint64_t pick);
    // clientactions.cpp, clientjournal.cpp: what the person does, and what is written down of it.
    void mark(std::uint64_t pick);
    /** What was marked last gets the opposite marks. */
    void changeMind();
    /** All of a folder get and lose several marks, of which some have some. */
    void markVariously(std::uint64_t pick);
    void markAllRead(std::uint64_t pick);
    /** Move and Copy to some mailbox; the others know where to. */
    void move(std::uint64_t pick, mail::MoveKind kind);
    void append(std::uint64_t pick, const model::Content &content);
    /** Some folder that is shown; name: of Create and Rename. */
    void changeFolder(std::uint64_t pick, engine::FolderRequest::Kind kind, const QString &name);
    void undo();
    /** One of those that wait or are parked: once more, or never. */
    void retry(std::uint64_t pick);
    void drop(std::uint64_t pick);
    // clientletters.cpp
    void send(std::uint64_t pick, const MailWriter::Letter &letter);
    /** One of those in the outbox: now, or knowingly once more. */
    void sendAgain(std::uint64_t pick);
    void giveUpSending(std::uint64_t pick);
    /** What is in the outbox. */
    [[nodiscard]] std::vector<PendingRow> outbox();
    /** What pending.db has, read beside the program. */
    [[nodiscard]] std::vector<PendingRow> pending();
    [[nodiscard]] store::PendingStore &pendingStore() { return *m_pending; }
    /** What is shown now, and was doubtful when it was announced. */
    void checkShown();

    /** Messages whose text was shown. */
    [[nodiscard]] std::uint64_t textsRead() const { return m_textsRead; }

    /** The view that the announcements made, and what the cache has: violations where they differ. */
    void compareViewWithCache();

    static constexpr AccountId accountId{1};
    static constexpr std::uint16_t submissionPort = 465;

private:
    struct SeenMessage {
        MailboxId mailbox;
        Uid uid;
        QByteArrayList flags;

        bool operator==(const SeenMessage &) const = default;
    };
    struct SeenMailbox {
        QString name;
        UidValidity uidValidity;
    };

    /** Messages of one mailbox, as they are shown there. */
    struct Chosen {
        store::MailboxRow mailbox;
        std::vector<store::MessageRow> messages;
    };

    ClientProcess(ClientWorld &world, std::uint64_t seed);
    [[nodiscard]] bool open(Network network);
    [[nodiscard]] bool cannotOpen(const QString &why);
    void tellOutbox(const sync::AccountStatus &status);
    [[nodiscard]] std::optional<Chosen> choose(SeededRandom &random, bool all);
    void markAs(const Chosen &chosen, const mail::FlagChange &change);
    [[nodiscard]] std::vector<store::MailboxRow> folders();
    [[nodiscard]] static PersonDeed deedOf(const Chosen &chosen, Deed::Kind kind, const mail::FlagChange &change);
    [[nodiscard]] PersonDeed withMadeTarget(PersonDeed deed);
    [[nodiscard]] std::int64_t youngestNoted();
    void allowAsNoted(const PersonDeed &deed, std::int64_t after);
    void settle(const PersonDeed &deed);
    void checkDone(const PersonDeed &deed, const std::vector<store::MessageRow> &messages);
    void checkPut(const PersonDeed &deed, MailboxId target);
    async::Task<void> askMark(engine::FlagRequest request);
    async::Task<void> askMove(engine::MoveRequest request);
    async::Task<void> askAppend(engine::AppendRequest request);
    async::Task<void> askFolder(engine::FolderRequest request);
    async::Task<void> askUndo();
    async::Task<void> askRetry(OperationId operation);
    async::Task<void> askDrop(OperationId operation);
    async::Task<void> askSend(engine::SendRequest request);
    async::Task<void> askSendAgain(OperationId operation);
    async::Task<void> askGiveUp(OperationId operation);
    // clientview.cpp
    void lookAt(const store::MessageRow &row);
    void onChanges(const store::StoreChanges &changes);
    void noteChanges(const store::StoreChanges &changes) const;
    void onMailboxChanges(const store::MailboxChanges &changes);
    void loadMailboxes();
    void loadMailbox(MailboxId id);
    void reload(MailboxId mailbox);
    void loadMessages(MailboxId mailbox);
    [[nodiscard]] std::optional<std::set<MessageId>> messagesOf(MailboxId mailbox);
    /** Rows in pieces that a reader gives. False after an error, which is a violation. */
    bool readRows(const std::vector<MessageId> &ids, const std::function<void(const store::MessageRow &row)> &take);
    async::Task<void> fetchText(store::MessageLocation location);

    ClientWorld &m_world;
    SeededRandom m_random;
    credentials::MemoryStore m_credentials;
    accounts::PasswordSource m_passwords;
    std::unique_ptr<store::PendingStore> m_pending;
    std::unique_ptr<store::CacheStore> m_store;
    std::unique_ptr<store::CacheReader> m_reader;
    std::unique_ptr<PendingPeek> m_peek;
    std::optional<sync::Environment> m_environment;
    std::unique_ptr<engine::Actions> m_actions;
    std::unique_ptr<engine::Mailing> m_mailing; ///< null: nothing can be sent
    bool m_isConnected = false;
    std::unique_ptr<sync::AccountSync> m_account;
    Result<engine::ActionReport> m_answer; ///< of the action that was asked for last
    Result<engine::SendReport> m_sent; ///< of the letter that was written last
    Result<void> m_givenUp;
    Clock::Duration m_doubtAgainAt{0};
    std::set<MessageId> m_doubtful; ///< messages that were announced as they must not be
    std::map<MailboxId, SeenMailbox> m_mailboxes;
    std::map<MailboxId, SeenMailbox> m_mailboxesBefore; ///< the changes that are being told
    std::map<MessageId, SeenMessage> m_messages;
    std::map<MailboxId, std::set<MessageId>> m_view;
    std::uint64_t m_announcedMessages = 0;
    std::uint64_t m_textsRead = 0;
    async::TaskScope m_scope; ///< last: its tasks use everything above
};

} // namespace kittiwake::sim
