// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/readqueue.h"

namespace kittiwake::ui
{

ReadQueue::ReadQueue(const MailSource &source, QObject *parent) : QObject(parent)
{
    if (auto reader = source.openReader())
        m_reader = std::move(*reader);
    else
        m_openError = reader.error();
    m_thread.setObjectName(QStringLiteral("cache reader"));
    m_worker.moveToThread(&m_thread);
    m_thread.start();
}

ReadQueue::~ReadQueue()
{
    m_stopping = true;
    if (m_reader)
        m_reader->interrupt();
    m_thread.quit();
    m_thread.wait();
}

void ReadQueue::post(std::function<void(MailReader *)> job)
{
    QMetaObject::invokeMethod(&m_worker, [this, job = std::move(job)] {
        if (!m_stopping)
            job(m_reader.get());
    });
}

} // namespace kittiwake::ui
