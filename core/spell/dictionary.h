// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>
#include <QStringList>

#include <vector>

namespace kittiwake::spell
{

/** Words of one language, as two files of Hunspell's. */
struct Dictionary {
    QString language; ///< as its files are called: "de_DE", "fr", "sr_Latn_RS"
    QStringList aliases; ///< other names of the same files: "de_LU"
    QString affixes; ///< path of the .aff
    QString words; ///< path of the .dic

    [[nodiscard]] bool isFor(const QString &name) const { return language == name || aliases.contains(name); }
    bool operator==(const Dictionary &) const = default;
};

/**
 * Those in these folders, sorted by language; of two for one language that in the earlier folder. Links to the same
 * files are one dictionary. Files that are called like no language are left out, and so is what comes after 300.
 */
[[nodiscard]] std::vector<Dictionary> findDictionaries(const QStringList &folders);

/**
 * The dictionary that suits a language best: "de-AT" or "de_AT" gets de_AT, else de, else any other German. Empty:
 * there is none.
 */
[[nodiscard]] QString bestDictionary(const std::vector<Dictionary> &dictionaries, const QString &language);

} // namespace kittiwake::spell
