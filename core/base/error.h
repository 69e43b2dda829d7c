// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDebug>
#include <QString>

namespace kittiwake
{

/** What went wrong, in the few kinds that decide what happens next. */
enum class ErrorKind {
    Network, ///< unreachable, cut, timed out: retried with backoff
    Tls, ///< no encryption, or a certificate that is not trusted: never retried by itself
    Auth, ///< the sign-in was refused: asks the user
    Protocol, ///< the server said something that cannot be understood: reconnect, then report
    ServerRefused, ///< a well-formed NO or BAD
    Storage, ///< a local file could not be read or written
    Cancelled, ///< whoever asked does not want it any more
    Input, ///< what the person or the calling program gave cannot be used
};

/**
 * An error as a value. userText is one translated sentence: what happened, what was kept, what the person can do.
 * where names the operation and its object ("imap.example.org:993"); detail is for the log and never holds a secret.
 */
struct Error {
    ErrorKind kind = ErrorKind::Protocol;
    QString where;
    QString userText;
    QString detail;

    bool operator==(const Error &) const = default;
};

[[nodiscard]] QString errorKindName(ErrorKind kind);
QDebug operator<<(QDebug debug, const Error &error);

} // namespace kittiwake
