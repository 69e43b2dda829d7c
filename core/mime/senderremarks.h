// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/messageheader.h"

#include <QByteArrayView>
#include <QString>
#include <QStringList>

#include <vector>

namespace kittiwake::mime
{

/** Something about who sent a message that its reader should know, because it is how people are deceived. */
struct SenderRemark {
    enum class Kind {
        NoAddress, ///< From holds no valid address: it cannot be said who sent it
        SeveralSenders, ///< more than one address in From (RFC 5322 section 3.6.2 allows it, next to nobody does it)
        NameImitatesAddress, ///< the name holds an address; subject is the real one
        MixedScripts, ///< a label of the domain mixes alphabets; subject is the domain, other its ASCII form
        LooksLike, ///< the domain is easily taken for another one: subject is the domain, other what it looks like
        SentByOther, ///< Sender names another domain than From (RFC 5322 section 3.6.2); subject is its address
        RepliesElsewhere, ///< answers go to another domain; subject is the address that they go to
        FirstContact, ///< subject is the address
    };
    Kind kind = Kind::NoAddress;
    QString subject; ///< text of the message, unchecked
    QString other;

    bool operator==(const SenderRemark &) const = default;
};

/** What else is known of a sender than the header cache's row says. */
struct SenderFacts {
    mail::AddressList sender; ///< the Sender field
    QStringList knownDomains; ///< of people that the person writes to or often hears from, lower case
    bool firstContact = false; ///< nothing was ever written to or received from this address
};

/** From, To, Cc and Reply-To of a header block, as makeMessageHeader() has them; several From fields count as one. */
[[nodiscard]] mail::MessageHeader addressesOf(QByteArrayView header);

/** The sender as far as the header block alone tells: its remarks, without the person's accounts and history. */
[[nodiscard]] std::vector<SenderRemark> remarksOnHeader(QByteArrayView header);

/**
 * What is to be said of a message's sender, most alarming first, each kind once. ownDomains: of the person's accounts,
 * which are imitated most often. Pure; linear in the header.
 */
[[nodiscard]] std::vector<SenderRemark> remarksOnSender(const mail::MessageHeader &header,
                                                        const QStringList &ownDomains, const SenderFacts &facts = {});

/**
 * The domain as it is easily misread, in Latin letters: "аррӏе.com" (Cyrillic) and "app1e.com" both give "apple.com".
 * For comparing, not for display. domain may be in ASCII form ("xn--…").
 */
[[nodiscard]] QString misreadDomain(const QString &domain);

} // namespace kittiwake::mime
