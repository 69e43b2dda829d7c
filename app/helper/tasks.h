// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QCborMap>
#include <QSize>

/**
 * What the helper does with bytes of strangers. Each gives a map; one without what was asked for says that it could not
 * be had. The keys are those that ui/attachments and core/mime/invitation.h read.
 */
namespace kittiwake::helper
{

/** format: "png", "jpeg", "gif" or "webp". -> width, height (of the original), image: {width, height, pixels}. */
[[nodiscard]] QCborMap picture(const QByteArray &bytes, const QByteArray &format, const QSize &most);
/** The first page. -> pages, image as above. */
[[nodiscard]] QCborMap firstPage(const QByteArray &bytes, const QSize &most);
/** winmail.dat ([MS-OXTNEF]). -> files: [{name, type, data}]. */
[[nodiscard]] QCborMap winmail(const QByteArray &bytes);
/** An event of iCalendar (RFC 5545). -> as mime::invitationFromCbor reads it. */
[[nodiscard]] QCborMap invitation(const QByteArray &bytes);

} // namespace kittiwake::helper
