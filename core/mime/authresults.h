// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringList>

#include <optional>
#include <utility>
#include <vector>

/** Authentication-Results (RFC 8601): what a mail server says that it found out about a sender. Pure, linear. */
namespace kittiwake::mime
{

struct AuthenticationMethod {
    QByteArray method; ///< "dkim", lower case
    QByteArray result; ///< "pass", lower case
    std::vector<std::pair<QByteArray, QByteArray>> properties; ///< "header.d" (lower case) -> "example.org"

    [[nodiscard]] QByteArray property(QByteArrayView name) const;
};

struct AuthenticationResults {
    QByteArray authservId; ///< who says so, lower case
    std::vector<AuthenticationMethod> methods; ///< at most 50
};

/** The value of one field, unfolded. Nothing where it does not say who speaks, as some services leave out. */
[[nodiscard]] std::optional<AuthenticationResults> parseAuthenticationResults(QByteArrayView value);

/** What the topmost such field of a header says: those further down may have come with the message. */
[[nodiscard]] std::optional<AuthenticationResults> topmostResults(QByteArrayView header);

/** One message of an inbox, for learning who speaks there. */
struct AuthorityEvidence {
    QByteArray authservId; ///< of its topmost field; empty: it has none
    QString senderDomain;
};

/**
 * The domain of the server whose word counts in an account: the one that stands topmost in at least four of five
 * messages, of three different senders and four messages or more. Empty where there is none. Whoever writes a few
 * messages with fields of their own cannot become it.
 */
[[nodiscard]] QString learntAuthority(const std::vector<AuthorityEvidence> &evidence);

enum class Authenticity {
    Unknown, ///< nobody who counts has said anything
    Verified,
    Unverified, ///< looked at, and nothing proves it
    Refuted, ///< the domain says how its mail is signed, and this is not it (DMARC)
};

/** What follows for a sender of that domain, from the words of an authority (learntAuthority()). */
[[nodiscard]] Authenticity authenticityOf(const std::optional<AuthenticationResults> &results, const QString &authority,
                                          const QString &senderDomain);

/** The domains (lower case) whose DKIM signatures an authority has found valid. Nothing where it has not spoken. */
[[nodiscard]] std::optional<QStringList> validSigners(const std::optional<AuthenticationResults> &results,
                                                      const QString &authority);

} // namespace kittiwake::mime
