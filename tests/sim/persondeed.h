// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/messageheader.h"
#include "tests/sim/ledger.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::sim
{

[[nodiscard]] inline std::set<std::string> namesOf(const mail::Flags &flags)
{
    std::set<std::string> names;
    for (const QByteArray &name : flags.names())
        names.insert(name.toStdString());
    return names;
}

struct PendingRow;

/** What the person did, in the words of the screen. */
struct PersonDeed {
    struct One {
        QByteArray messageId;
        std::set<std::string> added;
        std::set<std::string> removed;
    };
    struct Folder {
        QString name;
        UidValidity uidValidity; ///< none: the program does not know it yet
    };
    Deed::Kind kind = Deed::Kind::Mark;
    std::set<std::string> add; ///< flags that all were to have, and not to have
    std::set<std::string> remove;
    Folder source;
    std::optional<Folder> target;
    bool deletesFolder = false;
    bool isAnywhere = false; ///< source or target is still to be made: the server may have another one for it by then
    bool isLoose = false; ///< the target was made for it: where the messages are in the end is not foretold
    std::vector<One> messages;
};

/** Keeps account of what the person did. Part of the world, not of the client. */
class DeedLog
{
public:
    DeedLog() = default;
    DeedLog(const DeedLog &) = delete;
    DeedLog &operator=(const DeedLog &) = delete;
    virtual ~DeedLog() = default;

    /** The program is being asked for this: from here on it may do it. */
    virtual void asked(const PersonDeed &deed) = 0;
    virtual void undoAsked() = 0;
    virtual void acknowledged(std::int64_t operation, const PersonDeed &deed) = 0;
    virtual void actionFailed(const PersonDeed &deed) = 0;
    virtual void undone(std::int64_t operation, Ledger::Undo how) = 0;
    virtual void becameVague(std::int64_t operation) = 0;
    /** The person has this tried again, as it reads now. */
    virtual void retried(const PendingRow &row) = 0;
    virtual void passedOver(std::int64_t operation) = 0;
    /** The youngest action that can be undone; 0: none. */
    [[nodiscard]] virtual std::int64_t undoable() const = 0;
    /** Empty, or what is wrong with showing this there. */
    [[nodiscard]] virtual QString wrongToShow(const mail::MessageHeader &header, const QString &mailbox,
                                              UidValidity validity) const
        = 0;
    enum class Standing {
        Settled,
        UnderWay, ///< a move of it is being carried out
        Parked, ///< something about it waits for the person
    };
    [[nodiscard]] virtual Standing standing(const mail::MessageHeader &header) = 0;
};

} // namespace kittiwake::sim
