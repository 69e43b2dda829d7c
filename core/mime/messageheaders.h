// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/mime/messagebuilder.h"

namespace kittiwake::mime
{

/** All header fields of a composition but those of its body. Errors: those of writeMessage(). */
[[nodiscard]] Result<QByteArray> headerBlock(const Composition &composition, const BuildOptions &options);

} // namespace kittiwake::mime
