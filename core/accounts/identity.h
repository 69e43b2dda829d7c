// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"

#include <QMetaType>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::accounts
{

/** As whom somebody writes. The first one of an account is who they are when nothing speaks for another. */
struct Identity {
    QString key; ///< 1 to 64 ASCII letters and digits; newIdentityKey(); never changes
    QString name; ///< the person's, on mail they send
    QString address;
    QString replyTo; ///< an address, or several separated by commas; empty: none
    QString signatureText; ///< plain text, below the mark "-- "; empty: none
    QString signatureHtml; ///< of rich text; empty: made of signatureText
    bool signatureBelowQuote = false; ///< in answers it stands at the end; else above what is quoted

    [[nodiscard]] mail::Address from() const { return {name, address}; }
    bool operator==(const Identity &) const = default;
};

/** The most identities of one account, and characters of a signature. */
inline constexpr std::size_t mostIdentities = 100;
inline constexpr qsizetype longestSignature = 64 * 1024;

struct Account;

/** A key that no other identity has. */
[[nodiscard]] QString newIdentityKey();
/** The account's identities, the first one first; never none: without any, the account's own name and address. */
[[nodiscard]] std::vector<Identity> identitiesOf(const Account &account);
/** The one with that key, else the first. */
[[nodiscard]] Identity identityOf(const Account &account, const QString &key);
/** Their addresses, for replyComposition(). */
[[nodiscard]] mail::AddressList addressesOf(const std::vector<Identity> &identities);
/** The first of them with that address; none where no one has it. */
[[nodiscard]] std::optional<Identity> identityWithAddress(const std::vector<Identity> &identities,
                                                          const QString &address);

} // namespace kittiwake::accounts
