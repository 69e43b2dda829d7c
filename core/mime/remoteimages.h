// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMetaType>
#include <QSet>
#include <QString>

#include <vector>

namespace kittiwake::mime
{

/** A picture that a message wants from elsewhere. It is not loaded unless the person asks for it. */
struct RemoteImage {
    QByteArray id; ///< of the address: 22 letters, digits, '-' and '_'
    QString url; ///< http or https, as the message has it
    bool looksLikeTracker = false; ///< too small to be seen, hidden, or an address that counts openings

    bool operator==(const RemoteImage &) const = default;
};

/** The id of an address: the same in every message. */
[[nodiscard]] QByteArray remoteImageId(const QByteArray &url);

/** An address that is known to count openings of mail: "/wf/open?", "/track/open.php" and their like. */
[[nodiscard]] bool isTrackingUrl(const QByteArray &url);

/**
 * The document (of DocumentWriter) with "remote:ID" as the source of those pictures whose ids are given; the others
 * stay without one. What is put in consists of letters, digits, '-' and '_', at places that only the sanitiser can
 * mark: no text and no attribute of a message can hold a bare quotation mark.
 */
[[nodiscard]] QString withRemoteImages(const QString &document, const QSet<QByteArray> &ids);

} // namespace kittiwake::mime
