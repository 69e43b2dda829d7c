// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDebug>

namespace kittiwake
{

/**
 * A password or token. It cannot be printed, compared by accident or converted; reveal() is the one way to its bytes
 * (UTF-8). The memory is overwritten when the last owner goes; copies share it.
 */
class Secret
{
public:
    Secret();
    explicit Secret(QByteArray utf8);
    Secret(const Secret &);
    Secret(Secret &&) noexcept;
    Secret &operator=(const Secret &);
    Secret &operator=(Secret &&) noexcept;
    ~Secret();

    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }
    [[nodiscard]] const QByteArray &reveal() const { return m_bytes; }

private:
    void wipe();

    QByteArray m_bytes;
};

/** Overwrites bytes with zeros where nobody else shares them; the size stays. */
void overwrite(QByteArray &bytes);

QDebug operator<<(QDebug debug, const Secret &secret);

} // namespace kittiwake
