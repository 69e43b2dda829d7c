// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/credentials/credentialstore.h"

namespace kittiwake::credentials
{

/**
 * The system's keychain through QtKeychain: Secret Service or KWallet, macOS Keychain, Windows Credential Store;
 * service name "Kittiwake". Never falls back to a file. Needs the event loop of its thread. The keychain may ask the
 * person to unlock it, so an answer may take long; after two minutes it is given up as Storage.
 */
class KeychainStore final : public CredentialStore
{
public:
    explicit KeychainStore(Clock &clock);

    async::Task<Result<Secret>> read(QString key) override;
    async::Task<Result<void>> write(QString key, Secret secret) override;
    async::Task<Result<void>> remove(QString key) override;

private:
    Clock &m_clock;
};

} // namespace kittiwake::credentials
