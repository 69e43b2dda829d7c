// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/verify/verifytext.h"

#include "ui/widgets/safetext.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

using engine::FieldDifference;
using engine::MailboxVerdict;
using engine::MessageDifference;

constexpr std::size_t mostRanges = 50; // of a list of UIDs, which is for people
constexpr std::size_t mostDetails = 200; // of messages with their values, for each mailbox
constexpr int mostValue = 120; // characters of a value

QString counted(const char *text, std::int64_t count)
{
    const int number = static_cast<int>(std::min<std::int64_t>(count, 1000000000));
    return QCoreApplication::translate("ui::verify", text, nullptr, number);
}

QString said(const char *text)
{
    return QCoreApplication::translate("ui::verify", text);
}

/** "4, 7–9, 12": numbers of the server, so without the locale's grouping. */
QString uidText(const sync::UidList &list)
{
    QStringList parts;
    for (const store::UidRange &range : list.ranges) {
        if (parts.size() == static_cast<qsizetype>(mostRanges)) {
            parts.append(QStringLiteral("…"));
            break;
        }
        const QString first = QString::number(range.first.value());
        parts.append(range.first == range.last ? first
                                               : QString(first + QChar(0x2013) + QString::number(range.last.value())));
    }
    return parts.join(QStringLiteral(", "));
}

QString fieldText(const FieldDifference &field)
{
    const auto value
        = [](const QString &text) { return text.isEmpty() ? QString(QChar(0x2014)) : isolated(text, mostValue); };
    return QCoreApplication::translate("ui::verify", "%1: here %2, on the server %3")
        .arg(field.field, value(field.here), value(field.there));
}

/** "3 messages …", their UIDs, and what is known of each that is of this kind. */
void addKind(std::vector<VerifyLine> &lines, const MailboxVerdict &verdict, const QString &text,
             const sync::UidList &list, MessageDifference::Kind kind)
{
    if (list.count == 0)
        return;
    VerifyLine line{text, {}};
    line.details.push_back({QCoreApplication::translate("ui::verify", "UID %1").arg(uidText(list)), {}});
    for (const MessageDifference &difference : verdict.differences) {
        if (difference.kind != kind || difference.fields.empty())
            continue;
        if (line.details.size() > mostDetails) {
            line.details.push_back({QStringLiteral("…"), {}});
            break;
        }
        VerifyLine message{QCoreApplication::translate("ui::verify", "UID %1").arg(difference.uid.value()), {}};
        for (const FieldDifference &field : difference.fields)
            message.details.push_back({fieldText(field), {}});
        line.details.push_back(message);
    }
    lines.push_back(line);
}

QString stateText(const MailboxVerdict &verdict)
{
    switch (verdict.state) {
    case MailboxVerdict::State::Compared:
        return {};
    case MailboxVerdict::State::NotHere:
        return said(QT_TRANSLATE_NOOP("ui::verify", "The server has this folder; this computer does not know it yet."));
    case MailboxVerdict::State::NotThere:
        return said(QT_TRANSLATE_NOOP("ui::verify", "This folder is no longer on the server."));
    case MailboxVerdict::State::Renumbered:
        return said(QT_TRANSLATE_NOOP("ui::verify", "The server has numbered this folder's messages anew."));
    case MailboxVerdict::State::NotOpened:
        return verdict.error ? verdict.error->userText
                             : said(QT_TRANSLATE_NOOP("ui::verify", "The server did not open this folder."));
    }
    return {};
}

std::vector<VerifyLine> detailsOf(const MailboxVerdict &verdict)
{
    std::vector<VerifyLine> lines;
    if (const QString state = stateText(verdict); !state.isEmpty())
        lines.push_back({state, {}});
    using Kind = MessageDifference::Kind;
    addKind(
        lines, verdict,
        counted(QT_TRANSLATE_N_NOOP("ui::verify", "%Ln message(s) of the server are not here"), verdict.missing.count),
        verdict.missing, Kind::Missing);
    addKind(lines, verdict,
            counted(QT_TRANSLATE_N_NOOP("ui::verify", "%Ln message(s) shown here are gone on the server"),
                    verdict.extra.count),
            verdict.extra, Kind::Extra);
    addKind(lines, verdict,
            counted(QT_TRANSLATE_N_NOOP("ui::verify", "%Ln message(s) have other flags on the server"),
                    verdict.flagsDiffer.count),
            verdict.flagsDiffer, Kind::Flags);
    addKind(lines, verdict,
            counted(QT_TRANSLATE_N_NOOP("ui::verify", "%Ln message(s) are damaged here"), verdict.fieldsDiffer.count),
            verdict.fieldsDiffer, Kind::Fields);
    for (const FieldDifference &field : verdict.mailboxFields)
        lines.push_back({fieldText(field), {}});
    if (verdict.unreadable.count > 0) {
        lines.push_back({counted(QT_TRANSLATE_N_NOOP("ui::verify", "The server told nothing of %Ln message(s)"),
                                 verdict.unreadable.count),
                         {{QCoreApplication::translate("ui::verify", "UID %1").arg(uidText(verdict.unreadable)), {}}}});
    }
    return lines;
}

} // namespace

bool isInOrder(const engine::VerifyReport &report)
{
    return std::all_of(report.mailboxes.begin(), report.mailboxes.end(),
                       [](const MailboxVerdict &verdict) { return verdict.isOk(); });
}

QString verifySummary(const engine::VerifyReport &report)
{
    const QString compared
        = counted(QT_TRANSLATE_N_NOOP("ui::verify", "Compared %Ln message(s) with the server."), report.messages);
    const auto wrong = std::count_if(report.mailboxes.begin(), report.mailboxes.end(),
                                     [](const MailboxVerdict &verdict) { return !verdict.isOk(); });
    const auto repaired = std::count_if(report.mailboxes.begin(), report.mailboxes.end(),
                                        [](const MailboxVerdict &verdict) { return verdict.repaired; });
    QStringList sentences{compared};
    if (repaired > 0)
        sentences.append(counted(QT_TRANSLATE_N_NOOP("ui::verify", "%Ln folder(s) were repaired."), repaired));
    if (wrong > 0)
        sentences.append(counted(QT_TRANSLATE_N_NOOP("ui::verify", "%Ln folder(s) are not as on the server."), wrong));
    else
        sentences.append(said(QT_TRANSLATE_NOOP("ui::verify", "Everything is as on the server.")));
    return sentences.join(QLatin1Char(' '));
}

std::vector<VerifyLine> verifyLines(const engine::VerifyReport &report)
{
    std::vector<VerifyLine> lines;
    for (const MailboxVerdict &verdict : report.mailboxes) {
        std::vector<VerifyLine> details = detailsOf(verdict);
        if (details.empty())
            continue;
        QString name = isolated(verdict.name, 200);
        if (verdict.repaired)
            name = QCoreApplication::translate("ui::verify", "%1 (repaired)").arg(name);
        lines.push_back({name, std::move(details)});
    }
    return lines;
}

} // namespace kittiwake::ui
