// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/verify/rowcomparison.h"

#include <QDateTime>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

using Kind = MessageDifference::Kind;

QString flagsText(const mail::Flags &flags)
{
    return QString::fromUtf8(flags.names().join(' '));
}

QString timeText(std::int64_t seconds)
{
    const QDateTime time = QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
    // Qt writes no year beyond four digits, and a damaged row may hold any number.
    return time.isValid() && time.date().year() > 0 && time.date().year() < 10'000 ? time.toString(Qt::ISODate)
                                                                                   : QString::number(seconds);
}

QString addressText(const mail::AddressList &list)
{
    QStringList texts;
    for (const mail::Address &address : list) {
        texts.append(address.name.isEmpty()
                         ? address.address
                         : QString(address.name + QStringLiteral(" <") + address.address + QLatin1Char('>')));
    }
    return texts.join(QStringLiteral(", "));
}

void appendRanges(UidList &to, store::UidRange range)
{
    to.count += std::int64_t{range.last.value()} - range.first.value() + 1;
    if (!to.ranges.empty() && to.ranges.back().last.value() + 1 == range.first.value())
        to.ranges.back().last = range.last;
    else
        to.ranges.push_back(range);
}

} // namespace

std::vector<FieldDifference> compareHeaders(const mail::MessageHeader &here, const mail::MessageHeader &there)
{
    std::vector<FieldDifference> result;
    const auto differ = [&result](const char *field, const QString &left, const QString &right) {
        result.push_back({QString::fromLatin1(field), left, right});
    };
    if (here.flags != there.flags)
        differ("flags", flagsText(here.flags), flagsText(there.flags));
    if (here.size != there.size)
        differ("size", QString::number(here.size), QString::number(there.size));
    if (here.internalDate != there.internalDate)
        differ("internal_date", timeText(here.internalDate), timeText(there.internalDate));
    if (here.messageId != there.messageId)
        differ("message_id", QString::fromUtf8(here.messageId), QString::fromUtf8(there.messageId));
    if (here.date != there.date)
        differ("date", timeText(here.date), timeText(there.date));
    if (here.subject != there.subject)
        differ("subject", here.subject, there.subject);
    if (here.from != there.from)
        differ("from", addressText(here.from), addressText(there.from));
    if (here.to != there.to)
        differ("to", addressText(here.to), addressText(there.to));
    if (here.cc != there.cc)
        differ("cc", addressText(here.cc), addressText(there.cc));
    if (here.replyTo != there.replyTo)
        differ("reply_to", addressText(here.replyTo), addressText(there.replyTo));
    if (here.hasAttachment != there.hasAttachment)
        differ("has_attachment", QString::number(int(here.hasAttachment)), QString::number(int(there.hasAttachment)));
    return result;
}

void RowComparison::compare(std::span<const mail::MessageHeader> here, std::span<const mail::MessageHeader> there,
                            std::span<const Uid> silent)
{
    auto left = here.begin();
    auto right = there.begin();
    auto quiet = silent.begin();
    while (left != here.end() || right != there.end() || quiet != silent.end()) {
        const Uid none(UINT32_MAX);
        const bool hasLeft = left != here.end();
        const bool hasRight = right != there.end();
        const bool hasQuiet = quiet != silent.end();
        const Uid uid = std::min({hasLeft ? left->uid : none, hasRight ? right->uid : none, hasQuiet ? *quiet : none});
        const bool isHere = hasLeft && left->uid == uid;
        const bool isThere = hasRight && right->uid == uid;
        const bool isQuiet = hasQuiet && *quiet == uid;
        if (isHere && isThere) {
            auto fields = compareHeaders(*left, *right);
            if (!fields.empty()) {
                const bool onlyFlags = fields.size() == 1 && left->flags != right->flags;
                note(uid, onlyFlags ? Kind::Flags : Kind::Fields, std::move(fields));
            }
        } else if (isThere) {
            note(uid, Kind::Missing, {});
        } else if (isQuiet) {
            m_unreadable.add(uid);
        } else {
            note(uid, Kind::Extra, {});
        }
        left += isHere ? 1 : 0;
        right += isThere ? 1 : 0;
        quiet += isQuiet ? 1 : 0;
    }
}

void RowComparison::addMissing(store::UidRange range)
{
    appendRanges(m_missing, range);
}

void RowComparison::note(Uid uid, Kind kind, std::vector<FieldDifference> fields)
{
    UidList &list = kind == Kind::Missing ? m_missing
        : kind == Kind::Extra             ? m_extra
        : kind == Kind::Flags             ? m_flagsDiffer
                                          : m_fieldsDiffer;
    list.add(uid);
    if (m_listed.size() < MailboxVerdict::mostListed)
        m_listed.push_back({uid, kind, std::move(fields)});
}

std::int64_t RowComparison::count() const
{
    return m_missing.count + m_extra.count + m_flagsDiffer.count + m_fieldsDiffer.count;
}

bool RowComparison::isEqual() const
{
    return count() == 0;
}

std::vector<Uid> RowComparison::suspects(std::size_t limit) const
{
    std::vector<Uid> result;
    for (const UidList *list : {&m_missing, &m_extra, &m_flagsDiffer, &m_fieldsDiffer, &m_unreadable}) {
        for (const store::UidRange &range : list->ranges) {
            for (std::uint64_t uid = range.first.value(); uid <= range.last.value() && result.size() < limit; ++uid)
                result.emplace_back(static_cast<std::uint32_t>(uid));
        }
    }
    std::sort(result.begin(), result.end());
    return result;
}

void RowComparison::deliver(MailboxVerdict &verdict)
{
    verdict.missing = std::move(m_missing);
    verdict.extra = std::move(m_extra);
    verdict.flagsDiffer = std::move(m_flagsDiffer);
    verdict.fieldsDiffer = std::move(m_fieldsDiffer);
    verdict.unreadable = std::move(m_unreadable);
    verdict.differences = std::move(m_listed);
}

} // namespace kittiwake::sync
