// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/mailboxname.h"
#include "core/store/mailboxoverlay.h"
#include "core/store/pendingstore.h"
#include "core/store/rows.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::sync
{

/**
 * "create-folder", "rename-folder" … in pending.db: what a person does to a mailbox itself. Names are those that the
 * server has at the moment, as in every operation: what is carried out first rewrites the others (renameOperations()).
 */
struct FolderOperation {
    enum class Kind { Create, Rename, Delete, Subscribe, Unsubscribe };

    Kind kind = Kind::Create;
    mail::MailboxName mailbox;
    mail::MailboxName to; ///< of Rename
    QChar delimiter; ///< null: a flat namespace, or not known
    mail::MailboxRole role = mail::MailboxRole::None; ///< of Create: what it is for
    UidValidity uidValidity; ///< of Delete: that mailbox and no other one of its name; none: it was never opened
    Uid uidNext; ///< of Delete: what arrived later was not meant; none: nobody knows
    bool onlyEmpty = false; ///< of Delete: it takes a Create back

    [[nodiscard]] static bool isKind(const QString &kind) { return kindOf(kind).has_value(); }
    /** "create-folder", "rename-folder", "delete-folder", "subscribe", "unsubscribe": stored, never change one. */
    [[nodiscard]] static QString kindName(Kind kind);
    [[nodiscard]] static std::optional<Kind> kindOf(const QString &name);
    /** For PendingOperation::payload: JSON. */
    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing when it is something else: a newer program's, or damaged. */
    [[nodiscard]] static std::optional<FolderOperation> fromBytes(const QString &kind, const QByteArray &bytes);
    /** For PendingOperation::undo: what brings it back is made of the operation itself. */
    [[nodiscard]] static QByteArray undoMark() { return QByteArrayLiteral("{\"folder\":true}"); }
    /** For PendingOperation::progress: a command may have reached the server. */
    [[nodiscard]] static QByteArray sentMark() { return QByteArrayLiteral("{\"sent\":true}"); }

    /** Whether it speaks of the mailbox of this name, or of one above or below it. */
    [[nodiscard]] bool touches(const QString &name) const;
    /** What brings back what it did; none for what was deleted. */
    [[nodiscard]] std::optional<FolderOperation> reversed() const;

    bool operator==(const FolderOperation &) const = default;
};

/** name is a mailbox below above. */
[[nodiscard]] bool isBelow(const QString &name, const QString &above, QChar delimiter);
/** name with the mailbox at or above it, before, called now; none where before is another one. */
[[nodiscard]] std::optional<QString> renamedWith(const QString &name, const QString &before, const QString &now,
                                                 QChar delimiter);

/** rows: as the server has them, and those that it is to have; operations: those that wait, in order. Pure. */
[[nodiscard]] std::vector<store::MailboxListing> provisionalFolders(const std::vector<FolderOperation> &operations);
[[nodiscard]] std::vector<store::MailboxOverlay> overlaysOf(const std::vector<store::MailboxRow> &rows,
                                                            const std::vector<FolderOperation> &operations);

/**
 * A name that a person has given, in the server's terms: a folder above it that is shown under a new name has another
 * one there still. shown and rows: the same mailboxes, as people see them and as the server has them.
 */
[[nodiscard]] QString serverNameOf(const QString &name, QChar delimiter, const std::vector<store::MailboxRow> &shown,
                                   const std::vector<store::MailboxRow> &rows);

} // namespace kittiwake::sync
