// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

namespace kittiwake
{

/** A value or an Error. Result<void> for operations whose success carries nothing. */
template <typename T = void>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

/** failure(ErrorKind::Network, where, userText, detail) is returned where a Result is expected. */
[[nodiscard]] inline Failure failure(ErrorKind kind, QString where, QString userText, QString detail = {})
{
    return Failure(Error{kind, std::move(where), std::move(userText), std::move(detail)});
}

[[nodiscard]] inline Failure failure(Error error)
{
    return Failure(std::move(error));
}

} // namespace kittiwake
