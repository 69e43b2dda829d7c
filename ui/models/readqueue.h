// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>

namespace kittiwake::ui
{

/**
 * Short, bounded questions to the cache, answered one after the other in a thread of its own, with a reader of its own.
 * Belongs to the UI thread. Destruction interrupts the running query and waits for the thread; answers whose receiver
 * has gone are dropped.
 */
class ReadQueue final : public QObject
{
    Q_OBJECT

public:
    explicit ReadQueue(const MailSource &source, QObject *parent = nullptr);
    ~ReadQueue() override;

    /** Runs query in the worker and then answer with its result in the UI thread, unless receiver has gone. */
    template <typename T>
    void ask(QObject *receiver, std::function<Result<T>(const MailReader &)> query,
             std::function<void(Result<T>)> answer)
    {
        post([this, guard = QPointer<QObject>(receiver), query = std::move(query),
              answer = std::move(answer)](MailReader *reader) mutable {
            Result<T> result = reader ? query(*reader) : Result<T>(failure(m_openError));
            QMetaObject::invokeMethod(
                this, [guard = std::move(guard), answer = std::move(answer), result = std::move(result)]() mutable {
                    if (guard)
                        answer(std::move(result));
                });
        });
    }

private:
    void post(std::function<void(MailReader *)> job);

    QThread m_thread;
    QObject m_worker;
    std::shared_ptr<MailReader> m_reader;
    Error m_openError;
    std::atomic<bool> m_stopping = false;
};

} // namespace kittiwake::ui
