// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/flagchange.h"

#include <utility>

namespace kittiwake::mail
{

namespace
{

Flags with(Flags flags, const Flags &more)
{
    flags.setSystemBits(flags.systemBits() | more.systemBits());
    flags.addKeywords(more.keywords());
    return flags;
}

Flags without(Flags flags, const Flags &gone)
{
    flags.setSystemBits(flags.systemBits() & ~gone.systemBits());
    for (const QByteArray &keyword : gone.keywords())
        flags.removeKeyword(keyword);
    return flags;
}

} // namespace

Flags FlagChange::appliedTo(Flags flags) const
{
    return with(without(std::move(flags), remove), add);
}

FlagChange FlagChange::then(const FlagChange &second) const
{
    const Flags added = with(without(add, second.remove), second.add);
    return {added, without(with(remove, second.remove), added)};
}

FlagChange FlagChange::undoneFor(const Flags &base) const
{
    const Flags after = appliedTo(base);
    return {without(base, after), without(after, base)};
}

} // namespace kittiwake::mail
