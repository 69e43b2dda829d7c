// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/credentials/memorystore.h"

#include "core/credentials/credentialerrors.h"

namespace kittiwake::credentials
{

async::Task<Result<Secret>> MemoryStore::read(QString key)
{
    const auto secret = m_secrets.constFind(key);
    if (secret == m_secrets.constEnd())
        co_return failure(noPasswordError());
    co_return *secret;
}

async::Task<Result<void>> MemoryStore::write(QString key, Secret secret)
{
    m_secrets.insert(key, secret);
    co_return Result<void>();
}

async::Task<Result<void>> MemoryStore::remove(QString key)
{
    m_secrets.remove(key);
    co_return Result<void>();
}

} // namespace kittiwake::credentials
