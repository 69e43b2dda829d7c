// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"

#include <QString>

namespace kittiwake::ui
{

/** "Name <address>", the name in quotes where it needs them: what addressesOf() reads again. */
[[nodiscard]] QString addressText(const mail::Address &address);

/** For one line of the window: name and address, each as long as is sensible, in this order wherever lines begin. */
[[nodiscard]] QString shownAddress(const mail::Address &address);

/** Each on its own: "a@b.example; Anna <anna@c.example>" as people type and paste them, lines and tabs as well. */
[[nodiscard]] mail::AddressList addressesOf(const QString &typed);

} // namespace kittiwake::ui
