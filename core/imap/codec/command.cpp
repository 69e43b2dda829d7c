// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/command.h"

#include "core/imap/codec/commandbuilder.h"
#include "core/imap/codec/mailboxcodec.h"

#include <QCoreApplication>

#include <algorithm>
#include <type_traits>

namespace kittiwake::imap
{

namespace
{

constexpr std::uint64_t literalMinusLimit = 4096; ///< RFC 7888 section 5
constexpr qsizetype longestQuoted = 1000; ///< servers limit the length of lines, not that of literals
constexpr qsizetype ownPiece = 64 * 1024; ///< a message as large as this is not copied into a piece

bool isAscii(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool hasLineBreakOrNul(QByteArrayView text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

/** 1*ATOM-CHAR (RFC 9051 section 9), and not NIL. Courier 5.0 does not find a mailbox whose name has "~" in an atom. */
bool isAtom(QByteArrayView text)
{
    return !text.isEmpty() && text.compare("NIL", Qt::CaseInsensitive) != 0
        && std::all_of(text.begin(), text.end(), [](char c) {
               return c > 0x20 && c < 0x7f && c != '(' && c != ')' && c != '{' && c != '%' && c != '*' && c != '"'
                   && c != '\\' && c != ']' && c != '~';
           });
}

bool isUtf8(const QByteArray &text)
{
    return QString::fromUtf8(text).toUtf8() == text;
}

bool isTag(QByteArrayView tag)
{
    return !tag.isEmpty() && std::all_of(tag.begin(), tag.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

/** Turns parts into pieces: the one place that decides how a string travels. */
class Encoder
{
public:
    explicit Encoder(const EncodingOptions &options) : m_options(options) { }

    void put(QByteArrayView text) { m_piece.append(text); }

    void operator()(const TextPart &part) { put(part.bytes); }
    void operator()(const SecretTextPart &part) { put(part.text.reveal()); }
    void operator()(const CharsetPart &)
    {
        if (charsetNeeded)
            put("CHARSET UTF-8 ");
    }
    void operator()(const StringPart &part) { putString(part.bytes, part.atomAllowed); }
    void operator()(const MailboxPart &part)
    {
        putString(encodeMailbox(part.name, m_options.utf8 ? MailboxEncoding::Utf8 : MailboxEncoding::ModifiedUtf7),
                  true);
    }
    void operator()(const MessagePart &part)
    {
        // NUL is only for literal8, which is only for servers that have BINARY (RFC 3516) or after UTF8=ACCEPT.
        const bool needs8 = part.utf8 || part.hasNul();
        if (needs8 && !part.utf8 && !m_options.binary)
            refuse("the message holds NUL");
        if (part.utf8)
            put("UTF8 (");
        if (part.source)
            putSource(part.source, needs8);
        else
            putLiteral(part.bytes, needs8);
        if (part.utf8)
            put(")");
    }

    Result<std::vector<CommandPiece>> finish()
    {
        put("\r\n");
        m_pieces.push_back({std::move(m_piece), false});
        if (m_defect)
            return refusal(m_defect);
        return std::move(m_pieces);
    }

    static Failure refusal(const char *why)
    {
        return failure(ErrorKind::Input, QStringLiteral("IMAP"),
                       QCoreApplication::translate("core",
                                                   "This cannot be sent to the mail server, because it holds something "
                                                   "that the server cannot accept. Check the names and texts that you "
                                                   "entered for unusual characters."),
                       QString::fromLatin1(why));
    }

    bool charsetNeeded = false;

private:
    void putString(const QByteArray &bytes, bool atomAllowed)
    {
        if (hasLineBreakOrNul(bytes)) {
            refuse("an argument holds a line break or NUL");
        } else if (atomAllowed && bytes.size() <= longestQuoted && isAtom(bytes)) {
            put(bytes);
        } else if (bytes.size() <= longestQuoted && (isAscii(bytes) || (m_options.utf8 && isUtf8(bytes)))) {
            m_piece += '"';
            for (const char c : bytes) {
                if (c == '"' || c == '\\')
                    m_piece += '\\';
                m_piece += c;
            }
            m_piece += '"';
        } else {
            putLiteral(bytes, false);
        }
    }

    void putLiteralStart(std::uint64_t size, bool literal8)
    {
        const bool atOnce = m_options.literals == LiteralMode::Plus
            || (m_options.literals == LiteralMode::Minus && size <= literalMinusLimit);
        put(literal8 ? "~{" : "{");
        put(QByteArray::number(static_cast<qulonglong>(size)));
        put(atOnce ? "+}\r\n" : "}\r\n");
        if (!atOnce)
            m_pieces.push_back({std::exchange(m_piece, {}), true});
    }

    void putLiteral(const QByteArray &bytes, bool literal8)
    {
        putLiteralStart(static_cast<std::uint64_t>(bytes.size()), literal8);
        if (bytes.size() < ownPiece) {
            put(bytes);
            return;
        }
        endPiece();
        m_pieces.push_back({bytes, false});
    }

    void putSource(const std::shared_ptr<const LiteralSource> &source, bool literal8)
    {
        putLiteralStart(source->size(), literal8);
        endPiece();
        m_pieces.push_back({{}, false, source});
    }

    void endPiece()
    {
        if (!m_piece.isEmpty())
            m_pieces.push_back({std::exchange(m_piece, {}), false});
    }

    void refuse(const char *why)
    {
        if (!m_defect)
            m_defect = why;
    }

    EncodingOptions m_options;
    QByteArray m_piece;
    std::vector<CommandPiece> m_pieces;
    const char *m_defect = nullptr;
};

void appendLogged(QByteArray &line, const CommandPart &part)
{
    std::visit(
        [&](const auto &value) {
            using Part = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Part, TextPart>) {
                line += value.bytes;
            } else if constexpr (std::is_same_v<Part, SecretTextPart>) {
                line += "<secret>";
            } else if constexpr (std::is_same_v<Part, StringPart>) {
                line += value.secret ? QByteArray("<secret>") : '"' + value.bytes + '"';
            } else if constexpr (std::is_same_v<Part, MailboxPart>) {
                line += '"' + value.name.text.toUtf8() + '"';
            } else if constexpr (std::is_same_v<Part, MessagePart>) {
                line += '{' + QByteArray::number(static_cast<qulonglong>(value.size())) + '}';
            }
        },
        part);
}

} // namespace

Command::Command(std::shared_ptr<const CommandContent> content) : m_content(std::move(content)) { }

CommandKind Command::kind() const
{
    return m_content->kind;
}

Result<std::vector<CommandPiece>> Command::encode(QByteArrayView tag, const EncodingOptions &options) const
{
    if (m_content->defect)
        return Encoder::refusal(m_content->defect);
    if (!isTag(tag))
        return Encoder::refusal("the tag is not made of letters and digits");
    Encoder encoder(options);
    if (!options.utf8) {
        encoder.charsetNeeded = std::any_of(m_content->parts.begin(), m_content->parts.end(), [](const auto &part) {
            const auto *text = std::get_if<StringPart>(&part);
            return text && !isAscii(text->bytes);
        });
    }
    encoder.put(tag);
    encoder.put(" ");
    for (const CommandPart &part : m_content->parts)
        std::visit(encoder, part);
    return encoder.finish();
}

QByteArray Command::logText() const
{
    QByteArray line;
    for (const CommandPart &part : m_content->parts)
        appendLogged(line, part);
    // One line in a log, whatever an argument holds.
    for (char &c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    }
    return line;
}

QByteArray Command::idleDoneLine()
{
    return QByteArrayLiteral("DONE\r\n");
}

QByteArray Command::authenticateLine(const Secret &rawResponse)
{
    return rawResponse.reveal().toBase64() + "\r\n";
}

QByteArray Command::authenticateCancelLine()
{
    return QByteArrayLiteral("*\r\n");
}

} // namespace kittiwake::imap
