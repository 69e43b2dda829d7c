// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/credentials/credentialstore.h"

#include <QString>

#include <memory>

namespace kittiwake::credentials
{

/**
 * The system's keychain through QtKeychain: Secret Service or KWallet, macOS Keychain, Windows Credential Store. Never
 * falls back to a file. Lives in a thread with an event loop, and completes there. The keychain may ask the person to
 * unlock it, so an answer may take long; after two minutes it is given up as Storage. Secrets are UTF-8 without NUL, of
 * at most 2000 bytes (Windows keeps no more); others are refused as Input.
 */
class KeychainStore final : public CredentialStore
{
public:
    /** service: what the entries belong to in the keychain's own windows. */
    explicit KeychainStore(Clock &clock, QString service = QStringLiteral("Kittiwake"));
    ~KeychainStore() override;

    async::Task<Result<Secret>> read(QString key) override;
    async::Task<Result<void>> write(QString key, Secret secret) override;
    async::Task<Result<void>> remove(QString key) override;

private:
    class Home;

    Clock &m_clock;
    QString m_service;
    std::shared_ptr<Home> m_home; ///< where the keychain's thread sends its answers
};

} // namespace kittiwake::credentials
