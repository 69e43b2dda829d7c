// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/movekind.h"

#include <array>
#include <utility>

namespace kittiwake::mail
{

namespace
{

constexpr std::array<std::pair<MoveKind, const char *>, 7> names{{
    {MoveKind::Move, "move"},
    {MoveKind::Copy, "copy"},
    {MoveKind::Delete, "delete"},
    {MoveKind::Expunge, "expunge"},
    {MoveKind::Archive, "archive"},
    {MoveKind::Junk, "junk"},
    {MoveKind::NotJunk, "not-junk"},
}};

} // namespace

QString moveKindName(MoveKind kind)
{
    for (const auto &[known, name] : names) {
        if (known == kind)
            return QString::fromLatin1(name);
    }
    return {};
}

std::optional<MoveKind> moveKindOf(const QString &name)
{
    for (const auto &[kind, known] : names) {
        if (name == QLatin1String(known))
            return kind;
    }
    return std::nullopt;
}

} // namespace kittiwake::mail
