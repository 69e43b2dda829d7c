// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/base/result.h"

namespace kittiwake::accounts
{

/** The first thing that is wrong with the fields, as a sentence. Errors: Input. */
[[nodiscard]] Result<void> validateAccount(const Account &account);
/** Whether both are the same host and port, however the name was typed. */
[[nodiscard]] bool isSameServer(const Server &left, const Server &right);

} // namespace kittiwake::accounts
