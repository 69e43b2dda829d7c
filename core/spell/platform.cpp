// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spell/platform.h"

#include <QCoreApplication>
#include <QDir>
#include <QStandardPaths>

namespace kittiwake::spell
{

QStringList dictionaryFolders()
{
    QStringList result;
    // What Hunspell's own program reads too (hunspell(1), ENVIRONMENT).
    const QString named = qEnvironmentVariable("DICPATH");
    for (const QString &folder : named.split(QDir::listSeparator(), Qt::SkipEmptyParts))
        result.append(QDir::fromNativeSeparators(folder));
    const QStringList shared = QStandardPaths::standardLocations(QStandardPaths::GenericDataLocation);
#if defined(Q_OS_WIN)
    // Windows has none of its own: they come with the program, or lie in the person's %LOCALAPPDATA%.
    for (const QString &folder : shared)
        result.append(folder + QLatin1String("/hunspell"));
    result.append(QCoreApplication::applicationDirPath() + QLatin1String("/hunspell"));
#elif defined(Q_OS_MACOS)
    // Where macOS itself looks for Hunspell's dictionaries, and those of the bundle.
    result.append(QDir::homePath() + QLatin1String("/Library/Spelling"));
    result.append(QStringLiteral("/Library/Spelling"));
    for (const QString &folder : shared)
        result.append(folder + QLatin1String("/hunspell"));
    result.append(QCoreApplication::applicationDirPath() + QLatin1String("/../Resources/hunspell"));
#else
    for (const QString &folder : shared)
        result.append(folder + QLatin1String("/hunspell"));
    for (const QString &folder : shared) // older distributions
        result.append(folder + QLatin1String("/myspell/dicts"));
#endif
    return result;
}

} // namespace kittiwake::spell
