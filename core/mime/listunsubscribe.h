// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>
#include <QUrl>

namespace kittiwake::mime
{

/** How to leave the list that a message came from (RFC 2369 section 3.2, RFC 8058). Nothing of it is done by itself. */
struct ListUnsubscribe {
    QUrl web; ///< https; where oneClick, a POST there is enough
    QUrl mail; ///< mailto: with subject and body at most (never an attachment: CVE-2020-11879)
    bool oneClick = false; ///< RFC 8058: List-Unsubscribe-Post came with an https address

    [[nodiscard]] bool isEmpty() const { return web.isEmpty() && mail.isEmpty(); }
    bool operator==(const ListUnsubscribe &) const = default;

    static constexpr qsizetype maxAddress = 4000; ///< octets of one address; longer ones are ignored
    static constexpr int maxAddresses = 20; ///< that are looked at
};

/** From a header block. The first address of each kind counts, as the RFC says; http in the clear does not. */
[[nodiscard]] ListUnsubscribe listUnsubscribe(QByteArrayView headerBlock);

} // namespace kittiwake::mime
