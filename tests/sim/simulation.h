// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/clientprocess.h"
#include "tests/sim/disk/memorydisk.h"
#include "tests/sim/disk/memoryvfs.h"
#include "tests/sim/history.h"
#include "tests/sim/ledger.h"
#include "tests/sim/mailwriter.h"
#include "tests/sim/model/simserver.h"

#include <QStringList>

#include <memory>

namespace kittiwake::sim
{

/** What a history came to. */
struct Outcome {
    QStringList violations; ///< at most a few: the first ones
    std::uint64_t steps = 0; ///< callbacks that ran
    std::int64_t simulatedMs = 0;
    std::uint64_t connections = 0;
    std::uint64_t kills = 0;
    std::uint64_t textsRead = 0;
    std::uint64_t letters = 0; ///< that the submission server has taken
    std::uint64_t actions = 0; ///< of the person, that were acknowledged
    std::uint64_t checkedMessages = 0; ///< whose place and flags had to be exactly what the person made of them
    std::uint64_t fingerprint = 0; ///< the same for the same history
    QStringList trace; ///< where asked for

    [[nodiscard]] bool isGood() const { return violations.isEmpty(); }
};

/** One for all histories, one after the other: connections of SQLite outlive them (ConnectionPool). */
struct Computer {
    MemoryDisk disk;
    MemoryVfs vfs{disk};
};

/**
 * Runs one history: the real client against the model server in virtual time, with the faults that the history
 * orders; then everything is well, and the cache must come to equal the server.
 */
class Simulation : private DeedLog
{
public:
    Simulation(const History &history, bool traces);
    ~Simulation() override;
    Simulation(const Simulation &) = delete;
    Simulation &operator=(const Simulation &) = delete;

    [[nodiscard]] Outcome run();

private:
    void violation(const QString &what);
    void note(const QString &what);
    [[nodiscard]] QString now() const;

    // simulation.cpp: time
    [[nodiscard]] static const MemoryDisk &preparedDisk();
    [[nodiscard]] static Computer &computer();
    void fillServer();
    void startClient();
    void kill(bool losesPower);
    void runUntil(Clock::Duration time);
    void runFor(Clock::Duration time) { runUntil(m_clock.monotonic() + time); }
    void checkPace();

    // simulationevents.cpp
    void apply(const Event &event);
    void applyToMail(const Event &event);
    void applyToNetwork(const Event &event);
    void applyToClient(const Event &event);
    void applyToPerson(const Event &event);
    void changeFolder(EventKind kind, std::uint64_t pick);
    [[nodiscard]] static const char *pickName(SeededRandom &random);

    // simulationscenes.cpp
    void applyToScene(const Event &event);
    [[nodiscard]] std::shared_ptr<model::Mailbox> pickAwaited(SeededRandom &random);
    bool unlock();

    // simulationletters.cpp
    void watchSubmission();
    void applyToLetters(const Event &event);
    void restOutbox();
    void checkLetters();
    [[nodiscard]] std::shared_ptr<model::Mailbox> pickMailbox(SeededRandom &random, bool selectableOnly = true);
    [[nodiscard]] std::vector<std::uint32_t> pickMessages(const model::Mailbox &mailbox, SeededRandom &random);
    void deliver(model::Mailbox &mailbox, std::uint64_t seed);
    void bustle(const std::shared_ptr<model::Mailbox> &mailbox);
    void remember(const model::Mailbox &mailbox);
    void noteNames();

    // simulationdeeds.cpp: what the person did
    void watchMail();
    void asked(const PersonDeed &deed) override;
    void undoAsked() override;
    void acknowledged(std::int64_t operation, const PersonDeed &deed) override;
    void actionFailed(const PersonDeed &deed) override;
    void undone(std::int64_t operation, Ledger::Undo how) override;
    void becameVague(std::int64_t operation) override;
    void retried(const PendingRow &row) override;
    void passedOver(std::int64_t operation) override;
    [[nodiscard]] std::int64_t undoable() const override;
    [[nodiscard]] QString wrongToShow(const mail::MessageHeader &header, const QString &mailbox,
                                      UidValidity validity) const override;
    [[nodiscard]] Standing standing(const mail::MessageHeader &header) override;
    [[nodiscard]] Deed translate(const PersonDeed &deed) const;
    [[nodiscard]] std::uint64_t serialOf(const PersonDeed::Folder &folder) const;
    [[nodiscard]] bool speaksOfNow(const PendingRow &row) const;
    /** What these operations are about. */
    [[nodiscard]] std::set<const model::Content *> subjects(const std::vector<PendingRow> &rows) const;
    /** For who reads a trace: what of pending.db is different from the last time. */
    void notePending();
    [[nodiscard]] std::vector<PendingRow> heldUp();
    void checkHeldUp();
    void checkDeeds();
    // simulationrefusals.cpp
    void checkRefusals(const std::vector<PendingRow> &parked);
    void checkFolderRefusal(const PendingRow &row);
    [[nodiscard]] bool hasCauseToRefuse() const;
    [[nodiscard]] bool isBeingCopied(const model::Content &content);
    [[nodiscard]] bool isAwaited(const model::Content &content);

    // simulationend.cpp
    enum class Which {
        Inbox,
        Told, ///< what the server tells by itself
        Watched, ///< what a client that stays connected must have followed
        All,
    };
    void checkTold(const std::vector<std::shared_ptr<SimLink>> &links);
    void checkWatched();
    void waitForPauses();
    void settle();
    void makeWell();
    [[nodiscard]] QStringList differences(Which which);
    void compareMailbox(const model::Mailbox &mailbox, const store::MailboxRow &row, QStringList &found);
    void checkQuiet();
    void checkFiles();

    const History &m_history;
    bool m_traces;
    std::map<std::int64_t, QString> m_notedPending;
    /** What undoes something is about these, under whatever UIDs: of it the person is told no number. */
    std::map<std::int64_t, std::set<const model::Content *>> m_undoing;
    Outcome m_outcome;
    SeededRandom m_random;
    SeededRandom m_bustle;
    bool m_isOver = false; ///< nothing more happens but what the client does
    Computer &m_computer;
    MemoryDisk &m_disk;
    SimClock m_clock;
    MailWriter m_writer;
    model::SimServer m_server;
    model::SubmissionServer m_submission;
    Letters m_letters;
    Ledger m_ledger;
    bool m_othersMoved = false; ///< or deleted, renamed, numbered anew: what an action was about may be gone
    bool m_diskFailed = false;
    std::int64_t m_cacheDroppedAfter = 0; ///< this operation: what waited then has lost what the cache knew
    std::optional<Clock::Duration> m_onlineAt; ///< the program works offline until then
    Clock::Duration m_lookedAt{0}; ///< when it was last checked what is shown
    SimNetwork m_network;
    ClientWorld m_world; ///< after the disk: it may hold a reader
    std::unique_ptr<ClientProcess> m_client;

    std::map<std::pair<std::uint32_t, std::uint32_t>, std::shared_ptr<const model::Content>> m_archive;
    /** When a mailbox of this name and UIDVALIDITY was last seen not to be there. */
    std::map<std::string, Clock::Duration> m_lastAbsent;
    std::set<std::string> m_names;
    std::optional<std::uint64_t> m_killAtStep;
    bool m_powerCutAtWrite = false;
    std::optional<Clock::Duration> m_diskHealsAt;
    std::optional<Clock::Duration> m_startAt;
    std::uint64_t m_paceCommands = 0;
    std::uint64_t m_paceConnections = 0;
    std::uint64_t m_paceLetters = 0; ///< connections for which the person has asked, by sending
    std::uint64_t m_paceSteps = 0;
    Clock::Duration m_paceSince{0};
};

/** Modified UTF-7 (RFC 3501 section 5.1.3), decoded without the client's help. */
[[nodiscard]] QString decodeMailboxName(const std::string &name);
/** The other way round. */
[[nodiscard]] std::string encodeMailboxName(const QString &name);

} // namespace kittiwake::sim
