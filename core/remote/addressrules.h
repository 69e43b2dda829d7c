// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QString>

namespace kittiwake::remote
{

/**
 * Whether an address belongs to the public Internet: none of the special ones of the IANA registries (RFC 6890; looked
 * at in November 2026), so that a mail cannot make this computer ask its router, its own services or its neighbours. Of
 * addresses that carry another one (IPv4-mapped, NAT64, ISATAP) that one counts; 6to4 and Teredo are refused.
 */
[[nodiscard]] bool isPublicAddress(const QHostAddress &address);

/** Names that cannot be public and are not even looked up: "intranet", "printer.local", "localhost". host: lower case.
 */
[[nodiscard]] bool isLocalName(const QString &host);

} // namespace kittiwake::remote
