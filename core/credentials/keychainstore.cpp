// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/credentials/keychainstore.h"

#include "core/async/completion.h"
#include "core/credentials/credentialerrors.h"
#include "core/credentials/keychainthread.h"

#include <QObject>

#include <qt6keychain/keychain.h>

namespace kittiwake::credentials
{

namespace
{

constexpr std::chrono::minutes patience{2};
constexpr qsizetype longestSecret = 2000; // CRED_MAX_CREDENTIAL_BLOB_SIZE is 2560

using Answer = async::Completion<Result<Secret>>;

/** A time limit on an answer, for as long as it is awaited. */
struct Limit {
    Limit(Clock &time, const Answer &answer)
        : clock(time), id(time.callAfter(patience, [answer] { answer.complete(failure(keychainSilentError())); }))
    {
    }
    Limit(const Limit &) = delete;
    Limit &operator=(const Limit &) = delete;
    ~Limit() { clock.cancel(id); }
    Clock &clock;
    Clock::TimerId id;
};

Error errorOf(const QKeychain::Job &job)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return noPasswordError();
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return accessDeniedError(job.errorString());
    default:
        return keychainError(job.errorString());
    }
}

bool canBeKept(const QByteArray &bytes)
{
    return !bytes.isEmpty() && bytes.size() <= longestSecret && !bytes.contains('\0')
        && QString::fromUtf8(bytes).toUtf8() == bytes;
}

} // namespace

/**
 * Lives in the thread of the store. The jobs' answers hold it, so that it outlives them; what arrives after the store
 * has gone is dropped here, in that thread, since the clock may be gone too.
 */
class KeychainStore::Home final : public QObject
{
public:
    bool isOpen = true;

    using Result = kittiwake::Result<Secret>;

    /** Starts job, made and kept by the keychain's thread; result reads what it brought. */
    template <typename Make, typename Read>
    static void start(const std::shared_ptr<Home> &home, const Answer &answer, Make make, Read read)
    {
        runInKeychainThread([home, answer, make = std::move(make), read] {
            // Deletes itself. It must not be deleted before it has finished: the callbacks of libsecret hold a bare
            // pointer to it.
            auto *job = make();
            QObject::connect(job, &QKeychain::Job::finished, job, [home, answer, job, read] {
                Result result
                    = job->error() == QKeychain::NoError ? Result(read(*job)) : Result(failure(errorOf(*job)));
                QMetaObject::invokeMethod(
                    home.get(),
                    [home, answer, result = std::move(result)] {
                        if (home->isOpen)
                            answer.complete(result);
                    },
                    Qt::QueuedConnection);
            });
            job->start();
        });
    }
};

KeychainStore::KeychainStore(Clock &clock, QString service)
    : m_clock(clock), m_service(std::move(service)), m_home(new Home, [](Home *home) { home->deleteLater(); })
{
}

KeychainStore::~KeychainStore()
{
    m_home->isOpen = false;
}

async::Task<Result<Secret>> KeychainStore::read(QString key)
{
    const Answer answer(m_clock);
    Home::start(
        m_home, answer,
        [service = m_service, key] {
            auto *job = new QKeychain::ReadPasswordJob(service);
            job->setKey(key);
            return job;
        },
        [](const QKeychain::ReadPasswordJob &job) { return Secret(job.binaryData()); });
    const Limit limit(m_clock, answer);
    Result<Secret> secret = co_await answer;
    co_return secret;
}

async::Task<Result<void>> KeychainStore::write(QString key, Secret secret)
{
    if (!canBeKept(secret.reveal()))
        co_return failure(unusableSecretError());
    const Answer answer(m_clock);
    Home::start(
        m_home, answer,
        [service = m_service, key, secret] {
            auto *job = new QKeychain::WritePasswordJob(service);
            job->setKey(key);
            // Always as text: Secret Service keeps text and binary as two entries, and reads the text first.
            job->setTextData(QString::fromUtf8(secret.reveal()));
            return job;
        },
        [](const QKeychain::WritePasswordJob &) { return Secret(); });
    const Limit limit(m_clock, answer);
    const Result<Secret> done = co_await answer;
    if (!done)
        co_return failure(done.error());
    co_return Result<void>();
}

async::Task<Result<void>> KeychainStore::remove(QString key)
{
    const Answer answer(m_clock);
    Home::start(
        m_home, answer,
        [service = m_service, key] {
            auto *job = new QKeychain::DeletePasswordJob(service);
            job->setKey(key);
            return job;
        },
        [](const QKeychain::DeletePasswordJob &) { return Secret(); });
    const Limit limit(m_clock, answer);
    const Result<Secret> done = co_await answer;
    // Where nothing is stored, some keychains say so: that is what was wanted.
    if (!done && done.error() != noPasswordError())
        co_return failure(done.error());
    co_return Result<void>();
}

} // namespace kittiwake::credentials
