// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spell/spellchecker.h"
#include "ui/composer/composerbackend.h"

#include <QFuture>
#include <QHash>
#include <QObject>
#include <QSet>

#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::ui
{

/** A language that can be checked, for menus. */
struct SpellLanguage {
    QString name; ///< "de_DE"
    QString title; ///< "Deutsch (Deutschland)"

    bool operator==(const SpellLanguage &) const = default;
};

/**
 * The spell checker of all composers: which languages there are, what is known of words, what the person has taught it.
 * Dictionaries are looked for, read and asked in worker threads; this one remembers the answers. UI thread.
 */
class Spelling final : public QObject
{
    Q_OBJECT

public:
    /** backend keeps what the person teaches, and must live longer. */
    Spelling(ComposerBackend &backend, const QStringList &folders, QObject *parent = nullptr);

    /** Empty before ready(), and where nothing is installed. */
    [[nodiscard]] const std::vector<SpellLanguage> &languages() const { return m_languages; }
    [[nodiscard]] bool isReady() const { return m_checker != nullptr; }
    /** For somebody of whom nothing is known: what the system speaks, as far as there is a dictionary. */
    [[nodiscard]] QStringList usualLanguages() const;
    /** Those of them for which there is a dictionary, by its name. */
    [[nodiscard]] QStringList available(const QStringList &languages) const;

    /** Whether a word is right, as far as that is known already. */
    [[nodiscard]] std::optional<bool> verdict(const QString &word, const QStringList &languages) const;
    /** Finds that out; changed() follows. */
    void ask(const QStringList &words, const QStringList &languages);
    [[nodiscard]] QFuture<QStringList> suggestions(const QString &word, const QStringList &languages) const;

    /** The person has taught it that word, as it is or with a small letter. */
    [[nodiscard]] bool isTaught(const QString &word) const;
    /** Holds at once; failed() tells where it could not be kept. */
    void setTaught(const QString &word, bool known);

Q_SIGNALS:
    void ready();
    /** Words are judged now that were not, or otherwise. */
    void changed();
    void failed(const QString &sentence);

private:
    using Verdicts = QHash<QString, bool>;

    ComposerBackend &m_backend;
    std::shared_ptr<spell::SpellChecker> m_checker;
    std::vector<SpellLanguage> m_languages;
    QHash<QString, Verdicts> m_verdicts; ///< by languages
    QSet<QString> m_asked; ///< languages and word
    QSet<QString> m_taught;
};

} // namespace kittiwake::ui
