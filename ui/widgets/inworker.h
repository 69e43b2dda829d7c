// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <memory>

namespace kittiwake::ui
{

/** Runs a function of values in the thread pool; its answer comes by the future. */
template <typename Function>
[[nodiscard]] auto inWorker(Function function)
{
    using Answer = decltype(function());
    auto promise = std::make_shared<QPromise<Answer>>();
    promise->start();
    QFuture<Answer> future = promise->future();
    QThreadPool::globalInstance()->start([promise, function = std::move(function)] {
        if (!promise->isCanceled())
            promise->addResult(function());
        promise->finish();
    });
    return future;
}

/** An answer that is there already. */
template <typename Answer>
[[nodiscard]] QFuture<Answer> answered(Answer answer)
{
    QPromise<Answer> promise;
    promise.start();
    promise.addResult(std::move(answer));
    promise.finish();
    return promise.future();
}

} // namespace kittiwake::ui
