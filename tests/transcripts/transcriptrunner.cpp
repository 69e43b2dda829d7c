// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/transcripts/transcriptrunner.h"

#include "tests/transcripts/actions.h"
#include "tests/transcripts/reports.h"

#include <QRegularExpression>

namespace kittiwake
{

namespace
{

using namespace std::chrono_literals;

/** How long a call may take once nothing answers any more (client.h), with a little room for its last step. */
constexpr Clock::Duration connectBound = 30s;
constexpr Clock::Duration answerBound = 62s;
/** IDLE is renewed after 9 minutes at most, and that renewal has answerBound. */
constexpr Clock::Duration idleBound = 11min;

Clock::Duration durationOf(const QByteArray &text)
{
    if (text.endsWith("ms"))
        return std::chrono::milliseconds(text.chopped(2).toInt());
    if (text.endsWith("min"))
        return std::chrono::minutes(text.chopped(3).toInt());
    return std::chrono::seconds(text.chopped(1).toInt());
}

} // namespace

TranscriptRunner::TranscriptRunner(const Transcript &transcript, Delivery delivery, Fault fault)
    : m_transcript(transcript), m_delivery(delivery), m_fault(fault), m_wire(std::make_shared<ScriptedWire>(m_clock)),
      m_factory(m_wire), m_client(std::make_unique<imap::Client>(m_clock, m_factory))
{
    m_client->setUpdateHandler([this](const imap::MailboxUpdate &update) { report("update: " + reports::of(update)); });
    m_client->setReportHandler([this](const imap::ServerReport &told) { report("report: " + reports::of(told)); });
    m_client->setProofHandler([this](std::int64_t askedAt) { m_provenAt = askedAt - m_start; });
    m_client->setAlertHandler([this](const QString &text) { report("alert: " + text.toUtf8()); });
}

TranscriptRunner::~TranscriptRunner() = default;

QString TranscriptRunner::run()
{
    for (const TranscriptStep &next : m_transcript.steps) {
        const QString wrong = step(next);
        if (!wrong.isEmpty())
            return QStringLiteral("%1:%2: %3").arg(m_transcript.name, QString::number(next.line), wrong);
    }
    flushServer();
    const QString wrong = checkEnd();
    return wrong.isEmpty() ? QString() : QStringLiteral("%1: at the end: %2").arg(m_transcript.name, wrong);
}

QString TranscriptRunner::step(const TranscriptStep &step)
{
    if (step.kind == TranscriptStep::Kind::Server) {
        send(substituted(step.text));
        return {};
    }
    flushServer();
    if (step.kind == TranscriptStep::Kind::Action)
        return action(step.text);
    if (m_struck)
        return {};
    switch (step.kind) {
    case TranscriptStep::Kind::Client:
        return expectClientLine(step.text);
    case TranscriptStep::Kind::Report:
        return expectReport(step.text);
    default:
        if (m_wire->upgrades.isEmpty() || m_wire->upgrades.takeFirst() != step.text)
            return QStringLiteral("the stream was not upgraded");
        return {};
    }
}

void TranscriptRunner::send(const QByteArray &bytes)
{
    if (m_fault.kind == Fault::Kind::Garble) {
        m_wire->deliver(garbled(bytes));
        pump();
        return;
    }
    if (m_struck)
        return;
    QByteArray part = bytes;
    const bool strikes = m_fault.kind != Fault::Kind::None && m_sentBytes + bytes.size() >= m_fault.at;
    if (strikes)
        part.truncate(m_fault.at - m_sentBytes);
    m_sentBytes += part.size();
    if (m_delivery == Delivery::Together) {
        m_pendingServer += part;
    } else if (m_delivery == Delivery::Lines) {
        m_wire->deliver(part);
        pump();
    } else {
        for (const char byte : part) {
            m_wire->deliver(QByteArray(1, byte));
            pump();
        }
    }
    if (strikes) {
        flushServer();
        strike();
    }
}

QByteArray TranscriptRunner::garbled(const QByteArray &bytes)
{
    QByteArray result = bytes;
    const qsizetype at = m_fault.at - m_sentBytes;
    m_sentBytes += bytes.size();
    if (m_struck || at < 0 || at >= bytes.size())
        return result;
    // What hurts most: the grammar's own characters, and bytes that are none.
    static const QByteArray replacements("\r\n {}()[]\"\\*+~0\x80\xff", 17);
    result[at] = replacements[m_fault.at % replacements.size()];
    m_struck = true;
    m_struckAt = m_clock.monotonic();
    return result;
}

void TranscriptRunner::flushServer()
{
    pump();
    m_wire->deliver(std::exchange(m_pendingServer, {}));
    pump();
}

void TranscriptRunner::strike()
{
    m_struck = true;
    m_struckAt = m_clock.monotonic();
    switch (m_fault.kind) {
    case Fault::Kind::Close:
        m_wire->close();
        break;
    case Fault::Kind::Fail:
        m_wire->fail({ErrorKind::Network, {}, QStringLiteral("The connection was lost."), {}});
        break;
    case Fault::Kind::Destroy:
        // In either order: flows that outlive the client, and a client that outlives its flows.
        if (m_fault.at % 2 == 0) {
            m_client.reset();
            m_running.clear();
        } else {
            m_running.clear();
            m_client.reset();
        }
        break;
    default:
        break;
    }
    pump();
}

void TranscriptRunner::pump()
{
    m_clock.runReady();
}

void TranscriptRunner::finished(const QByteArray &label)
{
    m_running.at(label).done = true;
}

bool TranscriptRunner::startTask(const QByteArrayList &words, const QByteArray &label)
{
    if (const auto old = m_running.find(label); old != m_running.end() && !old->second.done)
        return false;
    Running running;
    running.scope = std::make_unique<async::TaskScope>();
    running.since = m_clock.monotonic();
    running.idle = words.value(0) == "idle";
    async::TaskScope &scope = *running.scope;
    m_running[label] = std::move(running);
    scope.start(runAction(this, words, label));
    pump();
    return true;
}

QString TranscriptRunner::action(const QByteArray &text)
{
    if (!m_client)
        return {}; // destroyed by the fault
    QByteArrayList words = text.split(' ');
    QByteArray label = words.first();
    if (const qsizetype at = label.indexOf('='); at > 0) {
        words.first() = label.mid(at + 1);
        label = label.left(at);
    }
    const QByteArray verb = words.first();
    if (verb == "wait") {
        m_clock.advance(durationOf(words.value(1)));
    } else if (verb == "cut") {
        m_wire->close();
    } else if (verb == "fail") {
        m_wire->fail({ErrorKind::Network, {}, QStringLiteral("The connection was lost."), {}});
    } else if (verb == "refuse") {
        m_factory.refusal = Error{ErrorKind::Tls, {}, QString::fromUtf8(words.mid(1).join(' ')), {}};
    } else if (verb == "cancel") {
        m_running.erase(words.value(1));
    } else if (verb == "abort") {
        m_client->abort();
    } else if (verb == "die") {
        m_client->die({ErrorKind::Network, {}, QStringLiteral("no longer wanted"), {}});
    } else if (verb == "stopidle") {
        m_client->stopIdle();
    } else if (verb == "scram") {
        m_scram.emplace(words.value(1) == "sha1" ? QCryptographicHash::Sha1 : QCryptographicHash::Sha256, "alice",
                        words.value(2));
    } else if (m_struck
               && (verb == "silent" || verb == "trips" || verb == "idling" || verb == "notifying" || verb == "proven"
                   || verb == "known" || verb == "selected" || verb == "quirks" || verb == "without")) {
        return {};
    } else if (verb == "silent") {
        return expectNothingElse();
    } else if (verb == "trips") {
        if (QByteArray::number(static_cast<qulonglong>(m_client->roundTrips())) != words.value(1))
            return QStringLiteral("%1 round trips").arg(m_client->roundTrips());
    } else if (verb == "notifying") {
        if (m_client->isNotifying() != (words.value(1) == "yes"))
            return QStringLiteral("notifying is not as expected");
    } else if (verb == "proven") {
        const QByteArray at = QByteArray::number(static_cast<qlonglong>(std::exchange(m_provenAt, -1000) / 1000));
        if (at != words.value(1))
            return QStringLiteral("proven as of second ") + QString::fromLatin1(at);
    } else if (verb == "idling") {
        if (m_client->isIdling() != (words.value(1) == "yes"))
            return QStringLiteral("idling is not as expected");
    } else if (verb == "known") {
        const auto known = m_client->knownUids();
        const QByteArray uids = known ? known->toBytes() : QByteArray("unknown");
        if (uids != words.value(1))
            return QStringLiteral("known UIDs: ") + QString::fromLatin1(uids);
    } else if (verb == "selected") {
        const auto selected = m_client->selected();
        report("selected: " + (selected ? reports::of(imap::SelectResult{*selected, {}, {}}) : QByteArray("none")));
    } else if (verb == "quirks") {
        report("quirks: " + m_client->quirks().rows.join(','));
    } else if (verb == "without") {
        if (m_client->capabilities().has(words.value(1).constData()))
            return QStringLiteral("the capability is there");
    } else if (!startTask(words, label) && !m_struck) {
        return QStringLiteral("an action of that name is still running");
    }
    pump();
    return {};
}

QByteArray TranscriptRunner::substituted(const QByteArray &text)
{
    QByteArray result = text;
    if (m_scram && result.contains("{scram-first}"))
        result.replace("{scram-first}", m_scram->first(QByteArray::fromBase64(m_bound.value("first"))).toBase64());
    if (m_scram && result.contains("{scram-last}"))
        result.replace("{scram-last}", m_scram->last(QByteArray::fromBase64(m_bound.value("last"))).toBase64());
    for (qsizetype at = result.indexOf('$'); at >= 0; at = result.indexOf('$', at + 1)) {
        qsizetype end = at + 1;
        while (end < result.size() && QChar::fromLatin1(result[end]).isLetterOrNumber())
            ++end;
        const QByteArray name = result.mid(at + 1, end - at - 1);
        if (m_bound.contains(name))
            result.replace(at, end - at, m_bound.value(name));
    }
    return result;
}

QString TranscriptRunner::expectClientLine(const QByteArray &pattern)
{
    pump();
    const qsizetype end = m_wire->written.indexOf("\r\n");
    if (end < 0)
        return QStringLiteral("expected “%1”, but nothing was sent%2")
            .arg(QString::fromUtf8(pattern),
                 m_reports.isEmpty() ? QString()
                                     : QStringLiteral("; reported: ") + QString::fromUtf8(m_reports.first()));
    const QByteArray line = m_wire->written.left(end);
    m_wire->written.remove(0, end + 2);

    QByteArrayList names;
    QString expression;
    for (const QByteArray &word : pattern.split(' ')) {
        if (!expression.isEmpty())
            expression += QLatin1Char(' ');
        if (word.startsWith('$') && !m_bound.contains(word.mid(1))) {
            names.append(word.mid(1));
            expression += QLatin1String("(\\S+)");
        } else {
            const QByteArray literal = word.startsWith('$') ? m_bound.value(word.mid(1)) : word;
            expression += QRegularExpression::escape(QString::fromUtf8(literal));
        }
    }
    const auto match
        = QRegularExpression(QRegularExpression::anchoredPattern(expression)).match(QString::fromUtf8(line));
    if (!match.hasMatch())
        return QStringLiteral("expected “%1”, but “%2” was sent")
            .arg(QString::fromUtf8(pattern), QString::fromUtf8(line));
    for (qsizetype i = 0; i < names.size(); ++i)
        m_bound.insert(names[i], match.captured(static_cast<int>(i) + 1).toUtf8());
    return {};
}

QString TranscriptRunner::expectReport(const QByteArray &pattern)
{
    pump();
    if (m_reports.isEmpty())
        return QStringLiteral("expected “%1”, but nothing was reported; sent: “%2”")
            .arg(QString::fromUtf8(pattern), QString::fromUtf8(m_wire->written));
    const QString line = QString::fromUtf8(m_reports.takeFirst());
    QStringList pieces;
    for (const QString &piece : QString::fromUtf8(pattern).split(QLatin1Char('*')))
        pieces.append(QRegularExpression::escape(piece));
    const QString expression = QRegularExpression::anchoredPattern(pieces.join(QLatin1String(".*")));
    if (!QRegularExpression(expression).match(line).hasMatch())
        return QStringLiteral("expected “%1”, but “%2” was reported").arg(QString::fromUtf8(pattern), line);
    return {};
}

QString TranscriptRunner::expectNothingElse()
{
    pump();
    if (!m_wire->written.isEmpty())
        return QStringLiteral("this was sent too: ") + QString::fromUtf8(m_wire->written);
    if (!m_reports.isEmpty())
        return QStringLiteral("this was reported too: ") + QString::fromUtf8(m_reports.join("; "));
    return {};
}

QString TranscriptRunner::checkEnd()
{
    QString wrong;
    if (m_fault.kind == Fault::Kind::None || !m_struck) {
        wrong = expectNothingElse();
        if (wrong.isEmpty() && !m_wire->upgrades.isEmpty())
            wrong = QStringLiteral("the stream was upgraded");
    } else if (m_client) {
        const Clock::Duration start = m_clock.monotonic();
        const auto unfinished = [this](Clock::Duration bound, bool connecting, bool idle) -> QString {
            for (const auto &[label, running] : m_running) {
                const bool isConnect = label == "connect";
                if (!running.done && isConnect == connecting && running.idle == idle
                    && m_clock.monotonic() - std::max(running.since, m_struckAt) >= bound)
                    return QStringLiteral("still waiting: ") + QString::fromUtf8(label);
            }
            return QString();
        };
        const auto allDone = [this] {
            return std::all_of(m_running.begin(), m_running.end(), [](const auto &entry) { return entry.second.done; });
        };
        while (wrong.isEmpty() && !allDone() && m_clock.monotonic() - start <= idleBound) {
            wrong = unfinished(connectBound, true, false);
            if (wrong.isEmpty())
                wrong = unfinished(answerBound, false, false);
            if (wrong.isEmpty() && m_fault.kind != Fault::Kind::Silence && m_fault.kind != Fault::Kind::Garble)
                wrong = unfinished(1s, false, true);
            m_clock.advance(1s);
        }
        if (wrong.isEmpty())
            wrong = unfinished(idleBound, false, true);
    }
    m_running.clear();
    m_client.reset();
    pump();
    if (wrong.isEmpty() && !m_clock.isIdle())
        wrong = QStringLiteral("timers are left");
    return wrong;
}

} // namespace kittiwake
