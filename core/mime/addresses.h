// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"

#include <QByteArrayView>

namespace kittiwake::mime
{

/** local@domain for display, with quotes where RFC 5321 needs them; not valid where a half is missing. */
[[nodiscard]] QString composeAddress(QByteArrayView local, QByteArrayView domain);

/** A display name: decodeHeaderText() without the quotes that some mailers put around it. */
[[nodiscard]] QString decodeDisplayName(QByteArrayView raw);

/** Text that is no address, as the address of an entry for which isValid() is false. */
[[nodiscard]] mail::Address invalidAddress(QByteArrayView raw);

} // namespace kittiwake::mime
