// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/trouble.h"

#include "core/imap/session/imaperrors.h"

#include <algorithm>
#include <array>

namespace kittiwake::imap
{

namespace
{

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds shortestPause = 1s;
constexpr std::chrono::milliseconds longestPause = 1h;

/** A sentence that a provider is known to say instead of a response code. Found anywhere, without regard to case. */
struct Phrase {
    const char *text;
    bool throttled;
    bool tooManyConnections;
};

/** Dated where it was read, not where it was tried. */
constexpr std::array phrases{
    // Exchange Online: "BAD Request is throttled. Suggested Backoff Time: 89117 milliseconds", then BYE (2023-08-29).
    // https://github.com/simonrob/email-oauth2-proxy/issues/191
    Phrase{"request is throttled", true, false},
    // Gmail, to the sign-in: "NO [ALERT] Too many simultaneous connections. (Failure)" (2017-11-09).
    // https://github.com/zone-eu/wildduck/issues/35
    Phrase{"too many simultaneous connections", false, true},
    // Dovecot, to the sign-in: "NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded" (2017-04-13).
    // https://github.com/mscdex/node-imap/issues/606
    Phrase{"maximum number of connections", false, true},
    // Exchange, to everything behind a sign-in that it accepted (2016; servers that are throttled, or IMAP off).
    // https://github.com/mscdex/node-imap/issues/523
    Phrase{"authenticated but not connected", false, false},
};

std::optional<std::chrono::milliseconds> suggestedPause(const QByteArray &lowerText)
{
    // https://imapsync.lamiral.info/FAQ.d/FAQ.Office365.txt (2021-03): between one and five minutes, once 50.
    static const QByteArray before = QByteArrayLiteral("suggested backoff time:");
    const qsizetype at = lowerText.indexOf(before);
    if (at < 0)
        return std::nullopt;
    const QByteArray number = lowerText.mid(at + before.size(), 40).simplified();
    const qsizetype end = number.indexOf(' ');
    bool isNumber = false;
    const qlonglong value = number.left(end < 0 ? number.size() : end).toLongLong(&isNumber);
    if (!isNumber || value < 0)
        return std::nullopt;
    return std::clamp(std::chrono::milliseconds(std::min<qlonglong>(value, longestPause.count())), shortestPause,
                      longestPause);
}

Trouble troubleIn(const QByteArray &code, const QByteArray &text)
{
    Trouble trouble;
    // RFC 5530; LIMIT; THROTTLED is Gmail's and Outlook's, no RFC.
    const std::array<const char *, 5> temporary{"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED"};
    trouble.isTemporary
        = std::any_of(temporary.begin(), temporary.end(), [&code](const char *name) { return code == name; });
    trouble.isThrottled = code == "THROTTLED";
    const QByteArray lower = text.toLower();
    for (const Phrase &phrase : phrases) {
        if (!lower.contains(phrase.text))
            continue;
        trouble.isTemporary = true;
        trouble.isThrottled = trouble.isThrottled || phrase.throttled;
        trouble.tooManyConnections = trouble.tooManyConnections || phrase.tooManyConnections;
    }
    trouble.pause = suggestedPause(lower);
    return trouble;
}

} // namespace

Trouble troubleOf(const StatusResponse &status)
{
    if (status.kind == StatusKind::Ok || status.kind == StatusKind::PreAuth)
        return {};
    return troubleIn(codeName(status.code), status.text);
}

Trouble troubleOf(const Error &error)
{
    // "NO [CODE] text", as imaperrors.cpp writes it.
    const QByteArray detail = error.detail.toUtf8();
    const qsizetype space = detail.indexOf(' ');
    const QByteArray kind = detail.left(space);
    if (kind != "NO" && kind != "BAD" && kind != "BYE")
        return {};
    QByteArray text = detail.mid(space + 1);
    QByteArray code;
    if (const qsizetype end = text.indexOf(']'); text.startsWith('[') && end > 0) {
        code = text.mid(1, end - 1);
        text = text.mid(end + 1);
    }
    return troubleIn(code, text);
}

} // namespace kittiwake::imap
