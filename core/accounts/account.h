// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/identity.h"
#include "core/base/strongid.h"
#include "core/net/bytestream.h"

#include <QMetaType>
#include <QString>

#include <cstdint>
#include <optional>

namespace kittiwake::accounts
{

/** One server of an account. */
struct Server {
    net::Endpoint endpoint;
    net::TlsMode tls = net::TlsMode::Implicit;

    bool operator==(const Server &) const = default;
};

/** An account as it is stored: no secret in it. */
struct Account {
    AccountId id; ///< none until it is stored
    QString email;
    QString displayName; ///< the person's name on mail they send
    QString userName; ///< what is signed in with; the email address where empty
    Server imap;
    std::optional<Server> smtp;
    QString saslMechanism; ///< forces one ("PLAIN"); empty: the strongest that both sides know
    net::TlsPolicy tlsPolicy;
    QString passwordCommand; ///< run at each sign-in, its first output line is the password; empty: the keychain has it
    /**
     * What the password is called in the keychain: newCredentialKey() of core/accounts/passwordsource.h. It does not
     * follow from the id, since all profiles of a person share one keychain. AccountRegistry::add() gives one where it
     * is empty, and it stays the same for the account's life.
     */
    QString credentialKey;
    /** Octets of a message, as the server for outgoing mail last said (RFC 1870); 0: not known, or it named none. */
    std::uint64_t submissionLimit = 0;
    std::vector<Identity> identities; ///< the first one first; none: identitiesOf() makes one of name and address

    [[nodiscard]] QString signInName() const { return userName.isEmpty() ? email : userName; }
    bool operator==(const Account &) const = default;
};

} // namespace kittiwake::accounts

Q_DECLARE_METATYPE(kittiwake::accounts::Account)
