// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/partsink.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace kittiwake::engine
{

Failure FileSink::failed() const
{
    // The name is isolated (U+2068, U+2069), so that it cannot turn the sentence round.
    const QString name = QChar(0x2068) + QFileInfo(m_file.fileName()).fileName() + QChar(0x2069);
    return failure(
        ErrorKind::Storage, m_file.fileName(),
        QCoreApplication::translate("core", "%1 could not be written: %2. Choose another place, or make room.")
            .arg(name, m_file.errorString()),
        m_file.errorString());
}

Result<void> FileSink::open()
{
    if (m_file.isOpen() || m_file.open(QIODevice::WriteOnly))
        return {};
    return failed();
}

Result<void> FileSink::write(const QByteArray &octets)
{
    if (auto opened = open(); !opened)
        return opened;
    if (m_file.write(octets) != octets.size())
        return failed();
    return {};
}

Result<void> FileSink::finish()
{
    if (auto opened = open(); !opened)
        return opened;
    if (!m_file.commit())
        return failed();
    return {};
}

} // namespace kittiwake::engine
