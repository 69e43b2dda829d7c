// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/imap/codec/commandarguments.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <memory>
#include <utility>
#include <vector>

namespace kittiwake::imap
{

class LiteralSource;

/** How literals may be sent (RFC 7888). */
enum class LiteralMode {
    Synchronising, ///< each waits for the server's "+"
    Minus, ///< LITERAL-: without waiting up to 4096 octets
    Plus, ///< LITERAL+: never waiting
};

/** What the server understands at this moment; the bytes of a command depend on it. */
struct EncodingOptions {
    LiteralMode literals = LiteralMode::Synchronising;
    bool utf8 = false; ///< after ENABLE UTF8=ACCEPT or IMAP4rev2: UTF-8 in mailbox names and quoted strings
    bool binary = false; ///< BINARY: literal8 may carry NUL in APPEND
};

/** Bytes to send in one go. */
struct CommandPiece {
    QByteArray bytes;
    bool awaitContinuation = false; ///< wait for "+" (or a tagged NO/BAD: then give up) before the next piece
    std::shared_ptr<const LiteralSource> literal = nullptr; ///< instead of bytes: all of it, read when it is sent

    bool operator==(const CommandPiece &) const = default;
};

/** Which command it is: decides what answers it, and which response codes count for it. */
enum class CommandKind {
    Capability,
    Noop,
    Logout,
    StartTls,
    Authenticate,
    Login,
    Id,
    Enable,
    Namespace,
    List,
    Lsub,
    Xlist,
    Status,
    Select,
    Examine,
    Close,
    Unselect,
    Fetch,
    Store,
    Copy,
    Move,
    Expunge,
    Search,
    Append,
    Replace,
    Create,
    Delete,
    Rename,
    Subscribe,
    Unsubscribe,
    Idle,
    Compress,
    Notify,
    Check,
};

struct CommandContent;

/**
 * A command as a value, without its tag. Every argument is typed and goes through one quoting function; CR, LF and NUL
 * cannot get onto the wire from any of them except inside APPEND's counted literal (CVE-2026-42257, CVE-2026-47240).
 * An argument that cannot be sent makes encode() fail, never a factory. Any thread.
 */
class Command
{
public:
    [[nodiscard]] static Command capability();
    [[nodiscard]] static Command noop();
    [[nodiscard]] static Command check();
    [[nodiscard]] static Command logout();
    [[nodiscard]] static Command startTls();
    /** Without an initial response the server asks with "+"; answer with authenticateLine(). */
    [[nodiscard]] static Command authenticate(const QByteArray &mechanism);
    /** SASL-IR (RFC 4959). initialResponse is raw: base64 is put on here; an empty one is sent as "=". */
    [[nodiscard]] static Command authenticate(const QByteArray &mechanism, const Secret &initialResponse);
    [[nodiscard]] static Command login(const QByteArray &userUtf8, const Secret &password);
    /** RFC 2971: at most 30 fields, names up to 30 octets, values up to 1024. Empty: NIL. */
    [[nodiscard]] static Command id(const std::vector<std::pair<QByteArray, QByteArray>> &fields);
    [[nodiscard]] static Command enable(const QByteArrayList &extensions);
    [[nodiscard]] static Command namespaces();

    /** pattern as on the wire, its "%" and "*" alive; reference as on the wire, usually empty. */
    [[nodiscard]] static Command list(const QByteArray &pattern, const ListOptions &options = {},
                                      const QByteArray &reference = {});
    [[nodiscard]] static Command lsub(const QByteArray &pattern, const QByteArray &reference = {});
    [[nodiscard]] static Command xlist(const QByteArray &pattern, const QByteArray &reference = {});
    [[nodiscard]] static Command status(const mail::MailboxName &mailbox, const StatusItems &items);

    [[nodiscard]] static Command select(const mail::MailboxName &mailbox, const SelectOptions &options = {});
    [[nodiscard]] static Command examine(const mail::MailboxName &mailbox, const SelectOptions &options = {});
    [[nodiscard]] static Command close(); ///< expunges what is marked \Deleted: use unselect()
    [[nodiscard]] static Command unselect();

    [[nodiscard]] static Command uidFetch(const UidSet &uids, const FetchItems &items,
                                          const FetchModifiers &modifiers = {});
    /** FETCH by sequence number: only to learn which UIDs there are ("1:*"), never to act on messages. */
    [[nodiscard]] static Command fetch(const SequenceSet &numbers, const FetchItems &items);
    [[nodiscard]] static Command uidStore(const UidSet &uids, const StoreChange &change);
    [[nodiscard]] static Command uidCopy(const UidSet &uids, const mail::MailboxName &target);
    [[nodiscard]] static Command uidMove(const UidSet &uids, const mail::MailboxName &target);
    [[nodiscard]] static Command uidExpunge(const UidSet &uids); ///< UIDPLUS
    [[nodiscard]] static Command expunge();
    [[nodiscard]] static Command uidSearch(const std::vector<SearchKey> &keys, const SearchReturn &what = {});

    /** message is sent as it is: lines must end in CRLF already. */
    [[nodiscard]] static Command append(const mail::MailboxName &mailbox, const QByteArray &message,
                                        const AppendOptions &options = {});
    /** Likewise, with a message that is read while it is sent. */
    [[nodiscard]] static Command append(const mail::MailboxName &mailbox, std::shared_ptr<const LiteralSource> message,
                                        const AppendOptions &options = {});
    /** RFC 8508: message takes the place of the one with that UID, in the same mailbox or another one, in one step. */
    [[nodiscard]] static Command uidReplace(Uid uid, const mail::MailboxName &mailbox, const QByteArray &message,
                                            const AppendOptions &options = {});
    [[nodiscard]] static Command create(const mail::MailboxName &mailbox,
                                        mail::MailboxRole use = mail::MailboxRole::None); ///< use: CREATE-SPECIAL-USE
    [[nodiscard]] static Command remove(const mail::MailboxName &mailbox); ///< DELETE
    [[nodiscard]] static Command rename(const mail::MailboxName &from, const mail::MailboxName &to);
    [[nodiscard]] static Command subscribe(const mail::MailboxName &mailbox);
    [[nodiscard]] static Command unsubscribe(const mail::MailboxName &mailbox);

    [[nodiscard]] static Command idle(); ///< ended by idleDoneLine()
    [[nodiscard]] static Command compressDeflate();
    [[nodiscard]] static Command notifySet(const std::vector<NotifyGroup> &groups, bool status = false);
    [[nodiscard]] static Command notifyNone();

    [[nodiscard]] CommandKind kind() const;
    /**
     * The bytes, in pieces where the server must agree to a literal first. tag: letters and digits. Fails with Input
     * when an argument cannot be sent: CR, LF or NUL in it, an empty set, a keyword that is no atom, a bad section.
     */
    [[nodiscard]] Result<std::vector<CommandPiece>> encode(QByteArrayView tag, const EncodingOptions &options) const;
    /** For the protocol trace: one line, secrets and message bytes left out. */
    [[nodiscard]] QByteArray logText() const;

    /** The line that ends IDLE (RFC 2177). */
    [[nodiscard]] static QByteArray idleDoneLine();
    /** One answer in an AUTHENTICATE exchange: base64 of the raw bytes, and the line end. */
    [[nodiscard]] static QByteArray authenticateLine(const Secret &rawResponse);
    /** Gives up an AUTHENTICATE exchange: "*". */
    [[nodiscard]] static QByteArray authenticateCancelLine();

    /** For CommandBuilder: the one place where commands are made. */
    explicit Command(std::shared_ptr<const CommandContent> content);

private:
    std::shared_ptr<const CommandContent> m_content;
};

} // namespace kittiwake::imap
