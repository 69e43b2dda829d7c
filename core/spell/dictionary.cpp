// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spell/dictionary.h"

#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QRegularExpression>

#include <algorithm>

namespace kittiwake::spell
{

namespace
{

constexpr std::size_t mostDictionaries = 300;

bool isLanguage(const QString &name)
{
    static const QRegularExpression form(QStringLiteral("^[a-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}$"));
    return form.match(name).hasMatch();
}

} // namespace

std::vector<Dictionary> findDictionaries(const QStringList &folders)
{
    std::vector<Dictionary> result;
    QHash<QString, std::size_t> byFile; // the real .dic -> which one
    for (const QString &folder : folders) {
        const QFileInfoList files
            = QDir(folder).entryInfoList({QStringLiteral("*.dic")}, QDir::Files | QDir::Readable, QDir::Name);
        for (const QFileInfo &file : files) {
            QString name = file.completeBaseName();
            if (!isLanguage(name))
                continue;
            name.replace(u'-', u'_');
            const QFileInfo affixes(file.dir().filePath(file.completeBaseName() + QLatin1String(".aff")));
            if (!affixes.isReadable()
                || std::any_of(result.begin(), result.end(), [&](const Dictionary &one) { return one.isFor(name); }))
                continue;
            const QString real = file.canonicalFilePath();
            const auto known = byFile.constFind(real);
            if (known == byFile.constEnd()) {
                if (result.size() >= mostDictionaries)
                    continue;
                byFile.insert(real, result.size());
                result.push_back({name, {}, affixes.absoluteFilePath(), file.absoluteFilePath()});
                continue;
            }
            Dictionary &same = result[*known];
            if (file.isSymLink() || !QFileInfo(same.words).isSymLink()) {
                same.aliases.append(name);
                continue;
            }
            // The files themselves, after a link to them: it is they that have the language's name.
            same.aliases.append(same.language);
            same.language = name;
            same.words = file.absoluteFilePath();
            same.affixes = affixes.absoluteFilePath();
        }
    }
    std::sort(result.begin(), result.end(),
              [](const Dictionary &a, const Dictionary &b) { return a.language < b.language; });
    return result;
}

QString bestDictionary(const std::vector<Dictionary> &dictionaries, const QString &language)
{
    QString wanted = language;
    wanted.replace(u'-', u'_');
    const QString bare = wanted.section(u'_', 0, 0);
    if (bare.isEmpty())
        return {};
    for (const QString &name : {wanted, bare}) {
        for (const Dictionary &one : dictionaries) {
            if (one.isFor(name))
                return one.language;
        }
    }
    // American English before that of Antigua; German of Germany: the territory that is called like the language.
    for (const QString &name : {QString(bare + u'_' + bare.toUpper()), QStringLiteral("en_US")}) {
        for (const Dictionary &one : dictionaries) {
            if (name.startsWith(bare + u'_') && one.isFor(name))
                return one.language;
        }
    }
    for (const Dictionary &one : dictionaries) {
        if (one.language.startsWith(bare + u'_'))
            return one.language;
    }
    return {};
}

} // namespace kittiwake::spell
