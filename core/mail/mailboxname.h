// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QChar>
#include <QHashFunctions>
#include <QString>

namespace kittiwake::mail
{

/**
 * A mailbox's full name on the server, "Projekte/Größe". text is decoded (RFC 3501 modified UTF-7, or UTF-8); INBOX is
 * always spelled "INBOX". Where the server's bytes are no valid encoding, wire keeps them, so that the mailbox can
 * still be opened; otherwise wire is empty and the codec encodes text. A name is never used as a path.
 */
struct MailboxName {
    QString text;
    QByteArray wire;

    [[nodiscard]] static MailboxName inbox() { return {QStringLiteral("INBOX"), {}}; }
    [[nodiscard]] bool isInbox() const { return text == QLatin1String("INBOX"); }
    /** The last component: "Größe". Everything where delimiter is null (a flat namespace). */
    [[nodiscard]] QString leaf(QChar delimiter) const;
    /** The full name of the mailbox above, empty at the top. */
    [[nodiscard]] QString parent(QChar delimiter) const;

    bool operator==(const MailboxName &) const = default;
};

inline size_t qHash(const MailboxName &name, size_t seed = 0)
{
    return ::qHash(name.text, seed);
}

/** What a mailbox is for: RFC 6154 attributes, and INBOX. The numbers are stored in cache.db: never change one. */
enum class MailboxRole : int {
    None = 0,
    Inbox = 1,
    Drafts = 2,
    Sent = 3,
    Archive = 4,
    Junk = 5,
    Trash = 6,
    All = 7,
    Flagged = 8,
    Important = 9,
};

/** "inbox", "drafts" …; "" for None. The names of kittiwakectl's JSON. */
[[nodiscard]] QString mailboxRoleName(MailboxRole role);

} // namespace kittiwake::mail
