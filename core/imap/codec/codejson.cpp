// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/codejson.h"

#include "core/imap/codec/bodyjson.h"

namespace kittiwake::imap
{

namespace
{

QJsonArray uidRanges(const NumberRanges &ranges)
{
    QJsonArray array;
    for (const NumberRange &range : ranges)
        array.append(QJsonArray{qint64{range.first}, qint64{range.last}});
    return array;
}

class CodeDescriber
{
public:
    QJsonObject object;

    void operator()(std::monostate) { }
    void operator()(SimpleCode code) { name(simpleCodeName(code)); }
    void operator()(const CapabilityCode &code)
    {
        name("CAPABILITY");
        object[u"names"] = textsJson(code.names);
    }
    void operator()(const PermanentFlagsCode &code)
    {
        name("PERMANENTFLAGS");
        object[u"flags"] = flagsJson(code.flags);
        object[u"new_keywords"] = code.newKeywords;
    }
    void operator()(const UidNextCode &code) { number("UIDNEXT", code.uid.value()); }
    void operator()(const UidValidityCode &code) { number("UIDVALIDITY", code.value.value()); }
    void operator()(const UnseenCode &code) { number("UNSEEN", code.sequence); }
    void operator()(const HighestModSeqCode &code) { number("HIGHESTMODSEQ", code.value.value()); }
    void operator()(const BadCharsetCode &code)
    {
        name("BADCHARSET");
        object[u"charsets"] = textsJson(code.charsets);
    }
    void operator()(const ModifiedCode &code)
    {
        name("MODIFIED");
        object[u"numbers"] = setText(code.numbers);
    }
    void operator()(const AppendUidCode &code)
    {
        name("APPENDUID");
        object[u"uidvalidity"] = qint64{code.validity.value()};
        object[u"uids"] = uidRanges(code.uids);
    }
    void operator()(const CopyUidCode &code)
    {
        name("COPYUID");
        object[u"uidvalidity"] = qint64{code.validity.value()};
        object[u"source"] = uidRanges(code.source);
        object[u"destination"] = uidRanges(code.destination);
    }
    void operator()(const MailboxIdCode &code)
    {
        name("MAILBOXID");
        object[u"id"] = bytesJson(code.id);
    }
    void operator()(const InProgressCode &code)
    {
        name("INPROGRESS");
        object[u"tag"] = bytesJson(code.tag);
        if (code.done)
            object[u"done"] = qint64{*code.done};
        if (code.total)
            object[u"total"] = qint64{*code.total};
    }
    void operator()(const MessageLimitCode &code)
    {
        number("MESSAGELIMIT", code.limit);
        if (code.lowestProcessed.isValid())
            object[u"uid"] = qint64{code.lowestProcessed.value()};
    }
    void operator()(const UnknownCode &code)
    {
        object[u"name"] = bytesJson(code.name);
        object[u"arguments"] = bytesJson(code.arguments);
    }

private:
    void name(const QByteArray &text) { object[u"name"] = QString::fromLatin1(text); }
    void number(const char *text, std::uint64_t value)
    {
        name(text);
        object[u"value"] = numberJson(value);
    }
};

} // namespace

QString setText(const SequenceSet &set)
{
    return QString::fromLatin1(set.toBytes());
}

QJsonArray flagsJson(const mail::Flags &flags)
{
    QJsonArray names = textsJson(flags.names());
    if (flags.has(mail::SystemFlag::Recent))
        names.prepend(QStringLiteral("\\Recent"));
    return names;
}

QJsonObject codeJson(const ResponseCode &code)
{
    CodeDescriber describer;
    std::visit(describer, code);
    return describer.object;
}

} // namespace kittiwake::imap
