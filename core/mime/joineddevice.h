// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QIODevice>

#include <algorithm>
#include <memory>

namespace kittiwake::mime
{

/** Some octets and then a device, as one device for reading. */
class JoinedDevice final : public QIODevice
{
public:
    /** rest is open for reading, and random access. */
    JoinedDevice(QByteArray start, std::unique_ptr<QIODevice> rest) : m_start(std::move(start)), m_rest(std::move(rest))
    {
        // Else it would read ahead into a buffer of its own, and both devices would not agree where they are.
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }

    [[nodiscard]] bool isSequential() const override { return false; }
    [[nodiscard]] qint64 size() const override { return m_start.size() + m_rest->size(); }
    /** Something of it could not be read. Whoever reads may take that for the end: nothing but this tells them apart.
     */
    [[nodiscard]] bool hasFailed() const { return m_hasFailed; }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const qint64 at = pos();
        if (at < m_start.size()) {
            const qint64 count = std::min<qint64>(most, m_start.size() - at);
            std::copy_n(m_start.constData() + at, count, data);
            return count;
        }
        const qint64 count = m_rest->seek(at - m_start.size()) ? m_rest->read(data, most) : -1;
        m_hasFailed = m_hasFailed || count < 0 || (count == 0 && most > 0 && at < size());
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_start;
    std::unique_ptr<QIODevice> m_rest;
    bool m_hasFailed = false;
};

} // namespace kittiwake::mime
