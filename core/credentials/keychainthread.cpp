// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/credentials/keychainthread.h"

#include <QCoreApplication>
#include <QMutex>
#include <QThread>

namespace kittiwake::credentials
{

namespace
{

struct KeychainThread {
    QMutex mutex;
    // Neither is deleted: QtKeychain's queue belongs to this very thread, and an application that is made after another
    // (in tests) starts it again.
    QThread *thread = nullptr;
    QObject *worker = nullptr;
};

KeychainThread &keychainThread()
{
    static KeychainThread instance;
    return instance;
}

void stop()
{
    KeychainThread &keychain = keychainThread();
    const QMutexLocker lock(&keychain.mutex);
    keychain.thread->quit();
    keychain.thread->wait();
}

} // namespace

void runInKeychainThread(std::function<void()> work)
{
    KeychainThread &keychain = keychainThread();
    const QMutexLocker lock(&keychain.mutex);
    if (keychain.thread == nullptr) {
        keychain.thread = new QThread;
        keychain.thread->setObjectName(QStringLiteral("keychain"));
        keychain.worker = new QObject;
        keychain.worker->moveToThread(keychain.thread);
    }
    if (!keychain.thread->isRunning()) {
        keychain.thread->start();
        qAddPostRoutine(stop);
    }
    QMetaObject::invokeMethod(keychain.worker, std::move(work), Qt::QueuedConnection);
}

} // namespace kittiwake::credentials
