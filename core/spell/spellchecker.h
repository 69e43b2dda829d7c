// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spell/dictionary.h"

#include <QMutex>
#include <QString>
#include <QStringList>

#include <map>
#include <memory>
#include <vector>

namespace kittiwake::spell
{

/**
 * Hunspell with several languages at once: a word is right when one of them has it. Dictionaries are read when they are
 * first wanted, which takes up to half a second and some megabytes each, and stay. For any thread, one at a time: what
 * it does is for worker threads.
 */
class SpellChecker
{
public:
    explicit SpellChecker(std::vector<Dictionary> dictionaries);
    ~SpellChecker();
    SpellChecker(const SpellChecker &) = delete;
    SpellChecker &operator=(const SpellChecker &) = delete;

    [[nodiscard]] const std::vector<Dictionary> &dictionaries() const { return m_dictionaries; }

    /**
     * For each word whether it is right. So is what none of the languages can judge, because it is written in letters
     * that they do not have (a Greek word in an English text). Languages without a dictionary say nothing.
     */
    [[nodiscard]] std::vector<bool> areRight(const QStringList &words, const QStringList &languages);
    /** What may be meant, the likeliest first, of all languages by turns. */
    [[nodiscard]] QStringList suggestions(const QString &word, const QStringList &languages, qsizetype most);

private:
    class Language;

    [[nodiscard]] std::vector<Language *> loaded(const QStringList &languages);

    std::vector<Dictionary> m_dictionaries;
    QMutex m_mutex; ///< for what follows
    std::map<QString, std::unique_ptr<Language>> m_languages;
};

} // namespace kittiwake::spell
