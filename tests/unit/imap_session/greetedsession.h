// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/session/session.h"

#include <utility>
#include <variant>
#include <vector>

/** A session that a server has greeted, and what it tells: for tests. */
namespace kittiwake::imap
{

inline Session greeted(const QByteArray &capabilities)
{
    Session session(SessionOptions{});
    session.feed("* PREAUTH [CAPABILITY IMAP4rev1 " + capabilities + "] ready\r\n");
    while (session.nextEvent()) { }
    return session;
}

/** All events that are there, by the kind asked for. */
template <typename Kind>
std::vector<Kind> take(Session &session)
{
    std::vector<Kind> found;
    while (auto event = session.nextEvent()) {
        if (auto *wanted = std::get_if<Kind>(&*event))
            found.push_back(std::move(*wanted));
    }
    return found;
}

} // namespace kittiwake::imap
