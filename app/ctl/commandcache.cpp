// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/messagejson.h"

#include <QCommandLineParser>

namespace kittiwake::ctl
{

namespace
{

constexpr std::int64_t pageSize = 500;

std::optional<store::SortKey> parseSort(const QString &text)
{
    if (text.isEmpty() || text == QLatin1String("date"))
        return store::SortKey::Date;
    if (text == QLatin1String("from"))
        return store::SortKey::From;
    if (text == QLatin1String("subject"))
        return store::SortKey::Subject;
    if (text == QLatin1String("size"))
        return store::SortKey::Size;
    return std::nullopt;
}

QString messageLine(const store::MessageRow &row)
{
    const mail::MessageHeader &header = row.header;
    const QString sender = header.from.empty() ? QString() : header.from.front().shortText();
    return QStringLiteral("%1 %2%3%4 %5  %6  %7\n")
        .arg(QString::number(header.uid.value()).rightJustified(8),
             header.flags.has(mail::SystemFlag::Seen) ? QStringLiteral(" ") : QStringLiteral("*"),
             header.flags.has(mail::SystemFlag::Flagged) ? QStringLiteral("!") : QStringLiteral(" "),
             header.hasAttachment ? QStringLiteral("@") : QStringLiteral(" "), utcText(header.date),
             sender.left(24).leftJustified(24), header.subject);
}

/** Prints ids in their order, a page of rows at a time, so that memory does not grow with the mailbox. */
class ListPrinter
{
public:
    ListPrinter(Context &context, const store::CacheReader &reader) : m_context(context), m_reader(reader) { }

    void setThreadSizes(QHash<ThreadId, int> sizes) { m_threadSizes = std::move(sizes); }

    bool print(std::span<const MessageId> ids)
    {
        for (std::size_t start = 0; start < ids.size(); start += pageSize) {
            const auto page = ids.subspan(start, std::min<std::size_t>(pageSize, ids.size() - start));
            const auto rows = m_reader.rows(page);
            if (!rows) {
                m_context.fail(rows.error());
                return false;
            }
            const auto labels = m_reader.labels(page);
            if (!labels) {
                m_context.fail(labels.error());
                return false;
            }
            for (const store::MessageRow &row : *rows)
                printRow(row, labels->value(row.id));
        }
        if (m_context.json())
            m_context.printText(m_first ? QStringLiteral("[]\n") : QStringLiteral("]\n"));
        return true;
    }

private:
    void printRow(const store::MessageRow &row, const QStringList &labels)
    {
        if (!m_context.json()) {
            m_context.printText(messageLine(row));
            return;
        }
        QJsonObject object = messageJson(row);
        if (const auto size = m_threadSizes.constFind(row.thread); size != m_threadSizes.constEnd())
            object.insert(QStringLiteral("thread_messages"), *size);
        if (!labels.isEmpty())
            object.insert(QStringLiteral("labels"), QJsonArray::fromStringList(labels));
        m_context.printText((m_first ? QStringLiteral("[") : QStringLiteral(","))
                            + QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact))
                            + QLatin1Char('\n'));
        m_first = false;
    }

    Context &m_context;
    const store::CacheReader &m_reader;
    QHash<ThreadId, int> m_threadSizes;
    bool m_first = true;
};

} // namespace

void runMailboxes(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("account"), {}, QStringLiteral("id")});
    if (!context.parse(parser, arguments, 0, 0, QStringLiteral("mailboxes [--account ID|EMAIL]")))
        return;
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    const auto reader = context.openReader();
    if (!reader)
        return;
    const auto rows = reader->mailboxes(account->id);
    if (!rows)
        return context.fail(rows.error());
    if (context.json()) {
        QJsonArray list;
        for (const store::MailboxRow &row : *rows)
            list.append(mailboxJson(row));
        context.printJson(list);
    } else {
        for (const store::MailboxRow &row : *rows) {
            context.printText(QStringLiteral("%1 %2  %3%4\n")
                                  .arg(QString::number(row.messages).rightJustified(8),
                                       QString::number(row.unseen).rightJustified(6), row.name.text,
                                       row.role == mail::MailboxRole::None
                                           ? QString()
                                           : QStringLiteral("  (%1)").arg(mail::mailboxRoleName(row.role))));
        }
    }
    context.finish();
}

void runList(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    for (const char *name : {"account", "limit", "offset", "sort"})
        parser.addOption({QString::fromLatin1(name), {}, QStringLiteral("value")});
    parser.addOption({QStringLiteral("threads"), {}});
    const QString synopsis = QStringLiteral(
        "list MAILBOX [--account ID|EMAIL] [--limit N] [--offset N] [--sort date|from|subject|size] [--threads]");
    if (!context.parse(parser, arguments, 1, 1, synopsis))
        return;
    const auto number = [&](const char *name, std::int64_t otherwise) -> std::optional<std::int64_t> {
        if (!parser.isSet(QString::fromLatin1(name)))
            return otherwise;
        bool ok = false;
        const qint64 value = parser.value(QString::fromLatin1(name)).toLongLong(&ok);
        if (!ok || value < 0) {
            context.usage(QObject::tr("--%1 wants a number from 0").arg(QString::fromLatin1(name)));
            return std::nullopt;
        }
        return value;
    };
    const auto limit = number("limit", -1);
    const auto offset = limit ? number("offset", 0) : std::nullopt;
    if (!limit || !offset)
        return;
    const auto sort = parseSort(parser.value(QStringLiteral("sort")));
    if (!sort)
        return context.usage(QObject::tr("--sort is date, from, subject or size"));
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    const auto reader = context.openReader();
    if (!reader)
        return;
    const auto mailbox = context.pickMailbox(*reader, account->id, parser.positionalArguments().front());
    if (!mailbox)
        return;
    // Names and subjects sort from A; dates and sizes from the newest and the largest.
    const bool ascending = *sort == store::SortKey::From || *sort == store::SortKey::Subject;
    const bool threads = parser.isSet(QStringLiteral("threads"));
    const auto order = threads ? reader->order(mailbox->id, *sort, ascending)
                               : reader->order(mailbox->id, *sort, ascending, *limit, *offset);
    if (!order)
        return context.fail(order.error());

    ListPrinter printer(context, *reader);
    std::vector<MessageId> ids;
    if (threads) {
        // One line a conversation, at the place of its first message in this order.
        QHash<ThreadId, int> sizes;
        for (const store::OrderEntry &entry : *order) {
            if (++sizes[entry.thread] == 1)
                ids.push_back(entry.id);
        }
        const auto from = std::min<std::size_t>(static_cast<std::size_t>(*offset), ids.size());
        ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(from));
        if (*limit >= 0 && static_cast<std::size_t>(*limit) < ids.size())
            ids.resize(static_cast<std::size_t>(*limit));
        printer.setThreadSizes(std::move(sizes));
    } else {
        ids.reserve(order->size());
        for (const store::OrderEntry &entry : *order)
            ids.push_back(entry.id);
    }
    if (printer.print(ids))
        context.finish();
}

} // namespace kittiwake::ctl
