// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QList>
#include <QSslCertificate>

namespace kittiwake::net
{

/**
 * The certificates of a PEM (or DER) file that a person trusts. At most 4 MiB are read. Errors: Input where the file is
 * missing, no plain file, too big, or holds no certificate.
 */
[[nodiscard]] Result<QList<QSslCertificate>> readCaFile(const QString &path);

} // namespace kittiwake::net
