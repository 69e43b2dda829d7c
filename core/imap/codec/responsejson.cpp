// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/responsejson.h"

#include "core/imap/codec/bodyjson.h"
#include "core/imap/codec/codejson.h"
#include "core/imap/codec/fragmenter.h"
#include "core/imap/codec/listattributes.h"
#include "core/imap/codec/responseparser.h"

#include <QJsonArray>

#include <algorithm>
#include <set>

namespace kittiwake::imap
{

namespace
{

void putMailbox(QJsonObject &object, const mail::MailboxName &name)
{
    object[u"mailbox"] = name.text;
    if (!name.wire.isEmpty())
        object[u"wire"] = bytesJson(name.wire);
}

QJsonValue delimiterJson(QChar delimiter)
{
    return delimiter.isNull() ? QJsonValue() : QJsonValue(QString(delimiter));
}

class Describer
{
public:
    QJsonObject object;

    void operator()(const StatusResponse &status)
    {
        constexpr const char *names[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
        type("status");
        object[u"status"] = QString::fromLatin1(names[static_cast<int>(status.kind)]);
        if (status.isTagged())
            object[u"tag"] = bytesJson(status.tag);
        if (!std::holds_alternative<std::monostate>(status.code))
            object[u"code"] = codeJson(status.code);
        object[u"text"] = bytesJson(status.text);
    }
    void operator()(const ContinuationRequest &request)
    {
        type("continuation");
        object[u"text"] = bytesJson(request.text);
    }
    void operator()(const CapabilityData &data)
    {
        type("capability");
        object[u"names"] = textsJson(data.names);
    }
    void operator()(const EnabledData &data)
    {
        type("enabled");
        object[u"names"] = textsJson(data.names);
    }
    void operator()(const ListData &data);
    void operator()(const MailboxStatusData &data);
    void operator()(const SearchData &data)
    {
        type("search");
        object[u"numbers"] = setText(data.numbers);
        object[u"count"] = numberJson(data.numbers.count());
        modseq(data.modseq);
    }
    void operator()(const ESearchData &data);
    void operator()(const SortData &data)
    {
        type("sort");
        QJsonArray numbers;
        for (const std::uint32_t number : data.numbers)
            numbers.append(qint64{number});
        object[u"numbers"] = numbers;
        modseq(data.modseq);
    }
    void operator()(const ThreadData &data)
    {
        type("thread");
        object[u"text"] = bytesJson(data.text);
    }
    void operator()(const FlagsData &data)
    {
        type("flags");
        object[u"flags"] = flagsJson(data.flags);
    }
    void operator()(const ExistsData &data)
    {
        type("exists");
        object[u"count"] = qint64{data.count};
    }
    void operator()(const RecentData &data)
    {
        type("recent");
        object[u"count"] = qint64{data.count};
    }
    void operator()(const ExpungeData &data)
    {
        type("expunge");
        object[u"sequence"] = qint64{data.sequence};
    }
    void operator()(const VanishedData &data)
    {
        type("vanished");
        object[u"earlier"] = data.earlier;
        object[u"uids"] = setText(data.uids.numbers());
    }
    void operator()(const FetchData &data);
    void operator()(const NamespaceData &data)
    {
        type("namespace");
        object[u"personal"] = entries(data.personal);
        object[u"other_users"] = entries(data.otherUsers);
        object[u"shared"] = entries(data.shared);
    }
    void operator()(const IdData &data)
    {
        type("id");
        QJsonObject fields;
        for (const auto &[name, value] : data.fields)
            fields[QString::fromUtf8(name)] = bytesJson(value);
        object[u"fields"] = fields;
    }
    void operator()(const QuotaData &data)
    {
        type("quota");
        object[u"root"] = bytesJson(data.root);
        QJsonArray resources;
        for (const QuotaData::Resource &each : data.resources) {
            resources.append(QJsonObject{{QStringLiteral("name"), bytesJson(each.name)},
                                         {QStringLiteral("usage"), numberJson(each.usage)},
                                         {QStringLiteral("limit"), numberJson(each.limit)}});
        }
        object[u"resources"] = resources;
    }
    void operator()(const QuotaRootData &data)
    {
        type("quota_root");
        putMailbox(object, data.mailbox);
        object[u"roots"] = textsJson(data.roots);
    }
    void operator()(const UnknownData &data)
    {
        type("unknown");
        object[u"text"] = bytesJson(data.text);
        object[u"untagged"] = data.untagged;
    }
    void operator()(const Rejected &data)
    {
        type("rejected");
        object[u"why"] = QString::fromUtf8(data.why);
        object[u"position"] = data.position;
        object[u"head"] = bytesJson(data.head);
    }

private:
    void type(const char *name) { object[u"type"] = QString::fromLatin1(name); }
    void modseq(ModSeq value)
    {
        if (value.isValid())
            object[u"modseq"] = numberJson(value.value());
    }
    template <typename Number>
    void optionalNumber(QStringView name, const std::optional<Number> &value)
    {
        if (value)
            object[name] = numberJson(*value);
    }
    static QJsonArray entries(const std::vector<NamespaceData::Entry> &list)
    {
        QJsonArray array;
        for (const NamespaceData::Entry &entry : list) {
            array.append(QJsonObject{{QStringLiteral("prefix"), entry.prefix.text},
                                     {QStringLiteral("delimiter"), delimiterJson(entry.delimiter)}});
        }
        return array;
    }
};

void Describer::operator()(const ListData &data)
{
    type(data.kind == ListData::Kind::List ? "list" : data.kind == ListData::Kind::Lsub ? "lsub" : "xlist");
    QJsonArray attributes;
    std::set<ListAttribute> told;
    for (const ListAttributeName &known : listAttributeNames) {
        if (data.attributes.has(known.attribute) && told.insert(known.attribute).second)
            attributes.append(QString(u'\\' + QLatin1String(known.spelled)));
    }
    for (const QByteArray &other : data.otherAttributes)
        attributes.append(bytesJson(other));
    object[u"attributes"] = attributes;
    object[u"delimiter"] = delimiterJson(data.delimiter);
    putMailbox(object, data.mailbox);
    if (data.oldName)
        object[u"old_name"] = data.oldName->text;
    if (!data.childInfo.isEmpty())
        object[u"child_info"] = textsJson(data.childInfo);
}

void Describer::operator()(const MailboxStatusData &data)
{
    type("mailbox_status");
    putMailbox(object, data.mailbox);
    optionalNumber(u"messages", data.messages);
    optionalNumber(u"recent", data.recent);
    optionalNumber(u"unseen", data.unseen);
    optionalNumber(u"deleted", data.deleted);
    if (data.uidNext.isValid())
        object[u"uidnext"] = qint64{data.uidNext.value()};
    if (data.uidValidity.isValid())
        object[u"uidvalidity"] = qint64{data.uidValidity.value()};
    optionalNumber(u"highestmodseq", data.highestModSeq);
    optionalNumber(u"size", data.size);
    optionalNumber(u"append_limit", data.appendLimit);
    if (!data.mailboxId.isEmpty())
        object[u"mailbox_id"] = bytesJson(data.mailboxId);
}

void Describer::operator()(const ESearchData &data)
{
    type("esearch");
    object[u"tag"] = bytesJson(data.tag);
    object[u"uid"] = data.uid;
    optionalNumber(u"min", data.minimum);
    optionalNumber(u"max", data.maximum);
    optionalNumber(u"count", data.count);
    if (data.all)
        object[u"all"] = setText(*data.all);
    if (data.partial) {
        object[u"partial"] = QJsonObject{{QStringLiteral("first"), qint64{data.partial->first}},
                                         {QStringLiteral("last"), qint64{data.partial->last}},
                                         {QStringLiteral("numbers"), setText(data.partial->numbers)}};
    }
    modseq(data.modseq);
}

void Describer::operator()(const FetchData &data)
{
    type("fetch");
    object[u"sequence"] = qint64{data.sequence};
    if (data.uid.isValid())
        object[u"uid"] = qint64{data.uid.value()};
    if (data.flags)
        object[u"flags"] = flagsJson(*data.flags);
    modseq(data.modseq);
    if (data.internalDate)
        object[u"internal_date"] = qint64{*data.internalDate};
    optionalNumber(u"size", data.size);
    if (data.envelope)
        object[u"envelope"] = envelopeJson(*data.envelope);
    if (data.bodyStructure)
        object[u"body_structure"] = bodyJson(*data.bodyStructure);
    QJsonArray sections;
    for (const FetchedSection &each : data.sections) {
        QJsonObject section{{QStringLiteral("section"), QString::fromLatin1(each.section.toBytes())},
                            {QStringLiteral("binary"), each.binary}};
        if (each.origin)
            section[u"origin"] = numberJson(*each.origin);
        section[u"data"] = each.data ? bytesJson(*each.data) : QJsonValue();
        sections.append(section);
    }
    if (!sections.isEmpty())
        object[u"sections"] = sections;
    QJsonArray sizes;
    for (const BinarySize &each : data.binarySizes) {
        sizes.append(QJsonObject{{QStringLiteral("section"), QString::fromLatin1(each.section.toBytes())},
                                 {QStringLiteral("size"), numberJson(each.size)}});
    }
    if (!sizes.isEmpty())
        object[u"binary_sizes"] = sizes;
    if (!data.emailId.isEmpty())
        object[u"email_id"] = bytesJson(data.emailId);
    if (!data.threadId.isEmpty())
        object[u"thread_id"] = bytesJson(data.threadId);
    if (data.gmailMessageId != 0)
        object[u"gm_msgid"] = QString::number(data.gmailMessageId);
    if (data.gmailThreadId != 0)
        object[u"gm_thrid"] = QString::number(data.gmailThreadId);
    if (data.gmailLabels)
        object[u"gm_labels"] = textsJson(*data.gmailLabels);
    if (!data.unknownItems.isEmpty())
        object[u"unknown_items"] = textsJson(data.unknownItems);
}

} // namespace

QJsonObject describe(const Response &response)
{
    Describer describer;
    std::visit(describer, response);
    return describer.object;
}

QJsonObject describeStream(QByteArrayView input, const DescribeOptions &options)
{
    QJsonArray responses;
    QJsonArray rejected;
    Fragmenter fragmenter;
    ResponseParser parser(ParserOptions{options.utf8});
    const qsizetype step = options.split > 0 ? options.split : std::max<qsizetype>(input.size(), 1);
    for (qsizetype at = 0; at < input.size(); at += step) {
        fragmenter.feed(input.sliced(at, std::min(step, input.size() - at)).toByteArray());
        while (const auto message = fragmenter.next()) {
            const Response response = parser.parse(*message);
            if (const auto *bad = std::get_if<Rejected>(&response)) {
                rejected.append(QJsonObject{{QStringLiteral("offset"), static_cast<qint64>(message->offset)},
                                            {QStringLiteral("position"), static_cast<qint64>(bad->position)},
                                            {QStringLiteral("why"), QString::fromUtf8(bad->why)}});
                continue;
            }
            QJsonObject object = describe(response);
            object[u"offset"] = static_cast<qint64>(message->offset);
            responses.append(object);
        }
    }
    return {{QStringLiteral("responses"), responses},
            {QStringLiteral("rejected"), rejected},
            {QStringLiteral("incomplete"), fragmenter.isFailed() || !fragmenter.isAtMessageBoundary()}};
}

} // namespace kittiwake::imap
