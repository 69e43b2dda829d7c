// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/profilelock.h"
#include "core/engine/engine.h"
#include "core/engine/enginecore.h"

#include <QFutureWatcher>
#include <QPromise>
#include <QThread>

#include <map>

namespace kittiwake::engine
{

/** Brings a task's result to a promise. The frame owns both, so cancelling the task ends the future unfulfilled. */
template <typename T>
async::Task<void> deliver(async::Task<Result<T>> task, std::shared_ptr<QPromise<Result<T>>> promise)
{
    Result<T> result = co_await task;
    if (!promise->isCanceled())
        promise->addResult(std::move(result));
    promise->finish();
}

struct Engine::Private {
    std::unique_ptr<ProfileLock> lock;
    QString profile;
    QThread thread;
    EngineCore *core = nullptr; ///< lives in thread
    std::vector<accounts::Account> accounts;
    std::map<AccountId, AccountStatus> statuses;
    std::vector<PictureSender> pictureSenders;
    SystemRandom random;
    quint64 nextRequest = 1;

    template <typename T, typename Make>
    QFuture<Result<T>> request(Engine *engine, Make make)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        const quint64 id = nextRequest++;
        QMetaObject::invokeMethod(core, [owner = core, id, promise, make = std::move(make)] {
            owner->startRequest(id, deliver<T>(make(*owner), promise));
        });
        auto *watcher = new QFutureWatcher<Result<T>>(engine);
        QObject::connect(watcher, &QFutureWatcherBase::canceled, engine, [this, id] {
            QMetaObject::invokeMethod(core, [owner = core, id] { owner->cancelRequest(id); });
        });
        QObject::connect(watcher, &QFutureWatcherBase::finished, watcher, &QObject::deleteLater);
        watcher->setFuture(future);
        return future;
    }
};

} // namespace kittiwake::engine
