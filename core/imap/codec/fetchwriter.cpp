// SPDX-License-Identifier: GPL-3.0-or-later
// FETCH as a server writes it.
#include "core/imap/codec/fetchdecoder.h"
#include "core/imap/codec/wirewriter.h"

namespace kittiwake::imap
{

namespace
{

void writeAddresses(WireWriter &writer, const std::vector<mail::RawAddress> &addresses)
{
    if (addresses.empty()) {
        writer.raw("NIL");
        return;
    }
    writer.raw("(");
    for (const mail::RawAddress &address : addresses) {
        writer.raw("(").nstring(address.name).raw(" NIL ").nstring(address.mailbox).raw(" ").nstring(address.host);
        writer.raw(")");
    }
    writer.raw(")");
}

void writeParameters(WireWriter &writer, const mail::BodyParameters &parameters)
{
    if (parameters.empty()) {
        writer.raw("NIL");
        return;
    }
    writer.raw("(");
    bool first = true;
    for (const auto &[name, value] : parameters) {
        if (!first)
            writer.raw(" ");
        first = false;
        writer.string(name).raw(" ").string(value);
    }
    writer.raw(")");
}

/** body-fld-dsp SP body-fld-lang SP body-fld-loc */
void writeExtensions(WireWriter &writer, const mail::BodyPart &part)
{
    if (part.disposition.isEmpty() && part.dispositionParameters.empty()) {
        writer.raw("NIL");
    } else {
        writer.raw("(").string(part.disposition).raw(" ");
        writeParameters(writer, part.dispositionParameters);
        writer.raw(")");
    }
    writer.raw(" ");
    if (part.languages.isEmpty())
        writer.raw("NIL");
    else
        writer.strings(part.languages);
    writer.raw(" ").nstring(part.location);
}

void writeMultipart(WireWriter &writer, const mail::BodyPart &part)
{
    writer.raw("(");
    if (part.children.empty())
        writer.string(part.type).raw(" "); // what servers do where a multipart has no parts
    for (const mail::BodyPart &child : part.children)
        writeBody(writer, child);
    if (!part.children.empty())
        writer.raw(" ");
    writer.string(part.subtype).raw(" ");
    writeParameters(writer, part.parameters);
    writer.raw(" ");
    writeExtensions(writer, part);
    writer.raw(")");
}

void writeSection(WireWriter &writer, const FetchedSection &fetched)
{
    writer.raw(fetched.binary ? "BINARY[" : "BODY[").raw(fetched.section.toBytes()).raw("]");
    if (fetched.origin)
        writer.raw("<").number(*fetched.origin).raw(">");
    writer.raw(" ");
    if (!fetched.data)
        writer.raw("NIL");
    else if (fetched.binary)
        writer.raw("~").literal(*fetched.data);
    else
        writer.literal(*fetched.data);
}

/** One item after another, a space between them. */
class Items
{
public:
    explicit Items(WireWriter &writer) : m_writer(writer) { }
    WireWriter &next(QByteArrayView name)
    {
        if (m_started)
            m_writer.raw(" ");
        m_started = true;
        return m_writer.raw(name);
    }

private:
    WireWriter &m_writer;
    bool m_started = false;
};

} // namespace

void writeEnvelope(WireWriter &writer, const mail::Envelope &envelope)
{
    writer.raw("(").nstring(envelope.date).raw(" ").nstring(envelope.subject);
    for (const auto *addresses :
         {&envelope.from, &envelope.sender, &envelope.replyTo, &envelope.to, &envelope.cc, &envelope.bcc}) {
        writer.raw(" ");
        writeAddresses(writer, *addresses);
    }
    writer.raw(" ").nstring(envelope.inReplyTo).raw(" ").nstring(envelope.messageId).raw(")");
}

void writeBody(WireWriter &writer, const mail::BodyPart &part)
{
    if (part.isMultipart()) {
        writeMultipart(writer, part);
        return;
    }
    writer.raw("(").string(part.type).raw(" ").string(part.subtype).raw(" ");
    writeParameters(writer, part.parameters);
    writer.raw(" ").nstring(part.id).raw(" ").nstring(part.description).raw(" ").nstring(part.encoding).raw(" ");
    writer.number(part.size).raw(" ");
    if (part.envelope) {
        writeEnvelope(writer, *part.envelope);
        writer.raw(" ");
        if (part.children.empty())
            writer.raw("NIL");
        else
            writeBody(writer, part.children.front());
        writer.raw(" ").number(part.lines).raw(" ");
    } else if (part.type == "text") {
        writer.number(part.lines).raw(" ");
    }
    writer.nstring(part.md5).raw(" ");
    writeExtensions(writer, part);
    writer.raw(")");
}

void writeFetch(WireWriter &writer, const FetchData &data)
{
    writer.raw("* ").number(data.sequence).raw(" FETCH (");
    Items items(writer);
    if (data.uid.isValid())
        items.next("UID ").number(data.uid.value());
    if (data.flags)
        items.next("FLAGS ").flags(*data.flags);
    if (data.modseq.isValid())
        items.next("MODSEQ (").number(data.modseq.value()).raw(")");
    if (data.internalDate)
        items.next("INTERNALDATE ").string(formatDateTime(*data.internalDate));
    if (data.size)
        items.next("RFC822.SIZE ").number(*data.size);
    if (data.envelope)
        writeEnvelope(items.next("ENVELOPE "), *data.envelope);
    if (data.bodyStructure)
        writeBody(items.next("BODYSTRUCTURE "), *data.bodyStructure);
    for (const FetchedSection &section : data.sections)
        writeSection(items.next(""), section);
    for (const BinarySize &size : data.binarySizes)
        items.next("BINARY.SIZE[").raw(size.section.toBytes()).raw("] ").number(size.size);
    if (!data.emailId.isEmpty())
        items.next("EMAILID ").strings({data.emailId});
    if (!data.threadId.isEmpty())
        items.next("THREADID ").strings({data.threadId});
    if (data.gmailMessageId != 0)
        items.next("X-GM-MSGID ").number(data.gmailMessageId);
    if (data.gmailThreadId != 0)
        items.next("X-GM-THRID ").number(data.gmailThreadId);
    if (data.gmailLabels)
        items.next("X-GM-LABELS ").strings(*data.gmailLabels);
    for (const QByteArray &name : data.unknownItems)
        items.next(name).raw(" NIL");
    writer.raw(")");
}

} // namespace kittiwake::imap
