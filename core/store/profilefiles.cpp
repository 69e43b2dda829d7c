// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/profilefiles.h"

namespace kittiwake::store
{

QString cachePath(const QString &profile)
{
    return profile + QLatin1String("/cache.db");
}

QString pendingPath(const QString &profile)
{
    return profile + QLatin1String("/pending.db");
}

} // namespace kittiwake::store
