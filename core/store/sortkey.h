// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringView>

namespace kittiwake::store
{

class Database;

/**
 * What a text is sorted by: case folded, accents and other marks taken off, leading blanks and quotes skipped, at most
 * 100 characters of it. The same on every machine, whatever its locale: "Ärger" comes beside "arger" for everybody.
 */
[[nodiscard]] QString sortKey(QStringView text);

/** Makes the SQL functions kw_name_key(name, address) and kw_subject_key(subject). */
[[nodiscard]] Result<void> registerSortKeys(Database &database);

} // namespace kittiwake::store
