// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/pendingstoreprivate.h"

#include <QDateTime>

/** Words that the person has taught the spell checker: what somebody writes about is in them. */
namespace kittiwake::store
{

namespace
{

constexpr qsizetype longestWord = 100;
constexpr std::int64_t mostWords = 20'000;

} // namespace

Result<QStringList> PendingStore::knownWords() const
{
    auto statement = d->database->prepare("SELECT word FROM known_word ORDER BY word");
    if (!statement)
        return failure(std::move(statement.error()));
    auto words = statement->all([](const Statement &row) { return row.text(0); });
    if (!words)
        return failure(std::move(words.error()));
    return QStringList(words->begin(), words->end());
}

Result<void> PendingStore::setKnownWord(const QString &word, bool known)
{
    if (word.isEmpty() || word.size() > longestWord)
        return unusablePending(QStringLiteral("a word of %1 letters").arg(word.size()));
    if (!known) {
        auto statement = d->database->prepare("DELETE FROM known_word WHERE word = ?1");
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bind(1, word);
        return statement->run();
    }
    // The oldest make room: nobody adds so many by hand.
    auto statement = d->database->prepare("INSERT INTO known_word (word, added_at) VALUES (?1, ?2) "
                                          "ON CONFLICT (word) DO NOTHING");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, word);
    statement->bind(2, QDateTime::currentMSecsSinceEpoch());
    if (auto added = statement->run(); !added)
        return added;
    auto trimmed = d->database->prepare("DELETE FROM known_word WHERE word IN (SELECT word FROM known_word "
                                        "ORDER BY added_at DESC, word LIMIT -1 OFFSET ?1)");
    if (!trimmed)
        return failure(std::move(trimmed.error()));
    trimmed->bind(1, mostWords);
    return trimmed->run();
}

} // namespace kittiwake::store
