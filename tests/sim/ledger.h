// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/model/mailmodel.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace kittiwake::sim
{

/** Something that the person did to messages, as the person saw them at that moment. */
struct Deed {
    enum class Kind {
        Mark,
        Move, ///< delete to the Trash, archive, junk too
        Copy,
        Remove, ///< for good
        Append, ///< put into target, which is the source too
    };
    struct One {
        std::shared_ptr<const model::Content> content;
        std::set<std::string> added; ///< flags that it did not have
        std::set<std::string> removed; ///< flags that it had
    };
    Kind kind = Kind::Mark;
    std::set<std::string> add; ///< flags that all were to have, and not to have
    std::set<std::string> remove;
    std::string source; ///< mailboxes as they travel
    std::string target;
    std::uint64_t sourceBox = 0; ///< model::Mailbox::serial; 0: the server has none of that name and UIDVALIDITY
    std::uint64_t targetBox = 0;
    bool isAnywhere = false; ///< the mailboxes are not known by name
    std::vector<One> messages;
};

/**
 * What was done to each message, by whom, and what must have become of it: written without the client's help. A message
 * is its content, which never changes; so it is the same one under whatever UID, in whatever mailbox.
 */
class Ledger
{
public:
    enum class Actor {
        Client, ///< over its connections
        Other,
    };
    using Violation = std::function<void(const QString &what)>;

    /** Both outlive it. */
    Ledger(const model::MailModel &mail, Violation violation) : m_mail(mail), m_violation(std::move(violation)) { }

    /** Who acts from now on. */
    void setActor(Actor actor) { m_actor = actor; }
    /** Whether the client can be at work on the server from now on. */
    void setIsOnline(bool isOnline) { m_isOnline = isOnline; }
    /** For MailModel::setObserver. */
    void observe(const model::Change &change);

    /** From here on the client may do it. */
    void asked(const Deed &deed) { allow(deed, false); }
    void undoAsked();
    /** A copy of what the person sends may come into any folder: which one is not foretold. */
    void mayBeCopied(const std::shared_ptr<const model::Content> &content);
    /** There must be such a copy by now, or may be one. */
    void wasCopied(const model::Content &content, bool isCertain);
    /** The person deletes a folder of this name, or takes its making back. */
    void mayDelete(const std::string &name) { m_deletable.insert(name); }
    /** The program said that it is safe, as the operations of these numbers. */
    void acknowledged(std::int64_t operation, Deed deed);
    /** The server refuses some things for no reason: these marks of a message that moves may be missing. */
    void marksMayBeRefused(const model::Content &content, const std::set<std::string> &added,
                           const std::set<std::string> &removed);
    /** The person has it tried again, and it names this mailbox as its target. */
    void mayGoTo(const model::Content &content, const std::string &target);
    /** Whether a copy is asked for of which the program does not know yet that it is there. */
    void setIsBeingCopied(std::function<bool(const model::Content &content)> ask) { m_isBeingCopied = std::move(ask); }
    /** Whether what happens was asked for by a client that has long given that connection up. */
    void setIsLate(std::function<bool()> ask) { m_isLate = std::move(ask); }
    /** Whether something is noted down about it that has not been done yet. */
    void setIsAwaited(std::function<bool(const model::Content &content)> ask) { m_isAwaited = std::move(ask); }
    /** The program said that it could not note it down. It may be there all the same, and then it may be done. */
    void failed(const Deed &deed);
    /** The program said that this was brought back. */
    enum class Undo {
        Plain,
        UnderWay, ///< it is brought back when it is over
        Vague, ///< it was parked
    };
    void undone(std::int64_t operation, Undo how);
    /** Nobody can say any more what is to come of the messages of this operation. */
    void becameVague(std::int64_t operation);
    void becameVague(const model::Content &content);
    /** It cannot be undone, and the next undo is about the one before. */
    void passedOver(std::int64_t operation);
    /** The youngest action that was acknowledged and can be undone; 0: none. */
    [[nodiscard]] std::int64_t undoable() const;
    [[nodiscard]] const Deed *deed(std::int64_t operation) const;
    /** The last action that was acknowledged; 0: none. */
    [[nodiscard]] std::int64_t youngest() const { return m_entries.empty() ? 0 : m_entries.rbegin()->first; }
    /** Its folders are on the server, under whatever names and UIDs, and all its messages where the person saw them. */
    [[nodiscard]] bool couldBeDone(std::int64_t operation) const;
    /** The client has made the folder that has this name, or has given it the name instead of that other one. */
    [[nodiscard]] bool wasMadeByClient(const std::string &name) const;
    [[nodiscard]] bool wasNamedByClient(const std::string &name, const std::string &before) const;
    /** The client has deleted a folder of this name, and there is none. */
    [[nodiscard]] bool wasDeletedByClient(const std::string &name) const;

    /** The person took it out of where it was, or asked for that: it need not be shown any more. */
    [[nodiscard]] bool mayLeave(const model::Content &content) const;
    /** The client has set \Deleted there: on a server without UIDPLUS it stays, and is hidden. */
    [[nodiscard]] bool isMarked(const model::Content &content, std::uint64_t box) const;
    /** Empty, or what is wrong with showing the message there with these flags. */
    [[nodiscard]] QString wrongToShow(const model::Content &content, std::uint64_t box,
                                      const std::set<std::string> &flags) const;

    /** When everything is settled. parked: messages of operations that wait for the person. */
    [[nodiscard]] QStringList check(const std::set<const model::Content *> &parked) const;
    [[nodiscard]] std::size_t acknowledgedCount() const { return m_entries.size(); }
    /** What the client's commands have done to messages and mailboxes, also where nothing was different afterwards. */
    [[nodiscard]] std::uint64_t changesByClient() const { return m_changesByClient; }
    [[nodiscard]] std::uint64_t exactlyChecked() const { return m_exactlyChecked; }

private:
    struct Place {
        std::uint64_t box;
        std::set<std::string> flags;
    };
    struct Subject {
        std::shared_ptr<const model::Content> content;
        std::vector<Place> expected; ///< where it must be, as far as the person and delivery go
        bool isTouched = false; ///< others have moved or deleted it, or a mailbox that it was in
        bool mayFlicker = false; ///< an action was undone while it was under way: it shows when it is over
        bool isVague = false; ///< nobody can say where it must be
        std::set<std::string> touchedFlags; ///< by others
        // What the client may do, for whatever reason.
        bool mayLeave = false;
        std::set<std::string> places; ///< names that actions have named
        std::set<std::string> targets; ///< where copies may be made
        bool mayBePut = false; ///< into one of targets, from outside
        bool mayGoAnywhere = false; ///< to a folder that was to be made, and nobody has told which
        std::set<std::string> mayAdd;
        std::set<std::string> mayRemove;
        // How many there are.
        std::int64_t live = 0; ///< instances without those that the client has marked to be deleted
        std::map<std::uint64_t, std::set<std::uint32_t>> marked; ///< box -> the UIDs of those
        std::set<std::uint64_t> everMarked; ///< boxes where one was
        std::int64_t most = 0; ///< more would be one action done twice
        std::int64_t least = 0; ///< less would be mail that nobody deleted
        std::int64_t put = 0; ///< of least, what may be nowhere while it waits for the person
        std::int64_t slack = 0; ///< operations that were given up half-way
        bool isCopied = false; ///< by the person
    };
    struct Entry {
        Deed deed;
        bool isUndone = false;
        bool canBeUndone = true;
    };

    void byClient(const model::Change &change, Subject &subject);
    void byOther(const model::Change &change, Subject &subject);
    void count(const model::Change &change, Subject &subject);
    void gone(const model::Mailbox &mailbox);
    void noteName(const model::Mailbox &mailbox);
    /** Originals that could not be expunged alone, and are under other UIDs now: nobody can tell them from copies. */
    void comeToLight(const model::Mailbox &mailbox);
    /** What others have deleted may be there again, since the program has never heard that it was there. */
    [[nodiscard]] bool mayComeAgain(const Subject &subject) const;
    /** Another mailbox has the name under which the person knew the target: who can tell which one was meant? */
    [[nodiscard]] bool isAmbiguous(const Subject &subject) const;
    /** It is on the server, and can be told from all others that have had its names. */
    [[nodiscard]] bool canBeFound(std::uint64_t box) const;
    [[nodiscard]] bool hasName(std::uint64_t box, const std::set<std::string> &names) const;
    void allow(const Deed &deed, bool andBack);
    void expect(const Deed &deed);
    void expectBack(const Deed &deed);
    /** Nothing has happened that could keep it from being undone. */
    [[nodiscard]] bool canCertainlyBeUndone(const Entry &entry) const;
    [[nodiscard]] static Place *only(Subject &subject, std::uint64_t box);
    void checkSubject(const Subject &subject, bool isParked, const std::vector<Place> &there, QStringList &found) const;
    /** By the client, to be deleted. */
    [[nodiscard]] static bool hasMarked(const Subject &subject, std::uint64_t box, std::uint32_t uid);
    [[nodiscard]] static QString nameOf(const model::Content &content);

    const model::MailModel &m_mail;
    Violation m_violation;
    std::function<bool(const model::Content &content)> m_isBeingCopied = [](const auto &) { return false; };
    std::function<bool(const model::Content &content)> m_isAwaited = [](const auto &) { return false; };
    std::function<bool()> m_isLate = [] { return false; };
    std::set<std::string> m_deletable;
    bool m_namesChanged = false; ///< a mailbox was renamed or deleted
    Actor m_actor = Actor::Other;
    bool m_isOnline = true;
    std::map<const model::Content *, Subject> m_subjects;
    std::map<std::uint64_t, std::set<std::string>> m_names; ///< that a mailbox has ever had
    std::set<std::uint64_t> m_renumbered; ///< mailboxes that were numbered anew
    // By the client, of mailboxes: what it has made, what it has given its last name, and what had these names.
    std::set<std::uint64_t> m_made;
    std::set<std::uint64_t> m_named;
    std::set<std::string> m_deleted;
    std::set<std::uint64_t> m_renamedMeanwhile; ///< by others, while the client may just have named them
    std::map<std::int64_t, Entry> m_entries;
    std::uint64_t m_changesByClient = 0;
    mutable std::uint64_t m_exactlyChecked = 0;
};

} // namespace kittiwake::sim
