// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/accountregistry.h"
#include "core/accounts/passwordsource.h"
#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/base/random.h"
#include "core/credentials/keychainstore.h"
#include "core/engine/actions.h"
#include "core/engine/drafts.h"
#include "core/engine/engine.h"
#include "core/engine/mailing.h"
#include "core/engine/messagefetcher.h"
#include "core/engine/offload.h"
#include "core/engine/partdownloader.h"
#include "core/engine/picturesenders.h"
#include "core/engine/readahead.h"
#include "core/engine/senderinspector.h"
#include "core/net/qtstreamfactory.h"
#include "core/net/systemsurroundings.h"
#include "core/remote/imagefetcher.h"
#include "core/remote/unsubscriber.h"
#include "core/store/cachestore.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/accountsync.h"

#include <QObject>

#include <map>
#include <memory>

namespace kittiwake::engine
{

/**
 * The engine's inside: everything that lives in the engine thread, and its wiring. Made and destroyed in that thread.
 * Engine talks to it by posting calls; it answers by signals and promises.
 */
class EngineCore final : public QObject
{
    Q_OBJECT

public:
    [[nodiscard]] static Result<std::unique_ptr<EngineCore>> open(const EngineOptions &options);
    ~EngineCore() override;

    [[nodiscard]] const std::vector<accounts::Account> &accounts() const { return m_registry.accounts(); }
    /** Connects the accounts, where the options say so. */
    void begin();

    /** Runs a request until it is done or cancelled. Called in the engine thread. */
    void startRequest(quint64 id, async::Task<void> request);
    void cancelRequest(quint64 id);

    async::Task<Result<SignInReport>> checkAccount(accounts::Account account, Secret password);
    async::Task<Result<AccountId>> addAccount(accounts::Account account, Secret password);
    async::Task<Result<void>> changePassword(AccountId account, Secret password);
    async::Task<Result<void>> removeAccount(AccountId account);
    async::Task<Result<void>> setIdentities(AccountId account, std::vector<accounts::Identity> identities);
    async::Task<Result<SyncReport>> sync(SyncRequest request);
    async::Task<Result<VerifyReport>> verify(VerifyRequest request);
    async::Task<Result<void>> dropCache();
    async::Task<Result<Pictures>> fetchPictures(std::vector<mime::RemoteImage> wanted);
    async::Task<Result<void>> setPictureSender(PictureSender sender, bool allowed);
    async::Task<Result<SenderReport>> inspectSender(MessageId message);
    [[nodiscard]] SenderInspector &senders() { return m_senders; }
    [[nodiscard]] const std::vector<PictureSender> &pictureSenders() const { return m_pictureSenders.all(); }
    void setOpenMailbox(MailboxId mailbox);
    void setOpenMailboxByName(AccountId account, const QString &name);
    void checkNow();
    [[nodiscard]] remote::Unsubscriber &unsubscriber() { return m_unsubscriber; }
    [[nodiscard]] MessageFetcher &messages() { return m_messages; }
    [[nodiscard]] MessageAccess &access() { return m_access; }
    [[nodiscard]] ReadAhead &readAhead() { return m_readAhead; }
    [[nodiscard]] PartDownloader &downloads() { return m_downloads; }
    [[nodiscard]] Actions &actions() { return *m_actions; }
    [[nodiscard]] Mailing &mailing() { return *m_mailing; }
    [[nodiscard]] Drafts &drafts() { return *m_drafts; }
    async::Task<Result<ActionReport>> retryAction(OperationId operation);
    async::Task<Result<void>> dropAction(OperationId operation);

Q_SIGNALS:
    void storeChanged(const kittiwake::store::StoreChanges &changes);
    void accountStatusChanged(const kittiwake::sync::AccountStatus &status);
    void accountsChanged(const std::vector<kittiwake::accounts::Account> &accounts);
    void watchEvent(const kittiwake::sync::WatchEvent &event);
    void pendingChanged(const kittiwake::engine::PendingSummary &summary);
    void sendProgressed(const kittiwake::engine::SendProgress &progress);
    void draftChanged(const kittiwake::engine::DraftState &state);
    void pictureSendersChanged(const std::vector<kittiwake::engine::PictureSender> &senders);

private:
    EngineCore(const EngineOptions &options, accounts::AccountRegistry registry,
               std::unique_ptr<store::CacheStore> cache, std::unique_ptr<store::PendingStore> pending);

    sync::AccountSync &accountSync(const accounts::Account &account);
    sync::AccountSync *findAccount(AccountId account);
    [[nodiscard]] QStringList ownDomains() const;
    [[nodiscard]] std::vector<accounts::Account> accountsOf(AccountId account) const;
    void scheduleCheckpoint();
    void stateChanged(const sync::AccountStatus &status);
    async::Task<Result<QString>> checkSubmission(accounts::Account account, Secret password);
    void limitTold(AccountId account, std::uint64_t octets);
    async::Task<Result<SyncReport>> syncAccounts(SyncRequest request, std::vector<accounts::Account> accounts);

    EngineOptions m_options;
    QtClock m_clock;
    SystemRandom m_random;
    net::QtStreamFactory m_streams;
    net::SystemSurroundings m_surroundings;
    credentials::KeychainStore m_keychain;
    accounts::PasswordSource m_passwords;
    accounts::AccountRegistry m_registry;
    std::unique_ptr<store::CacheStore> m_cache;
    std::unique_ptr<store::PendingStore> m_pending;
    sync::Environment m_environment;
    Offload m_offload;
    MessageAccess m_access;
    MessageFetcher m_messages;
    PartDownloader m_downloads;
    remote::QtAddressConnector m_connector;
    remote::ImageFetcher m_pictures;
    remote::Unsubscriber m_unsubscriber;
    PictureSenders m_pictureSenders;
    SenderInspector m_senders;
    std::map<QString, std::uint64_t> m_limits; ///< of submission servers that were tried for a new account
    Clock::TimerId m_checkpointTimer = 0;
    std::map<AccountId, std::unique_ptr<sync::AccountSync>> m_syncs;
    std::unique_ptr<Actions> m_actions;
    std::unique_ptr<Mailing> m_mailing;
    std::unique_ptr<Drafts> m_drafts;
    std::map<AccountId, sync::AccountStatus::State> m_states; ///< as last told
    ReadAhead m_readAhead; ///< its task uses everything above
    std::map<quint64, std::unique_ptr<async::TaskScope>> m_requests; ///< last: its tasks use everything above
};

} // namespace kittiwake::engine

Q_DECLARE_METATYPE(std::vector<kittiwake::accounts::Account>)
