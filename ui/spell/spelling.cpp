// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/spell/spelling.h"

#include "core/spell/words.h"
#include "ui/widgets/inworker.h"

#include <QLocale>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

/** Of all texts that were looked at together; then it begins anew. */
constexpr qsizetype mostVerdicts = 100'000;
constexpr qsizetype mostSuggestions = 6;

QString keyOf(const QStringList &languages)
{
    return languages.join(u' ');
}

QString titleOf(const QString &language)
{
    const QLocale locale(language);
    if (locale.language() == QLocale::C)
        return language;
    QString title = locale.nativeLanguageName();
    if (title.isEmpty())
        title = QLocale::languageToString(locale.language());
    title[0] = title[0].toUpper();
    if (!language.contains(u'_'))
        return title;
    const QString territory = locale.nativeTerritoryName();
    return Spelling::tr("%1 (%2)", "a language, the country where it is spoken so").arg(title, territory);
}

} // namespace

Spelling::Spelling(ComposerBackend &backend, const QStringList &folders, QObject *parent)
    : QObject(parent), m_backend(backend)
{
    inWorker([folders] {
        return spell::findDictionaries(folders);
    }).then(this, [this](const std::vector<spell::Dictionary> &found) {
        m_checker = std::make_shared<spell::SpellChecker>(found);
        for (const spell::Dictionary &one : found)
            m_languages.push_back({one.language, titleOf(one.language)});
        std::sort(m_languages.begin(), m_languages.end(), [](const SpellLanguage &a, const SpellLanguage &b) {
            return QString::localeAwareCompare(a.title, b.title) < 0;
        });
        Q_EMIT ready();
    });
    m_backend.knownWords().then(this, [this](const Result<QStringList> &words) {
        if (!words)
            return;
        m_taught.unite(QSet<QString>(words->begin(), words->end()));
        Q_EMIT changed();
    });
}

QStringList Spelling::available(const QStringList &languages) const
{
    QStringList result;
    if (m_checker == nullptr)
        return result;
    for (const QString &language : languages) {
        const QString found = spell::bestDictionary(m_checker->dictionaries(), language);
        if (!found.isEmpty() && !result.contains(found))
            result.append(found);
    }
    return result;
}

QStringList Spelling::usualLanguages() const
{
    // "uiLanguages" has the same language several times, most exact first.
    return available(QLocale().uiLanguages()).mid(0, 1);
}

std::optional<bool> Spelling::verdict(const QString &word, const QStringList &languages) const
{
    if (languages.isEmpty() || isTaught(word))
        return true;
    const auto known = m_verdicts.constFind(keyOf(languages));
    if (known == m_verdicts.constEnd())
        return std::nullopt;
    const auto found = known->constFind(word);
    return found == known->constEnd() ? std::nullopt : std::optional(*found);
}

void Spelling::ask(const QStringList &words, const QStringList &languages)
{
    if (m_checker == nullptr)
        return;
    const QString key = keyOf(languages);
    QStringList wanted;
    for (const QString &word : words) {
        const QString mark = key + u'\n' + word;
        if (m_asked.contains(mark))
            continue;
        m_asked.insert(mark);
        wanted.append(word);
    }
    if (wanted.isEmpty())
        return;
    inWorker([checker = m_checker, wanted, languages] {
        return checker->areRight(wanted, languages);
    }).then(this, [this, wanted, key](const std::vector<bool> &right) {
        Verdicts &verdicts = m_verdicts[key];
        if (verdicts.size() > mostVerdicts)
            verdicts.clear();
        for (qsizetype i = 0; i < wanted.size(); ++i) {
            verdicts.insert(wanted[i], right[static_cast<std::size_t>(i)]);
            m_asked.remove(key + u'\n' + wanted[i]);
        }
        Q_EMIT changed();
    });
}

QFuture<QStringList> Spelling::suggestions(const QString &word, const QStringList &languages) const
{
    if (m_checker == nullptr)
        return answered(QStringList());
    return inWorker(
        [checker = m_checker, word, languages] { return checker->suggestions(word, languages, mostSuggestions); });
}

bool Spelling::isTaught(const QString &word) const
{
    if (m_taught.isEmpty())
        return false;
    const QString form = spell::dictionaryForm(word);
    if (m_taught.contains(form))
        return true;
    // "kittiwake" at the beginning of a sentence, and in capitals; "Kittiwake" is a name.
    const bool isCapitals = form == form.toUpper();
    QString small = form;
    if (!small.isEmpty())
        small[0] = small[0].toLower();
    if (m_taught.contains(small) || (isCapitals && m_taught.contains(form.toLower())))
        return true;
    QString name = form.toLower();
    if (!name.isEmpty())
        name[0] = name[0].toUpper();
    return isCapitals && m_taught.contains(name);
}

void Spelling::setTaught(const QString &word, bool known)
{
    const QString form = spell::dictionaryForm(word);
    if (known)
        m_taught.insert(form);
    else
        m_taught.remove(form);
    m_backend.setKnownWord(form, known).then(this, [this](const Result<void> &kept) {
        if (!kept)
            Q_EMIT failed(kept.error().userText);
    });
    Q_EMIT changed();
}

} // namespace kittiwake::ui
