// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"
#include "core/sync/account/environment.h"
#include "core/sync/operations/markoperation.h"

#include <optional>

namespace kittiwake::sync
{

class AccountSync;

/**
 * Where the message is now: as the cache knows it, else as the server does, whose folders are listed anew for it, since
 * another client may have made one to put it there. None where it is nowhere. Where the cache is wrong, that is one
 * more place that it has left. Errors: those of borrowing a line; Storage.
 */
[[nodiscard]] async::Task<Result<std::optional<MessageAt>>> locate(const Environment &environment, AccountSync &sync,
                                                                   AccountId account, SoughtMessage message);

} // namespace kittiwake::sync
