// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

/** What every kind of store can say, in the same words. */
namespace kittiwake::credentials
{

/** Nothing is stored under the key. Kind: Auth, which asks the person. */
[[nodiscard]] Error noPasswordError();
/** The keychain is locked, or the person said no. Kind: Auth. */
[[nodiscard]] Error accessDeniedError(const QString &detail);
/** There is no keychain, or it fails. Kind: Storage. */
[[nodiscard]] Error keychainError(const QString &detail);
/** It said nothing for that long. Kind: Storage. */
[[nodiscard]] Error keychainSilentError();
/** No keychain can keep these bytes as a text. Kind: Input. */
[[nodiscard]] Error unusableSecretError();

} // namespace kittiwake::credentials
