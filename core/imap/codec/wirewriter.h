// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/mailboxcodec.h"
#include "core/imap/codec/responsewriter.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

namespace kittiwake::imap
{

/** Writes tokens of the grammar as a server would. */
class WireWriter
{
public:
    explicit WireWriter(const WriterOptions &options) : m_options(options) { }

    WireWriter &raw(QByteArrayView text)
    {
        m_bytes.append(text);
        return *this;
    }
    WireWriter &number(std::uint64_t value) { return raw(QByteArray::number(static_cast<qulonglong>(value))); }
    WireWriter &signedNumber(std::int64_t value) { return raw(QByteArray::number(static_cast<qlonglong>(value))); }
    WireWriter &string(QByteArrayView value);
    WireWriter &literal(QByteArrayView value);
    WireWriter &nstring(QByteArrayView value) { return value.isEmpty() ? raw("NIL") : string(value); }
    WireWriter &astring(QByteArrayView value);
    WireWriter &mailbox(const mail::MailboxName &name);
    WireWriter &delimiter(QChar delimiter);
    /** "(" names ")", each as it is. */
    WireWriter &words(const QByteArrayList &words) { return raw("(").raw(words.join(' ')).raw(")"); }
    WireWriter &strings(const QByteArrayList &values);
    WireWriter &flags(const mail::Flags &flags) { return words(flags.names()); }
    WireWriter &ranges(const NumberRanges &ranges);

    [[nodiscard]] QByteArray takeLine();

private:
    WriterOptions m_options;
    QByteArray m_bytes;
};

void writeFetch(WireWriter &writer, const FetchData &data);
void writeEnvelope(WireWriter &writer, const mail::Envelope &envelope);
void writeBody(WireWriter &writer, const mail::BodyPart &part);
void writeCode(WireWriter &writer, const ResponseCode &code);

} // namespace kittiwake::imap
