// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/responsewriter.h"

#include "core/imap/codec/listattributes.h"
#include "core/imap/codec/wirewriter.h"

#include <set>

namespace kittiwake::imap
{

namespace
{

/** Strings within a code: one that holds "]" must not stand in the line (the Fragmenter looks for the code's end). */
void writeCodeString(WireWriter &writer, const QByteArray &value)
{
    if (value.contains(']'))
        writer.literal(value);
    else
        writer.string(value);
}

class CodeWriter
{
public:
    explicit CodeWriter(WireWriter &writer) : m_writer(writer) { }

    void operator()(std::monostate) { }
    void operator()(SimpleCode code) { m_writer.raw(simpleCodeName(code)); }
    void operator()(const CapabilityCode &code) { m_writer.raw("CAPABILITY ").raw(code.names.join(' ')); }
    void operator()(const PermanentFlagsCode &code)
    {
        QByteArrayList names = code.flags.names();
        if (code.newKeywords)
            names.append("\\*");
        m_writer.raw("PERMANENTFLAGS ").words(names);
    }
    void operator()(const UidNextCode &code) { m_writer.raw("UIDNEXT ").number(code.uid.value()); }
    void operator()(const UidValidityCode &code) { m_writer.raw("UIDVALIDITY ").number(code.value.value()); }
    void operator()(const UnseenCode &code) { m_writer.raw("UNSEEN ").number(code.sequence); }
    void operator()(const HighestModSeqCode &code) { m_writer.raw("HIGHESTMODSEQ ").number(code.value.value()); }
    void operator()(const BadCharsetCode &code)
    {
        m_writer.raw("BADCHARSET");
        if (code.charsets.isEmpty())
            return;
        const char *before = " (";
        for (const QByteArray &charset : code.charsets) {
            m_writer.raw(std::exchange(before, " "));
            writeCodeString(m_writer, charset);
        }
        m_writer.raw(")");
    }
    void operator()(const ModifiedCode &code) { m_writer.raw("MODIFIED ").raw(code.numbers.toBytes()); }
    void operator()(const AppendUidCode &code)
    {
        m_writer.raw("APPENDUID ").number(code.validity.value()).raw(" ").ranges(code.uids);
    }
    void operator()(const CopyUidCode &code)
    {
        m_writer.raw("COPYUID ").number(code.validity.value()).raw(" ").ranges(code.source).raw(" ");
        m_writer.ranges(code.destination);
    }
    void operator()(const MailboxIdCode &code) { m_writer.raw("MAILBOXID (").raw(code.id).raw(")"); }
    void operator()(const InProgressCode &code)
    {
        m_writer.raw("INPROGRESS (");
        if (code.tag.isEmpty())
            m_writer.raw("NIL");
        else
            writeCodeString(m_writer, code.tag);
        for (const auto &count : {code.done, code.total}) {
            m_writer.raw(" ");
            if (count)
                m_writer.number(*count);
            else
                m_writer.raw("NIL");
        }
        m_writer.raw(")");
    }
    void operator()(const MessageLimitCode &code)
    {
        m_writer.raw("MESSAGELIMIT ").number(code.limit);
        if (code.lowestProcessed.isValid())
            m_writer.raw(" ").number(code.lowestProcessed.value());
    }
    void operator()(const UnknownCode &code)
    {
        m_writer.raw(code.name);
        if (!code.arguments.isEmpty())
            m_writer.raw(" ").raw(code.arguments);
    }

private:
    WireWriter &m_writer;
};

const char *statusWord(StatusKind kind)
{
    switch (kind) {
    case StatusKind::Ok:
        return "OK";
    case StatusKind::No:
        return "NO";
    case StatusKind::Bad:
        return "BAD";
    case StatusKind::Bye:
        return "BYE";
    case StatusKind::PreAuth:
        return "PREAUTH";
    }
    return "OK";
}

class ResponseWriter
{
public:
    explicit ResponseWriter(const WriterOptions &options) : m_writer(options) { }
    QByteArray takeLine() { return m_writer.takeLine(); }

    void operator()(const StatusResponse &status)
    {
        m_writer.raw(status.isTagged() ? status.tag : QByteArray("*")).raw(" ").raw(statusWord(status.kind));
        if (!std::holds_alternative<std::monostate>(status.code)) {
            m_writer.raw(" ");
            writeCode(m_writer, status.code);
        }
        if (!status.text.isEmpty())
            m_writer.raw(" ").raw(status.text);
    }
    void operator()(const ContinuationRequest &request) { m_writer.raw("+ ").raw(request.text); }
    void operator()(const CapabilityData &data) { m_writer.raw("* CAPABILITY ").raw(data.names.join(' ')); }
    void operator()(const EnabledData &data)
    {
        m_writer.raw("* ENABLED");
        for (const QByteArray &name : data.names)
            m_writer.raw(" ").raw(name);
    }
    void operator()(const ListData &data);
    void operator()(const MailboxStatusData &data);
    void operator()(const SearchData &data)
    {
        m_writer.raw("* SEARCH");
        for (const NumberRange &range : data.numbers.ranges()) {
            for (std::uint64_t number = range.first; number <= range.last; ++number)
                m_writer.raw(" ").number(number);
        }
        writeSearchModSeq(data.modseq);
    }
    void operator()(const ESearchData &data);
    void operator()(const SortData &data)
    {
        m_writer.raw("* SORT");
        for (const std::uint32_t number : data.numbers)
            m_writer.raw(" ").number(number);
        writeSearchModSeq(data.modseq);
    }
    void operator()(const ThreadData &data) { m_writer.raw("* THREAD ").raw(data.text); }
    void operator()(const FlagsData &data) { m_writer.raw("* FLAGS ").flags(data.flags); }
    void operator()(const ExistsData &data) { m_writer.raw("* ").number(data.count).raw(" EXISTS"); }
    void operator()(const RecentData &data) { m_writer.raw("* ").number(data.count).raw(" RECENT"); }
    void operator()(const ExpungeData &data) { m_writer.raw("* ").number(data.sequence).raw(" EXPUNGE"); }
    void operator()(const VanishedData &data)
    {
        m_writer.raw(data.earlier ? "* VANISHED (EARLIER)" : "* VANISHED");
        if (!data.uids.isEmpty())
            m_writer.raw(" ").raw(data.uids.toBytes());
    }
    void operator()(const FetchData &data) { writeFetch(m_writer, data); }
    void operator()(const NamespaceData &data)
    {
        m_writer.raw("* NAMESPACE");
        for (const auto *entries : {&data.personal, &data.otherUsers, &data.shared}) {
            m_writer.raw(entries->empty() ? " NIL" : " (");
            for (const NamespaceData::Entry &entry : *entries)
                m_writer.raw("(").mailbox(entry.prefix).raw(" ").delimiter(entry.delimiter).raw(")");
            m_writer.raw(entries->empty() ? "" : ")");
        }
    }
    void operator()(const IdData &data)
    {
        m_writer.raw("* ID ").raw(data.fields.empty() ? "NIL" : "(");
        const char *before = "";
        for (const auto &[name, value] : data.fields)
            m_writer.raw(std::exchange(before, " ")).string(name).raw(" ").string(value);
        m_writer.raw(data.fields.empty() ? "" : ")");
    }
    void operator()(const QuotaData &data)
    {
        m_writer.raw("* QUOTA ").string(data.root).raw(" (");
        const char *before = "";
        for (const QuotaData::Resource &each : data.resources) {
            m_writer.raw(std::exchange(before, " ")).astring(each.name).raw(" ").number(each.usage).raw(" ");
            m_writer.number(each.limit);
        }
        m_writer.raw(")");
    }
    void operator()(const QuotaRootData &data)
    {
        m_writer.raw("* QUOTAROOT ").mailbox(data.mailbox);
        for (const QByteArray &root : data.roots)
            m_writer.raw(" ").string(root);
    }
    void operator()(const UnknownData &data) { m_writer.raw(data.untagged ? "* " : "").raw(data.text); }
    void operator()(const Rejected &) { }

private:
    void writeSearchModSeq(ModSeq modseq)
    {
        if (modseq.isValid())
            m_writer.raw(" (MODSEQ ").number(modseq.value()).raw(")");
    }
    void count(const char *name, const std::optional<std::uint32_t> &value)
    {
        if (value)
            m_writer.raw(name).number(*value);
    }

    WireWriter m_writer;
};

void ResponseWriter::operator()(const ListData &data)
{
    m_writer.raw(data.kind == ListData::Kind::List       ? "* LIST "
                     : data.kind == ListData::Kind::Lsub ? "* LSUB "
                                                         : "* XLIST ");
    QByteArrayList names;
    std::set<ListAttribute> written;
    for (const ListAttributeName &known : listAttributeNames) {
        if (data.attributes.has(known.attribute) && written.insert(known.attribute).second)
            names.append('\\' + QByteArray(known.spelled));
    }
    m_writer.words(names + data.otherAttributes).raw(" ").delimiter(data.delimiter).raw(" ").mailbox(data.mailbox);
    if (!data.oldName && data.childInfo.isEmpty())
        return;
    m_writer.raw(" (");
    if (data.oldName)
        m_writer.string("OLDNAME").raw(" (").mailbox(*data.oldName).raw(")");
    if (data.oldName && !data.childInfo.isEmpty())
        m_writer.raw(" ");
    if (!data.childInfo.isEmpty())
        m_writer.string("CHILDINFO").raw(" ").strings(data.childInfo);
    m_writer.raw(")");
}

void ResponseWriter::operator()(const MailboxStatusData &data)
{
    m_writer.raw("* STATUS ").mailbox(data.mailbox).raw(" (");
    const char *before = "";
    const auto item = [&](const char *name, std::optional<std::uint64_t> value) {
        if (value)
            m_writer.raw(std::exchange(before, " ")).raw(name).raw(" ").number(*value);
    };
    item("MESSAGES", data.messages);
    item("RECENT", data.recent);
    item("UNSEEN", data.unseen);
    item("DELETED", data.deleted);
    if (data.uidNext.isValid())
        item("UIDNEXT", data.uidNext.value());
    if (data.uidValidity.isValid())
        item("UIDVALIDITY", data.uidValidity.value());
    item("HIGHESTMODSEQ", data.highestModSeq);
    item("SIZE", data.size);
    item("APPENDLIMIT", data.appendLimit);
    if (!data.mailboxId.isEmpty())
        m_writer.raw(before).raw("MAILBOXID ").strings({data.mailboxId});
    m_writer.raw(")");
}

void ResponseWriter::operator()(const ESearchData &data)
{
    m_writer.raw("* ESEARCH");
    if (!data.tag.isEmpty())
        m_writer.raw(" (TAG ").string(data.tag).raw(")");
    m_writer.raw(data.uid ? " UID" : "");
    count(" MIN ", data.minimum);
    count(" MAX ", data.maximum);
    count(" COUNT ", data.count);
    if (data.all)
        m_writer.raw(" ALL ").raw(data.all->toBytes());
    if (data.partial) {
        m_writer.raw(" PARTIAL (").signedNumber(data.partial->first).raw(":").signedNumber(data.partial->last).raw(" ");
        m_writer.raw(data.partial->numbers.isEmpty() ? QByteArray("NIL") : data.partial->numbers.toBytes()).raw(")");
    }
    if (data.modseq.isValid())
        m_writer.raw(" MODSEQ ").number(data.modseq.value());
}

} // namespace

void writeCode(WireWriter &writer, const ResponseCode &code)
{
    writer.raw("[");
    std::visit(CodeWriter(writer), code);
    writer.raw("]");
}

QByteArray write(const Response &response, const WriterOptions &options)
{
    if (std::holds_alternative<Rejected>(response))
        return {};
    ResponseWriter writer(options);
    std::visit(writer, response);
    return writer.takeLine();
}

} // namespace kittiwake::imap
