// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"
#include "core/mail/flags.h"
#include "core/mail/messageheader.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>
#include <QStringView>

#include <span>

/** How lists are written into the columns of cache.db (docs/schema.md), within the limits of limits.h. */
namespace kittiwake::store
{

/** The first limit code units of text, one fewer where that would cut a surrogate pair in two. */
[[nodiscard]] QStringView cut(QStringView text, qsizetype limit);

/** A text as it comes back from the database: NUL and halves of surrogate pairs are U+FFFD (Statement::bind). */
[[nodiscard]] QString storedText(QStringView text);

/** Appends "name US address", joined by RS (U+001F and U+001E, which become spaces within a name), to result. */
void appendAddresses(std::span<const mail::Address> addresses, QString &result);
[[nodiscard]] mail::AddressList parseAddresses(const QString &text);

/** Keywords separated by spaces. Those that are no atoms, too long or too many are left out. */
[[nodiscard]] QByteArray joinKeywords(const mail::Flags &flags);
[[nodiscard]] mail::Flags parseFlags(std::uint32_t systemBits, const QByteArray &keywords);

/**
 * A header as it comes back from the cache: what the limits cut is cut, references are not there. What the server says
 * is compared with a row in this form, so that what was cut is no difference.
 */
[[nodiscard]] mail::MessageHeader asStored(const mail::MessageHeader &header);

} // namespace kittiwake::store
