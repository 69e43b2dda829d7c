// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kittiwake::sim::model
{

/** One argument of a command: an atom (also "BODY.PEEK[HEADER.FIELDS (X)]<0.5>"), a string, or a list of them. */
struct Argument {
    enum class Kind { Atom, String, List };
    Kind kind = Kind::Atom;
    std::string text;
    std::vector<Argument> items;

    [[nodiscard]] bool isList() const { return kind == Kind::List; }
    /** An atom, compared without regard to case. */
    [[nodiscard]] bool is(std::string_view atom) const;
    [[nodiscard]] std::optional<std::uint64_t> number() const;
};

/** A command line as it came from a client. */
struct ImapCommand {
    std::string tag;
    std::string name; ///< upper case; "UID FETCH" for the commands with UID
    std::vector<Argument> arguments;
};

[[nodiscard]] std::string upperCase(std::string_view text);

/** Nothing for what breaks the grammar; tag is then what could be read of it. */
[[nodiscard]] std::optional<ImapCommand> parseCommand(std::string_view line, std::string *tag);

/** Numbers of a sequence set in rising order; largest stands for "*". Nothing for what is no set. */
[[nodiscard]] std::optional<std::vector<std::pair<std::uint32_t, std::uint32_t>>> parseSet(std::string_view text,
                                                                                           std::uint32_t largest);
[[nodiscard]] std::string formatSet(const std::vector<std::uint32_t> &rising);
/** As a quoted string, or a literal where it must be one. */
[[nodiscard]] std::string formatString(std::string_view text);

/** Cuts what a client sends into lines, with their literals. */
class CommandReader
{
public:
    void feed(std::string_view bytes) { m_buffer.append(bytes); }
    struct Next {
        enum class Kind {
            None,
            Command, ///< line holds it, with literals in place
            WantsLiteral, ///< the client waits for "+"
        };
        Kind kind = Kind::None;
        std::string line;
    };
    [[nodiscard]] Next next();

private:
    std::string m_buffer;
    std::size_t m_scanned = 0; ///< up to here lines and literals are complete
    bool m_asked = false; ///< for the literal that begins at m_scanned
};

} // namespace kittiwake::sim::model
