// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace kittiwake::mime
{

/** How to leave the list that a message came from (RFC 2369 section 3.2, RFC 8058). Nothing of it is done by itself. */
struct ListUnsubscribe {
    QUrl web; ///< https; where oneClick, a POST there is enough
    QUrl mail; ///< mailto: with subject and body at most (never an attachment: CVE-2020-11879)
    /** RFC 8058: List-Unsubscribe-Post came with an https address, and both fields are signed by somebody. */
    bool oneClick = false;
    /** The domains (d=, lower case) of the DKIM signatures that cover both fields. Whether one is valid is not known
     * here. */
    QStringList signers;

    [[nodiscard]] bool isEmpty() const { return web.isEmpty() && mail.isEmpty(); }
    bool operator==(const ListUnsubscribe &) const = default;

    static constexpr qsizetype maxAddress = 4000; ///< octets of one address; longer ones are ignored
    static constexpr int maxAddresses = 20; ///< that are looked at
    static constexpr int maxSignatures = 20; ///< that are looked at
};

/** The fields that listUnsubscribe() looks at. */
[[nodiscard]] const QByteArrayList &listUnsubscribeFields();

/** From a header block. The first address of each kind counts, as the RFC says; http in the clear does not. */
[[nodiscard]] ListUnsubscribe listUnsubscribe(QByteArrayView headerBlock);

} // namespace kittiwake::mime
