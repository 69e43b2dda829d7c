// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"
#include "core/base/secret.h"

#include <QString>

namespace kittiwake::credentials
{

/** Where secrets are kept, by key. Engine thread. A store outlives its tasks; destroying a task abandons its answer. */
class CredentialStore
{
public:
    CredentialStore() = default;
    CredentialStore(const CredentialStore &) = delete;
    CredentialStore &operator=(const CredentialStore &) = delete;
    virtual ~CredentialStore() = default;

    /** Errors: Auth where nothing is stored under key or the person refused; Storage where the store fails. */
    virtual async::Task<Result<Secret>> read(QString key) = 0;
    /** Replaces what was stored under key. Errors: Storage; Auth where the person refused. */
    virtual async::Task<Result<void>> write(QString key, Secret secret) = 0;
    /** Success where nothing was stored. Errors as write(). */
    virtual async::Task<Result<void>> remove(QString key) = 0;
};

} // namespace kittiwake::credentials
