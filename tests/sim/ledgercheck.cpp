// SPDX-License-Identifier: GPL-3.0-or-later
// Whether everything is where it must be.
#include "tests/sim/ledger.h"
#include "tests/sim/sets.h"

#include <algorithm>

namespace kittiwake::sim
{

namespace
{

const std::string deleted = "\\Deleted";

} // namespace

QString Ledger::nameOf(const model::Content &content)
{
    return QString::fromStdString(content.field("Message-ID"));
}

bool Ledger::mayLeave(const model::Content &content) const
{
    const auto found = m_subjects.find(&content);
    return found != m_subjects.end() && found->second.mayLeave;
}

bool Ledger::isMarked(const model::Content &content, std::uint64_t box) const
{
    const auto found = m_subjects.find(&content);
    return found != m_subjects.end() && found->second.everMarked.contains(box);
}

bool Ledger::hasMarked(const Subject &subject, std::uint64_t box, std::uint32_t uid)
{
    const auto marked = subject.marked.find(box);
    return marked != subject.marked.end() && marked->second.contains(uid);
}

QString Ledger::wrongToShow(const model::Content &content, std::uint64_t box, const std::set<std::string> &flags) const
{
    const auto found = m_subjects.find(&content);
    if (found == m_subjects.end() || found->second.isTouched || found->second.isVague || found->second.mayFlicker)
        return {};
    const Subject &subject = found->second;
    const Place *place = nullptr;
    for (const Place &one : subject.expected) {
        if (one.box == box)
            place = &one;
    }
    // Where nothing can be expunged alone, what was moved may come to light again: docs/testing.md.
    if (place == nullptr && (isMarked(content, box) || isAmbiguous(subject)))
        return {};
    if (place == nullptr)
        return QStringLiteral("%1 is shown where the person has taken it away").arg(nameOf(content));
    if (subject.expected.size() > 1
        || without(flags, subject.touchedFlags) == without(place->flags, subject.touchedFlags))
        return {};
    return QStringLiteral("%1 is shown with {%2}, and the person made it {%3}")
        .arg(nameOf(content), listed(flags), listed(place->flags));
}

QStringList Ledger::check(const std::set<const model::Content *> &parked) const
{
    std::map<const model::Content *, std::vector<Place>> there;
    for (const auto &[name, mailbox] : m_mail.mailboxes()) {
        for (const model::Message &message : mailbox->messages) {
            const auto known = m_subjects.find(message.content.get());
            // Another copy may have come with the mark of somebody else.
            const bool isHidden = message.flags.contains(deleted) && known != m_subjects.end()
                && hasMarked(known->second, mailbox->serial, message.uid);
            if (!isHidden)
                there[message.content.get()].push_back({mailbox->serial, message.flags});
        }
    }
    QStringList found;
    for (const auto &[content, subject] : m_subjects)
        checkSubject(subject, parked.contains(content), there[content], found);
    while (found.size() > 5)
        found.removeLast();
    return found;
}

void Ledger::checkSubject(const Subject &subject, bool isParked, const std::vector<Place> &there,
                          QStringList &found) const
{
    const auto live = static_cast<std::int64_t>(there.size());
    const auto wrong = [&](const QString &what) { found.append(nameOf(*subject.content) + QLatin1Char(' ') + what); };
    const std::int64_t most = subject.most + subject.slack + (isParked ? 1 : 0);
    if (live > most)
        wrong(
            QStringLiteral("is there %1 times, and may be %2 times").arg(QString::number(live), QString::number(most)));
    if (live < subject.least - (isParked ? subject.put : 0) && !(isParked && live > 0))
        wrong(QStringLiteral("is there %1 times, and nobody deleted it (%2)")
                  .arg(QString::number(live), QString::number(subject.least)));
    if (isParked || subject.isVague || subject.isTouched || isAmbiguous(subject))
        return;
    ++m_exactlyChecked;
    std::vector<Place> missing = subject.expected;
    for (const Place &place : there) {
        const auto same = std::find_if(missing.begin(), missing.end(), [&](const Place &one) {
            return one.box == place.box
                && without(one.flags, subject.touchedFlags) == without(place.flags, subject.touchedFlags);
        });
        if (same != missing.end()) {
            missing.erase(same);
            continue;
        }
        const auto here
            = std::find_if(missing.begin(), missing.end(), [&](const Place &one) { return one.box == place.box; });
        if (here == missing.end())
            return wrong(
                QStringLiteral("is in “%1”, and the person did not put it there").arg(listed(m_names.at(place.box))));
        wrong(QStringLiteral("has {%1}, and the person made it {%2}").arg(listed(place.flags), listed(here->flags)));
        missing.erase(here);
    }
    for (const Place &place : missing)
        wrong(QStringLiteral("is not in “%1”, where the person put it").arg(listed(m_names.at(place.box))));
}

} // namespace kittiwake::sim
