// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/letters.h"

#include "core/sync/outbox/outgoing.h"

#include <algorithm>

namespace kittiwake::sim
{

namespace
{

QString nameOf(const std::string &messageId)
{
    return QString::fromStdString(messageId);
}

const PendingRow *rowOf(const std::vector<PendingRow> &rows, std::int64_t operation)
{
    const auto found
        = std::find_if(rows.begin(), rows.end(), [operation](const PendingRow &row) { return row.id == operation; });
    return found == rows.end() ? nullptr : &*found;
}

/** Of the header alone. */
std::string messageIdIn(const std::string &bytes)
{
    model::Content content;
    content.header = bytes.substr(0, std::min(bytes.size(), bytes.find("\r\n\r\n") + 4));
    return content.field("Message-ID");
}

} // namespace

Letters::One *Letters::find(const std::string &messageId)
{
    const auto found = m_letters.find(messageId);
    return found == m_letters.end() ? nullptr : &found->second;
}

bool Letters::has(const model::Content &content) const
{
    return m_letters.contains(content.field("Message-ID"));
}

void Letters::asked(const MailWriter::Letter &letter)
{
    One one;
    one.content = letter.content;
    one.sent = letter.sent;
    for (const std::string &reader : letter.recipients)
        one.readers[reader] = {};
    m_letters.emplace(letter.content->field("Message-ID"), std::move(one));
}

void Letters::acknowledged(const model::Content &content, std::int64_t operation)
{
    if (One *one = find(content.field("Message-ID")))
        one->operation = operation;
}

void Letters::failed(const model::Content &content)
{
    if (One *one = find(content.field("Message-ID")))
        one->mayBeGone = true;
}

void Letters::sentAgain(const PendingRow &row)
{
    using State = sync::OutgoingRecipient::State;
    const auto outgoing = sync::Outgoing::fromBytes(row.payload);
    One *one = outgoing ? find(outgoing->messageId.toStdString()) : nullptr;
    if (one == nullptr)
        return;
    for (const sync::OutgoingRecipient &recipient : outgoing->recipients) {
        if (recipient.state == State::Unknown)
            ++one->readers[recipient.address.toStdString()].allowed;
    }
}

bool Letters::hasCopy(const PendingRow &row)
{
    const auto outgoing = sync::Outgoing::fromBytes(row.payload);
    return outgoing && outgoing->isCopied;
}

void Letters::givenUp(const PendingRow &row, bool isCertain)
{
    const auto outgoing = sync::Outgoing::fromBytes(row.payload);
    One *one = outgoing ? find(outgoing->messageId.toStdString()) : nullptr;
    if (one == nullptr)
        return;
    one->mayBeGone = one->mayBeGone || !isCertain;
    one->wasCopied = one->wasCopied || hasCopy(row);
    if (!isCertain)
        return;
    one->isGivenUp = true;
    // What had not come to its end must not reach anybody any more.
    if (row.isUnknown())
        return;
    for (auto &[reader, standing] : one->readers)
        standing.allowed = std::min(standing.allowed, standing.taken);
}

void Letters::copyGivenUp(const std::string &messageId)
{
    if (One *one = find(messageId))
        one->isCopyGivenUp = true;
}

void Letters::taken(const model::Submitted &submitted)
{
    ++m_taken;
    const std::string id = messageIdIn(submitted.bytes);
    One *one = find(id);
    if (one == nullptr)
        return m_violation(QStringLiteral("%1 was sent, and nobody has written it").arg(nameOf(id)));
    if (submitted.bytes != one->sent)
        m_violation(QStringLiteral("%1 was sent, and says something else than the person wrote").arg(nameOf(id)));
    if (submitted.sender != "me@example.org")
        m_violation(QStringLiteral("%1 was sent as from %2").arg(nameOf(id), QString::fromStdString(submitted.sender)));
    for (const std::string &address : submitted.recipients) {
        const auto reader = one->readers.find(address);
        if (reader == one->readers.end()) {
            m_violation(QStringLiteral("%1 was sent to %2, to whom nobody has written")
                            .arg(nameOf(id), QString::fromStdString(address)));
            continue;
        }
        if (++reader->second.taken > reader->second.allowed)
            m_violation(QStringLiteral("%1 has %2 for the %3. time, and the person has sent it %4 times")
                            .arg(QString::fromStdString(address), nameOf(id), QString::number(reader->second.taken),
                                 QString::number(reader->second.allowed)));
    }
}

QStringList Letters::check(const std::vector<PendingRow> &rows) const
{
    QStringList found;
    const auto wrong = [&found](const std::string &id, const QString &what) { found.append(nameOf(id) + what); };
    for (const auto &[id, one] : m_letters) {
        const PendingRow *row = rowOf(rows, one.operation);
        if (row != nullptr && (row->isQueued() || row->state == 1))
            wrong(id, QStringLiteral(" still waits to be sent: ") + row->error);
        if (row != nullptr && (row->isUnknown() || row->isParked()) && row->error.isEmpty())
            wrong(id, QStringLiteral(" was not sent, and nobody says why"));
        if (row != nullptr || one.operation == 0 || one.isGivenUp || one.mayBeGone)
            continue;
        for (const auto &[address, reader] : one.readers) {
            if (reader.taken == 0)
                wrong(id, QStringLiteral(" has left the outbox, and never came to ") + QString::fromStdString(address));
        }
    }
    while (found.size() > 5)
        found.removeLast();
    return found;
}

std::map<const model::Content *, bool> Letters::copies(const std::vector<PendingRow> &rows) const
{
    std::map<const model::Content *, bool> result;
    for (const auto &[id, one] : m_letters) {
        const PendingRow *row = rowOf(rows, one.operation);
        const bool isSent = row == nullptr && one.operation != 0 && !one.isGivenUp;
        const bool isPart = one.wasCopied || (row != nullptr && hasCopy(*row));
        if (isSent || isPart || one.mayBeGone)
            result.emplace(one.content.get(), !one.mayBeGone && !one.isCopyGivenUp);
    }
    return result;
}

} // namespace kittiwake::sim
