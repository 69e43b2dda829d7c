// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/fingerprint.h"

#include <algorithm>

namespace kittiwake::store
{

FingerprintBuilder::FingerprintBuilder() : m_flags(QCryptographicHash::Sha256), m_identity(QCryptographicHash::Sha256)
{
}

void FingerprintBuilder::add(const mail::MessageHeader &header)
{
    // Keywords are told apart without regard to case (RFC 9051 section 2.3.2), and two servers, or two sessions of one,
    // may spell them differently.
    mail::Flags systemOnly;
    systemOnly.setSystemBits(header.flags.systemBits());
    QByteArrayList names = systemOnly.names() + header.flags.keywords();
    for (QByteArray &name : names)
        name = name.toLower();
    std::sort(names.begin(), names.end());
    m_flags.addData(QByteArray(QByteArray::number(header.uid.value()) + ' ' + names.join(' ') + '\n'));
    m_identity.addData(QByteArray(header.messageId + ' ' + QByteArray::number(static_cast<qulonglong>(header.size))
                                  + ' ' + QByteArray::number(static_cast<qlonglong>(header.internalDate)) + '\n'));
    ++m_messages;
    m_unseen += header.flags.has(mail::SystemFlag::Seen) ? 0 : 1;
}

Fingerprint FingerprintBuilder::result(UidValidity uidValidity, Uid uidNext)
{
    return {uidValidity, uidNext, m_messages, m_unseen, m_flags.result().toHex(), m_identity.result().toHex()};
}

} // namespace kittiwake::store
