// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/base/strongid.h"
#include "core/store/draftrow.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

class QIODevice;

namespace kittiwake::store
{

/** Where an operation stands. The numbers are stored: never change one. */
enum class OperationState : int {
    Queued = 0, ///< waits for its turn, or for nextAttemptAt
    Running = 1, ///< its critical step may have reached the server: after a crash, look before repeating
    Failed = 2, ///< needs the person: error says why
    Done = 3, ///< confirmed by the server; kept for its undo
    Unknown = 4, ///< it may or may not have been done, and must not be done twice: asks the person (a message sent)
};

/** "queued", "running", "failed", "done", "unknown": the names of kittiwakectl's JSON. */
[[nodiscard]] QString operationStateName(OperationState state);

/** One action of the person that the server has not confirmed, or that can still be undone. */
struct PendingOperation {
    OperationId id; ///< none until it is added
    /** The first operation of the action that this one is a part of: undone together. None: it is an action itself. */
    OperationId action;
    AccountId account;
    QString kind; ///< "flag", "move", "append" …: what payload means. Up to 64 characters
    OperationState state = OperationState::Queued;
    QByteArray payload; ///< JSON or other bytes of that kind; up to 64 MiB (a message being written)
    QByteArray undo; ///< what brings the old state back; empty: cannot be undone
    QByteArray progress; ///< how far it has got on the server; empty: nowhere. Up to 64 MiB
    int attempts = 0;
    QString error; ///< of the last attempt, a sentence for people
    std::int64_t createdAt = 0; ///< milliseconds since 1970 UTC
    std::int64_t nextAttemptAt = 0; ///< milliseconds since 1970 UTC; 0: at once

    bool operator==(const PendingOperation &) const = default;
};

[[nodiscard]] inline OperationId actionOf(const PendingOperation &operation)
{
    return operation.action.isValid() ? operation.action : operation.id;
}

/** What is known of an operation without reading what it says, which may be megabytes. */
struct PendingBrief {
    OperationId id;
    OperationId action; ///< its own id where it is one by itself
    AccountId account;
    QString kind;
    OperationState state = OperationState::Queued;
    bool canBeUndone = false;
    std::int64_t nextAttemptAt = 0; ///< milliseconds since 1970 UTC

    bool operator==(const PendingBrief &) const = default;
};

struct PendingCounts {
    std::int64_t waiting = 0; ///< queued or running
    std::int64_t failed = 0;

    bool operator==(const PendingCounts &) const = default;
};

/**
 * pending.db: the journal of what people did. A successful add is durable (synchronous=FULL): a power cut after it
 * loses nothing. Never deleted, never rebuilt by itself: damage is an error that says where the file is. One writer,
 * in the engine thread; any process may open it ReadOnly beside it. Errors: Storage; Input where a limit is passed.
 */
class PendingStore
{
public:
    enum class Access { ReadWrite, ReadOnly };

    /** profile is the folder for pending.db (made with mode 0600). Checks its integrity. ReadOnly: it must exist. */
    [[nodiscard]] static Result<std::unique_ptr<PendingStore>>
    open(const QString &profile, const Secret &key, Access access = Access::ReadWrite, const QByteArray &vfs = {});
    ~PendingStore();
    PendingStore(const PendingStore &) = delete;
    PendingStore &operator=(const PendingStore &) = delete;

    /** operation.id is ignored. Returns the id: grows with each, never reused. */
    [[nodiscard]] Result<OperationId> add(const PendingOperation &operation);
    /** Likewise with a message that no server has yet, up to 64 MiB. */
    [[nodiscard]] Result<OperationId> add(const PendingOperation &operation, const QByteArray &content);
    /** One action of the person: all of them or none, in one transaction. */
    [[nodiscard]] Result<std::vector<OperationId>> add(std::span<const PendingOperation> action);
    /**
     * In the order in which the person did them, of one account or (none) of all: by their actions, since what is split
     * off from an operation later must not be overtaken by what was done after it.
     */
    [[nodiscard]] Result<std::vector<PendingOperation>> list(AccountId account = {}) const;
    [[nodiscard]] Result<std::optional<PendingOperation>> find(OperationId id) const;
    /** As list(), without what they say: costs nothing for what is large. */
    [[nodiscard]] Result<std::vector<PendingBrief>> briefs(AccountId account = {}) const;
    [[nodiscard]] Result<PendingCounts> counts() const;
    /** The message of an operation; none where it has none. */
    [[nodiscard]] Result<std::optional<QByteArray>> content(OperationId operation) const;
    /** How many octets that has, and some of them (fewer at its end), so that nobody needs it in memory as a whole. */
    [[nodiscard]] Result<std::optional<std::int64_t>> contentSize(OperationId operation) const;
    [[nodiscard]] Result<QByteArray> contentPiece(OperationId operation, std::int64_t from, qsizetype most) const;
    /** The server has it. */
    [[nodiscard]] Result<void> dropContent(OperationId operation);
    /** Replaces everything but id, account and createdAt. Fails with Input if there is no such operation. */
    [[nodiscard]] Result<void> update(const PendingOperation &operation);
    /** All of them or none, in one transaction. Errors as above. */
    [[nodiscard]] Result<void> update(std::span<const PendingOperation> operations);
    /** Only how far they have got, in one transaction: payloads may be large. Input where one of them is not there. */
    [[nodiscard]] Result<void> setProgress(std::span<const std::pair<OperationId, QByteArray>> notes);
    /** As add and update in one transaction: all or nothing. Returns the ids of those that were added. */
    [[nodiscard]] Result<std::vector<OperationId>> replace(std::span<const PendingOperation> updated,
                                                           std::span<const PendingOperation> added);
    /**
     * A message was sent: operation as update() (or removed, where it is Done), and what follows from it as add(), in
     * one transaction. The first of parts whose kind is "append" gets the message, or a copy of it where operation
     * stays. Returns the ids of parts.
     */
    [[nodiscard]] Result<std::vector<OperationId>> conclude(const PendingOperation &operation,
                                                            std::span<const PendingOperation> parts);
    /** Unknown ids are allowed. */
    [[nodiscard]] Result<void> remove(OperationId id);

    /** What work does is done as a whole, or not at all where it fails. Within another one it is a part of that. */
    [[nodiscard]] Result<void> inTransaction(const std::function<Result<void>()> &work);

    /** Messages that are being written, in the order in which they were begun; of one account or (none) of all. */
    [[nodiscard]] Result<std::vector<DraftRow>> drafts(AccountId account = {}) const;
    [[nodiscard]] Result<std::optional<DraftRow>> draft(const mail::DraftId &id) const;
    /** Made, or replaced but for createdAt. */
    [[nodiscard]] Result<void> putDraft(const DraftRow &draft);
    /** With its parts. Unknown ids are allowed. */
    [[nodiscard]] Result<void> removeDraft(const mail::DraftId &id);
    /** All that from gives, from where it stands to its end, up to 64 MiB, read in pieces. The draft exists. */
    [[nodiscard]] Result<DraftPartId> addDraftPart(const mail::DraftId &draft, QIODevice &from);
    [[nodiscard]] Result<QByteArray> draftPart(DraftPartId part) const;
    /** Likewise, to be read piece by piece. Closed before anything is written to pending.db. */
    [[nodiscard]] Result<std::unique_ptr<QIODevice>> openDraftPart(DraftPartId part) const;
    /** Octets of all its parts. */
    [[nodiscard]] Result<std::int64_t> draftPartsSize(const mail::DraftId &draft) const;
    /** Forgets the other parts of the draft. */
    [[nodiscard]] Result<void> keepDraftParts(const mail::DraftId &draft, std::span<const DraftPartId> kept);

    /** What the person has taught the spell checker, sorted. */
    [[nodiscard]] Result<QStringList> knownWords() const;
    /** Durable when it returns. Up to 20,000 words of 100 letters; the oldest make room. */
    [[nodiscard]] Result<void> setKnownWord(const QString &word, bool known);

private:
    [[nodiscard]] Result<OperationId> insert(const PendingOperation &operation);

    struct Private;
    explicit PendingStore(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::store
