// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/command.h"
#include "core/imap/codec/literalsource.h"

#include <variant>

namespace kittiwake::imap
{

/** Words of the grammar: never from outside. */
struct TextPart {
    QByteArray bytes;
};

/** Sent as atom, quoted string or literal, whatever fits when the time comes. */
struct StringPart {
    QByteArray bytes;
    bool atomAllowed = true;
    bool secret = false;
};

struct MailboxPart {
    mail::MailboxName name;
};

/** A secret that stands in the line as it is: base64 of SASL-IR. */
struct SecretTextPart {
    Secret text;
};

/** APPEND's literal. */
struct MessagePart {
    QByteArray bytes;
    bool utf8 = false;
    std::shared_ptr<const LiteralSource> source = nullptr; ///< instead of bytes

    [[nodiscard]] std::uint64_t size() const
    {
        return source ? source->size() : static_cast<std::uint64_t>(bytes.size());
    }
    [[nodiscard]] bool hasNul() const { return source ? source->hasNul() : bytes.contains('\0'); }
};

/** "CHARSET UTF-8 " where a string of the command is not ASCII and the connection is not UTF-8 (RFC 6855 section 3). */
struct CharsetPart {
};

using CommandPart = std::variant<TextPart, StringPart, MailboxPart, SecretTextPart, MessagePart, CharsetPart>;

/** What a Command holds. */
struct CommandContent {
    CommandKind kind;
    std::vector<CommandPart> parts;
    const char *defect = nullptr; ///< why it cannot be sent
};

/**
 * Puts a command together. Arguments are checked here and nowhere else: text() takes only string literals of this code,
 * everything else is a number, a checked atom, or a string that the encoder quotes.
 */
class CommandBuilder
{
public:
    CommandBuilder(CommandKind kind, const char *verb);

    CommandBuilder &text(const char *words);
    CommandBuilder &number(std::uint64_t value);
    CommandBuilder &position(std::int64_t value);
    CommandBuilder &atom(const QByteArray &value);
    CommandBuilder &string(const QByteArray &value, bool atomAllowed = true);
    CommandBuilder &secretString(const QByteArray &value);
    CommandBuilder &secretBase64(const Secret &raw);
    CommandBuilder &mailbox(const mail::MailboxName &name);
    CommandBuilder &message(MessagePart part);
    CommandBuilder &charsetIfNeeded();
    CommandBuilder &set(const SequenceSet &numbers);
    CommandBuilder &set(const UidSet &uids) { return set(uids.numbers()); }
    CommandBuilder &flagList(const mail::Flags &flags);
    CommandBuilder &section(const Section &section);
    CommandBuilder &date(QDate date);
    CommandBuilder &statusItems(const StatusItems &items);
    CommandBuilder &fetchItems(const FetchItems &items, bool withUid);
    CommandBuilder &searchKey(const SearchKey &key, int depth = 0);
    CommandBuilder &notifyGroup(const NotifyGroup &group);
    /** The command cannot be sent; the first reason stays. */
    CommandBuilder &refuse(const char *why);

    [[nodiscard]] Command build() { return Command(std::make_shared<const CommandContent>(std::move(m_content))); }

private:
    void fetchBody(const FetchItems::Body &body);
    void flagKey(const SearchKey &key);
    QByteArray &tail();

    CommandContent m_content;
};

} // namespace kittiwake::imap
