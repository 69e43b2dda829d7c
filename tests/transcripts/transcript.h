// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <vector>

namespace kittiwake
{

/**
 * One line of a transcript (*.imap):
 *
 *   # comment               ignored
 *   S: * OK ready           the server sends this line
 *   S~ a\r\n\x00            the server sends these bytes, no line end is added
 *   C: $1 NOOP              the client has sent this line; $name is bound to the word there when it is met first
 *   T: starttls             the client has upgraded the stream ("starttls", "deflate")
 *   X select INBOX          an action, see actions.cpp
 *   R: select: ok *         the next thing reported is this; "*" stands for anything
 *   silent                  (as an X action) the client has sent nothing more, and nothing was reported
 *
 * In S lines $name stands for what was bound. At the end nothing else may have been sent or reported.
 */
struct TranscriptStep {
    enum class Kind { Server, Client, Upgrade, Action, Report };
    Kind kind = Kind::Action;
    QByteArray text; ///< of Server: the bytes, line end included
    int line = 0;
};

struct Transcript {
    QString name;
    std::vector<TranscriptStep> steps;
    bool oneReadOnly = false; ///< "# one read": only makes sense when what is sent together arrives together

    /** All bytes that the server sends, tags not put in. */
    [[nodiscard]] qsizetype serverBytes() const;
};

[[nodiscard]] Result<Transcript> readTranscript(const QString &path);

} // namespace kittiwake
