// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/transcripts/scriptedstream.h"

#include <QByteArrayList>

#include <functional>

namespace kittiwake::sync::test
{

/** A mailbox of a server that does nothing by itself: what each command is answered, and when the answer arrives. */
class LineServer
{
public:
    explicit LineServer(std::shared_ptr<ScriptedWire> wire) : m_wire(std::move(wire)) { }

    std::uint32_t uidValidity = 7;
    std::vector<std::uint32_t> uids; ///< of the messages in INBOX, rising
    bool stalled = false; ///< answers are held back until deliver()
    QByteArray capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE";
    QByteArrayList commands; ///< all that came, without tags
    /** Instead of the usual answer; empty: the usual one. */
    std::function<QByteArray(const QByteArray &tag, const QByteArray &command)> special;

    void greet() { say("* OK [CAPABILITY " + capabilities + "] Ready.\r\n"); }
    /** Answers what the client has sent since. True if there was something. */
    bool answer();
    /** What was held back arrives. */
    void deliver();
    void say(const QByteArray &bytes);
    /** What a FETCH of one message is answered. */
    [[nodiscard]] static QByteArray message(std::uint32_t number, std::uint32_t uid);

private:
    [[nodiscard]] QByteArray usual(const QByteArray &tag, const QByteArray &command) const;

    std::shared_ptr<ScriptedWire> m_wire;
    QByteArray m_held;
    QByteArray m_idleTag;
};

} // namespace kittiwake::sync::test
