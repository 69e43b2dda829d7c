// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spell/spellchecker.h"

#include "core/spell/words.h"

#include <QFile>
#include <QLocale>
#include <QMutexLocker>
#include <QStringConverter>

#include <hunspell.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace kittiwake::spell
{

namespace
{

/** The letters of a language; Script_Unknown: several, or not known. */
QChar::Script scriptOf(const QString &language)
{
    constexpr std::pair<QLocale::Script, QChar::Script> scripts[]{
        {QLocale::LatinScript, QChar::Script_Latin},       {QLocale::CyrillicScript, QChar::Script_Cyrillic},
        {QLocale::GreekScript, QChar::Script_Greek},       {QLocale::ArabicScript, QChar::Script_Arabic},
        {QLocale::HebrewScript, QChar::Script_Hebrew},     {QLocale::ArmenianScript, QChar::Script_Armenian},
        {QLocale::GeorgianScript, QChar::Script_Georgian}, {QLocale::DevanagariScript, QChar::Script_Devanagari},
        {QLocale::HangulScript, QChar::Script_Hangul},     {QLocale::BengaliScript, QChar::Script_Bengali},
        {QLocale::TamilScript, QChar::Script_Tamil},       {QLocale::TeluguScript, QChar::Script_Telugu}};
    const QLocale locale(language);
    if (locale.language() == QLocale::C)
        return QChar::Script_Unknown;
    for (const auto &[known, script] : scripts) {
        if (known == locale.script())
            return script;
    }
    return QChar::Script_Unknown;
}

QChar::Script scriptOfWord(QStringView word)
{
    for (const char32_t code : word.toUcs4()) {
        if (QChar::isLetter(code))
            return QChar::script(code);
    }
    return QChar::Script_Unknown;
}

} // namespace

/** One dictionary in memory. */
class SpellChecker::Language
{
public:
    explicit Language(const Dictionary &dictionary)
        : m_handle(Hunspell_create(QFile::encodeName(dictionary.affixes).constData(),
                                   QFile::encodeName(dictionary.words).constData())),
          m_script(scriptOf(dictionary.language))
    {
        QByteArray name = m_handle == nullptr ? QByteArray() : QByteArray(Hunspell_get_dic_encoding(m_handle));
        if (name.startsWith("microsoft-")) // Hunspell's own word for "windows-"
            name = name.mid(10);
        m_encoder = QStringEncoder(name.constData());
        m_decoder = QStringDecoder(name.constData());
    }
    ~Language()
    {
        if (m_handle != nullptr)
            Hunspell_destroy(m_handle);
    }
    Language(const Language &) = delete;
    Language &operator=(const Language &) = delete;

    /** Nothing: not for this one to say. */
    std::optional<bool> isRight(const QString &word)
    {
        const QByteArray bytes = encoded(word);
        if (bytes.isEmpty())
            return std::nullopt;
        return Hunspell_spell(m_handle, bytes.constData()) != 0;
    }

    QStringList suggestions(const QString &word)
    {
        QStringList result;
        const QByteArray bytes = encoded(word);
        if (bytes.isEmpty())
            return result;
        char **list = nullptr;
        const int count = Hunspell_suggest(m_handle, &list, bytes.constData());
        for (int i = 0; i < count; ++i)
            result.append(m_decoder.decode(QByteArrayView(list[i])));
        Hunspell_free_list(m_handle, &list, count);
        return result;
    }

private:
    [[nodiscard]] QByteArray encoded(const QString &word)
    {
        if (m_handle == nullptr || !m_encoder.isValid() || !m_decoder.isValid())
            return {};
        const QChar::Script script = scriptOfWord(word);
        const bool isForeign = m_script != QChar::Script_Unknown && script != m_script && script != QChar::Script_Common
            && script != QChar::Script_Inherited;
        if (isForeign)
            return {};
        m_encoder.resetState();
        const QByteArray bytes = m_encoder.encode(word);
        return m_encoder.hasError() ? QByteArray() : bytes;
    }

    Hunhandle *m_handle;
    QChar::Script m_script;
    QStringEncoder m_encoder;
    QStringDecoder m_decoder;
};

SpellChecker::SpellChecker(std::vector<Dictionary> dictionaries) : m_dictionaries(std::move(dictionaries)) { }

SpellChecker::~SpellChecker() = default;

std::vector<SpellChecker::Language *> SpellChecker::loaded(const QStringList &languages)
{
    std::vector<Language *> result;
    for (const QString &language : languages) {
        const auto found = std::find_if(m_dictionaries.begin(), m_dictionaries.end(),
                                        [&language](const Dictionary &one) { return one.isFor(language); });
        if (found == m_dictionaries.end())
            continue;
        std::unique_ptr<Language> &one = m_languages[found->language];
        if (one == nullptr)
            one = std::make_unique<Language>(*found);
        result.push_back(one.get());
    }
    return result;
}

std::vector<bool> SpellChecker::areRight(const QStringList &words, const QStringList &languages)
{
    const QMutexLocker lock(&m_mutex);
    const std::vector<Language *> judges = loaded(languages);
    std::vector<bool> result;
    result.reserve(static_cast<std::size_t>(words.size()));
    for (const QString &word : words) {
        const QString form = dictionaryForm(word);
        bool isJudged = false;
        bool isRight = false;
        for (Language *judge : judges) {
            const std::optional<bool> verdict = judge->isRight(form);
            isJudged = isJudged || verdict.has_value();
            isRight = isRight || verdict.value_or(false);
            if (isRight)
                break;
        }
        result.push_back(isRight || !isJudged);
    }
    return result;
}

QStringList SpellChecker::suggestions(const QString &word, const QStringList &languages, qsizetype most)
{
    const QMutexLocker lock(&m_mutex);
    std::vector<QStringList> all;
    for (Language *judge : loaded(languages))
        all.push_back(judge->suggestions(dictionaryForm(word)));
    QStringList result;
    for (qsizetype i = 0; i < most && result.size() < most; ++i) {
        for (const QStringList &of : all) {
            if (i < of.size() && result.size() < most && !result.contains(of[i]))
                result.append(of[i]);
        }
    }
    return result;
}

} // namespace kittiwake::spell
