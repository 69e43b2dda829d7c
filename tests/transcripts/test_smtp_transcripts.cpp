// SPDX-License-Identifier: GPL-3.0-or-later
// Submissions as transcripts (smtp/*.smtp), each told once as it stands, and then with the connection cut after every
// line of either side, and within every line of the server's.
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which these headers bring in
#include "core/async/taskscope.h"
#include "core/smtp/client.h"
#include "tests/support/fakeclock.h"
#include "tests/transcripts/scriptedstream.h"
#endif

#include <QDir>
#include <QFile>
#include <QTest>

using namespace kittiwake;
using namespace kittiwake::smtp;

namespace
{

struct Line {
    enum class Kind { Client, LastClient, Server, ServerPiece, Upgrade, Time };
    Kind kind = Kind::Client;
    QByteArray text;
};

struct Script {
    net::TlsMode tls = net::TlsMode::Implicit;
    QString mechanism;
    QStringList recipients;
    QByteArray message = "Subject: Hello\r\n\r\nText\r\n";
    bool isEightBit = false;
    bool hasUtf8Header = false;
    bool wantsNotice = false;
    QByteArrayList expected;
    std::map<QString, QByteArrayList> refused;
    std::vector<Line> lines;
};

QByteArray unescaped(QByteArray text)
{
    return text.replace("\\r", "\r").replace("\\n", "\n");
}

void readOption(Script &script, const QByteArray &text)
{
    const qsizetype blank = text.indexOf(' ');
    const QByteArray name = blank < 0 ? text : text.left(blank);
    const QByteArray value = blank < 0 ? QByteArray() : text.mid(blank + 1);
    if (name == "tls")
        script.tls = value == "starttls" ? net::TlsMode::StartTls : net::TlsMode::Implicit;
    else if (name == "mechanism")
        script.mechanism = QString::fromLatin1(value);
    else if (name == "to")
        script.recipients = QString::fromUtf8(value).split(u' ');
    else if (name == "message")
        script.message = unescaped(value);
    else if (name == "eight-bit")
        script.isEightBit = true;
    else if (name == "utf8-header")
        script.hasUtf8Header = true;
    else if (name == "notify")
        script.wantsNotice = true;
    else if (name == "expect")
        script.expected = value.split(' ');
    else if (name == "refused")
        script.refused[QString::fromUtf8(value.split(' ').value(0))] = value.split(' ').mid(1);
    else
        qFatal("unknown option %s", name.constData());
}

Script readScript(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    Script script;
    const QByteArrayList lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        if (line.startsWith("! ")) {
            readOption(script, line.mid(2));
            continue;
        }
        const qsizetype colon = line.indexOf(':');
        const QByteArray mark = line.left(colon);
        const QByteArray text = line.mid(colon + 2);
        using Kind = Line::Kind;
        const std::map<QByteArray, Kind> kinds{{"C", Kind::Client},       {"C!", Kind::LastClient}, {"S", Kind::Server},
                                               {"S~", Kind::ServerPiece}, {"X", Kind::Upgrade},     {"T", Kind::Time}};
        if (!kinds.contains(mark))
            qFatal("no such line: %s", line.constData());
        script.lines.push_back({kinds.at(mark), text});
    }
    return script;
}

struct Cut {
    std::size_t after = SIZE_MAX; ///< the line
    bool within = false; ///< half of it came
};

/** What a run of a script came to. */
struct Run {
    Result<void> connected;
    std::optional<Result<Outcome>> outcome;
    bool isDone = false;
    bool endNoted = false;
    bool wasEndEarly = false; ///< the end went out before it was noted down
    bool lastAnswered = false;
    QByteArrayList problems;
    QByteArray leftOver;
};

bool isEnd(const QByteArray &written)
{
    return written.contains("\r\n.\r\n") || written.contains(" LAST\r\n");
}

async::Task<void> flow(Client *client, Script script, std::shared_ptr<ScriptedWire> wire, Run *run,
                       QByteArray *everything)
{
    ConnectOptions options;
    options.endpoint = {QStringLiteral("mail.example.org"), 465};
    options.tls = script.tls;
    options.mechanism = script.mechanism;
    options.userName = QStringLiteral("anna@example.org");
    options.password = Secret("secret");
    run->connected = co_await client->connect(options);
    if (run->connected) {
        Envelope envelope;
        envelope.sender = *Path::parse(QStringLiteral("anna@example.org"));
        for (const QString &recipient : script.recipients)
            envelope.recipients.push_back(*Path::parse(recipient));
        envelope.size = static_cast<std::uint64_t>(script.message.size());
        envelope.hasEightBit = script.isEightBit;
        envelope.hasUtf8Header = script.hasUtf8Header;
        if (script.wantsNotice) {
            envelope.notify = {true, true, false};
            envelope.envelopeId = "a+b";
        }
        BytesSource source(script.message);
        SubmitHooks hooks;
        hooks.beforeEnd = [run, wire, everything]() -> Result<void> {
            run->endNoted = true;
            run->wasEndEarly = isEnd(*everything + wire->written);
            return {};
        };
        auto outcome = co_await client->submit(envelope, &source, hooks);
        run->outcome = std::move(outcome);
        co_await client->quit();
    }
    run->isDone = true;
}

bool matches(const QByteArray &pattern, const QByteArray &line)
{
    if (pattern == "\\*")
        return line == "*";
    return pattern.endsWith('*') ? line.startsWith(pattern.chopped(1)) : line == pattern;
}

Run play(const Script &script, Cut cut = {})
{
    FakeClock clock;
    const auto wire = std::make_shared<ScriptedWire>(clock);
    ScriptedFactory factory(wire);
    Run run;
    QByteArray everything;
    Client client(clock, factory);
    async::TaskScope scope;
    scope.start(flow(&client, script, wire, &run, &everything));
    bool lastSeen = false;
    for (std::size_t i = 0; i < script.lines.size() && run.problems.isEmpty(); ++i) {
        clock.runReady();
        const Line &line = script.lines[i];
        switch (line.kind) {
        case Line::Kind::Client:
        case Line::Kind::LastClient: {
            const qsizetype end = wire->written.indexOf("\r\n");
            const QByteArray said = wire->written.left(std::max<qsizetype>(end, 0));
            if (end < 0 || !matches(line.text, said)) {
                run.problems.append("expected " + line.text + ", got " + wire->written);
                break;
            }
            lastSeen = lastSeen || line.kind == Line::Kind::LastClient;
            everything += said + "\r\n";
            wire->written.remove(0, end + 2);
            break;
        }
        case Line::Kind::Server:
        case Line::Kind::ServerPiece: {
            if (!wire->written.isEmpty())
                run.problems.append("said " + wire->written + " too early");
            QByteArray bytes = unescaped(line.text);
            if (line.kind == Line::Kind::Server)
                bytes += "\r\n";
            if (i == cut.after && cut.within) {
                bytes.truncate(bytes.size() / 2);
            } else if (lastSeen && !bytes.startsWith("334")) {
                run.lastAnswered = true;
            }
            wire->deliver(bytes);
            break;
        }
        case Line::Kind::Upgrade:
            if (wire->upgrades != QByteArrayList{line.text})
                run.problems.append("no upgrade");
            wire->upgrades.clear();
            break;
        case Line::Kind::Time:
            clock.advance(std::chrono::seconds(line.text.toInt()));
            break;
        }
        if (i == cut.after) {
            wire->close();
            break;
        }
    }
    clock.runReady();
    run.leftOver = wire->written;
    everything += wire->written;
    if (cut.after != SIZE_MAX)
        clock.advance(std::chrono::minutes(15));
    return run;
}

QByteArray kindName(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Network:
        return "network";
    case ErrorKind::Tls:
        return "tls";
    case ErrorKind::Auth:
        return "auth";
    case ErrorKind::Protocol:
        return "protocol";
    case ErrorKind::ServerRefused:
        return "refused";
    default:
        return "other";
    }
}

/** "error tls", "sent", "refused policy", "unknown". */
QByteArrayList told(const Run &run)
{
    if (!run.connected)
        return {"error", kindName(run.connected.error())};
    if (!run.outcome)
        return {"nothing"};
    if (!*run.outcome)
        return {"error", kindName(run.outcome->error())};
    const Outcome &outcome = **run.outcome;
    QByteArrayList words;
    words.append(outcome.state == Outcome::State::Sent          ? "sent"
                     : outcome.state == Outcome::State::Unknown ? "unknown"
                                                                : "refused");
    if (outcome.refusal)
        words.append(refusalKindName(outcome.refusal->kind).toLatin1());
    return words;
}

void addFiles()
{
    QTest::addColumn<QString>("path");
    const QDir folder(QStringLiteral(KITTIWAKE_SOURCE_DIR "/tests/transcripts/smtp"));
    for (const QString &name : folder.entryList({QStringLiteral("*.smtp")}, QDir::Files, QDir::Name))
        QTest::newRow(qPrintable(name)) << folder.filePath(name);
}

} // namespace

class TestSmtpTranscripts final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asWritten_data() { addFiles(); }
    void asWritten()
    {
        QFETCH(const QString, path);
        const Script script = readScript(path);
        const Run run = play(script);
        QVERIFY2(run.problems.isEmpty(), run.problems.join('\n').constData());
        QVERIFY(run.isDone);
        QCOMPARE(told(run), script.expected);
        QVERIFY2(run.leftOver.isEmpty(), run.leftOver.constData()); // and nothing else was sent
        QVERIFY(!run.wasEndEarly);
        if (!run.outcome || !*run.outcome) {
            const Error &error = run.connected ? run.outcome->error() : run.connected.error();
            QVERIFY(error.userText.endsWith(u'.') && error.userText.contains(QLatin1String("mail.example.org:465")));
            return;
        }
        const Outcome &outcome = **run.outcome;
        if (outcome.refusal)
            QVERIFY(outcome.refusal->userText.contains(u'.') && !outcome.refusal->userText.contains(u'%'));
        QCOMPARE(outcome.recipients.size(), static_cast<std::size_t>(script.recipients.size()));
        for (const RecipientResult &one : outcome.recipients) {
            const auto wanted = script.refused.find(one.recipient.text());
            QCOMPARE(one.refusal.has_value(), wanted != script.refused.end());
            if (!one.refusal)
                continue;
            QCOMPARE(refusalKindName(one.refusal->kind).toLatin1(), wanted->second.value(0));
            QCOMPARE(one.refusal->isTemporary, wanted->second.value(1) == "temporary");
            QVERIFY(!one.refusal->userText.contains(u'%'));
        }
    }

    void cutAnywhere_data() { addFiles(); }
    void cutAnywhere()
    {
        QFETCH(const QString, path);
        const Script script = readScript(path);
        for (std::size_t i = 0; i < script.lines.size(); ++i) {
            const auto kind = script.lines[i].kind;
            const bool isServer = kind == Line::Kind::Server || kind == Line::Kind::ServerPiece;
            for (const bool within : {false, true}) {
                if (within && !isServer)
                    continue;
                const Run run = play(script, {i, within});
                const QByteArray place = "line " + QByteArray::number(static_cast<int>(i)) + (within ? " within" : "");
                QVERIFY2(run.problems.isEmpty(), QByteArray(place + run.problems.join('\n')).constData());
                QVERIFY2(run.isDone, place.constData());
                const QByteArray first = told(run).value(0);
                // What went out to its end and got no answer is neither sent nor failed; what did not go out is not
                // unknown.
                QVERIFY2((first == "unknown") == (run.endNoted && !run.lastAnswered) || script.expected[0] == "unknown",
                         QByteArray(place + ": " + told(run).join(' ')).constData());
                QVERIFY2(first != "sent" || run.lastAnswered, place.constData());
                QVERIFY2(!run.wasEndEarly, place.constData());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestSmtpTranscripts)
#include "test_smtp_transcripts.moc"
