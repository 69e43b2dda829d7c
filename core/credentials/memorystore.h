// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/credentials/credentialstore.h"

#include <QHash>

namespace kittiwake::credentials
{

/** Keeps secrets for as long as it lives: for tests, and for a run that stores nothing. */
class MemoryStore final : public CredentialStore
{
public:
    async::Task<Result<Secret>> read(QString key) override;
    async::Task<Result<void>> write(QString key, Secret secret) override;
    async::Task<Result<void>> remove(QString key) override;

private:
    QHash<QString, Secret> m_secrets;
};

} // namespace kittiwake::credentials
