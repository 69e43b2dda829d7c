// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace kittiwake::mail
{

/** What a person does to messages besides marking them. The names below are stored: never change one. */
enum class MoveKind {
    Move,
    Copy,
    Delete, ///< to the Trash
    Expunge, ///< for good
    Archive,
    Junk,
    NotJunk,
};

/** "move", "copy", "delete", "expunge", "archive", "junk", "not-junk". */
[[nodiscard]] QString moveKindName(MoveKind kind);
[[nodiscard]] std::optional<MoveKind> moveKindOf(const QString &name);

/** The messages are not in their old folder any more afterwards. */
[[nodiscard]] constexpr bool takesAway(MoveKind kind)
{
    return kind != MoveKind::Copy;
}

} // namespace kittiwake::mail
