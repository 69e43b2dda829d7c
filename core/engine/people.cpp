// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/people.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace kittiwake::engine
{

namespace
{

constexpr std::int64_t rowsAtOnce = 20'000;
constexpr int monthSeconds = 30 * 86'400;
constexpr qsizetype longestTyped = 200;

/** Small letters without marks: "Åse" is found by "ase". */
QString folded(const QString &text)
{
    QString result;
    result.reserve(text.size());
    for (const QChar c : text.normalized(QString::NormalizationForm_D)) {
        if (!c.isMark())
            result += c;
    }
    return result.toCaseFolded();
}

/** Addresses of machines are seen often and never meant. */
bool isNobody(const QString &address)
{
    const QString local = address.section(u'@', 0, 0).toLower().remove(u'-').remove(u'_').remove(u'.');
    return local.startsWith(QLatin1String("noreply")) || local.startsWith(QLatin1String("donotreply"))
        || local.startsWith(QLatin1String("mailerdaemon")) || local.startsWith(QLatin1String("bounce"));
}

} // namespace

Result<std::shared_ptr<const People>> People::refreshed(const store::CacheReader &cache,
                                                        std::span<const AccountId> accounts,
                                                        const std::shared_ptr<const People> &known)
{
    auto result = known ? std::make_shared<People>(*known) : std::make_shared<People>();
    for (const AccountId account : accounts) {
        while (true) {
            const auto rows = cache.correspondence(account, result->m_last.value(account), rowsAtOnce);
            if (!rows)
                return failure(rows.error());
            for (const store::CorrespondenceRow &row : *rows)
                result->note(row);
            if (!rows->empty())
                result->m_last.insert(account, rows->back().id);
            if (static_cast<std::int64_t>(rows->size()) < rowsAtOnce)
                break;
        }
    }
    return std::shared_ptr<const People>(std::move(result));
}

void People::note(const store::CorrespondenceRow &row)
{
    if (row.isSent) {
        for (const mail::Address &person : row.recipients)
            add(person, true, row.date);
    } else if (!isNobody(row.author)) {
        add({row.authorName, row.author}, false, row.date);
    }
}

void People::add(const mail::Address &address, bool written, std::int64_t date)
{
    if (!address.isValid())
        return;
    const QString key = address.address.toCaseFolded();
    auto found = m_people.find(key);
    if (found == m_people.end()) {
        if (m_people.size() >= limit)
            return;
        found = m_people.insert(key, {});
        found->address = address;
        found->words.clear();
    }
    Person &person = *found;
    ++(written ? person.written : person.received);
    // People change their names; what they call themselves lately counts, and any name is better than none.
    const bool isNewer = date >= person.last;
    const bool named = !address.name.isEmpty() && address.name != address.address;
    if (person.words.isEmpty() || (named && (isNewer || person.address.name.isEmpty()))) {
        if (named)
            person.address.name = address.name;
        const qsizetype at = person.address.address.lastIndexOf(u'@');
        person.words = u' ' + folded(person.address.name).simplified().replace(u'-', u' ') + u' '
            + folded(person.address.address) + u' ' + folded(person.address.address.mid(at + 1));
    }
    person.last = std::max(person.last, date);
}

mail::AddressList People::find(const QString &typed, std::size_t most) const
{
    const QStringList words = folded(typed.left(longestTyped)).simplified().split(u' ', Qt::SkipEmptyParts);
    if (words.isEmpty())
        return {};
    QStringList wanted;
    for (const QString &word : words)
        wanted.push_back(u' ' + word);
    struct Hit {
        const Person *person;
        double rank;
    };
    std::vector<Hit> hits;
    std::int64_t newest = 0;
    for (const Person &person : m_people) {
        newest = std::max(newest, person.last);
        const bool matches = std::all_of(wanted.begin(), wanted.end(),
                                         [&person](const QString &word) { return person.words.contains(word); });
        if (matches)
            hits.push_back({&person, 0});
    }
    for (Hit &hit : hits) {
        // A letter to somebody says more than twenty from them; each three months halve what is known.
        const double weight = hit.person->written * 20.0 + std::min(hit.person->received, 200);
        const double age = static_cast<double>(newest - hit.person->last) / monthSeconds;
        hit.rank = weight * std::pow(0.5, age / 3);
    }
    const auto count = std::min(most, hits.size());
    std::partial_sort(hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(count), hits.end(),
                      [](const Hit &one, const Hit &other) {
                          return one.rank != other.rank ? one.rank > other.rank
                                                        : one.person->address.address < other.person->address.address;
                      });
    mail::AddressList result;
    for (std::size_t i = 0; i < count; ++i)
        result.push_back(hits[i].person->address);
    return result;
}

} // namespace kittiwake::engine
