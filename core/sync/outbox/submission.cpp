// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/outbox/submission.h"

#include <algorithm>
#include <array>

namespace kittiwake::sync
{

namespace
{

/**
 * Gmail: support.google.com/mail/answer/78892, "Gmail saves a copy of sent messages", read 2026-11.
 * Exchange Online and Outlook.com save what comes over SMTP AUTH since 2015, and rewrite the Message-ID
 * (learn.microsoft.com, "SMTP AUTH client submission", read 2026-11). An Exchange of one's own does not.
 */
constexpr std::array<const char *, 6> savingHosts{"smtp.gmail.com",        "smtp.googlemail.com",
                                                  "smtp.office365.com",    "smtp-mail.outlook.com",
                                                  "outlook.office365.com", "smtp.live.com"};

} // namespace

smtp::ConnectOptions submissionOptions(const accounts::Account &account, const Secret &password)
{
    smtp::ConnectOptions options;
    options.endpoint = account.smtp->endpoint;
    options.tls = account.smtp->tls;
    options.policy = account.tlsPolicy;
    options.userName = account.signInName();
    options.password = password;
    options.mechanism = account.saslMechanism;
    return options;
}

smtp::TraceHandler submissionTrace(const imap::TraceHandler &trace)
{
    if (!trace)
        return {};
    return [trace](smtp::TraceDirection direction, const QByteArray &line) {
        const auto same = direction == smtp::TraceDirection::Sent ? imap::TraceDirection::Sent
            : direction == smtp::TraceDirection::Received         ? imap::TraceDirection::Received
                                                                  : imap::TraceDirection::Note;
        trace(same, line);
    };
}

bool savesSentItself(const accounts::Account &account)
{
    if (!account.smtp)
        return false;
    const QString host = account.smtp->endpoint.host.toLower();
    return std::any_of(savingHosts.begin(), savingHosts.end(),
                       [&](const char *name) { return host == QLatin1String(name); });
}

} // namespace kittiwake::sync
