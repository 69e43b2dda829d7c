// SPDX-License-Identifier: GPL-3.0-or-later
// What a session writes, taken in slices of any size; and a message that is read while it goes out.
#include "core/imap/session/session.h"
#include "tests/unit/imap_session/greetedsession.h"

#include <QTest>

#include <algorithm>

using namespace kittiwake;
using namespace kittiwake::imap;

namespace
{

/** About so many octets, of which none stands where another one does. */
QByteArray numberedLines(qsizetype octets)
{
    QByteArray lines;
    for (int number = 0; lines.size() < octets; ++number)
        lines += QByteArray::number(number) + "\r\n";
    return lines;
}

class LinesSource final : public LiteralSource
{
public:
    explicit LinesSource(QByteArray bytes) : m_bytes(std::move(bytes)) { }

    [[nodiscard]] std::uint64_t size() const override { return static_cast<std::uint64_t>(m_bytes.size()); }
    [[nodiscard]] bool hasNul() const override { return nul; }
    [[nodiscard]] Result<QByteArray> read(std::uint64_t from, qsizetype most) const override
    {
        largest = std::max(largest, most);
        const auto at = static_cast<qsizetype>(from);
        if (defect == Defect::Unreadable && at > 50'000)
            return failure(ErrorKind::Storage, {}, QStringLiteral("The disk is broken."));
        if (defect == Defect::Shorter && at > 50'000)
            return QByteArray();
        return m_bytes.mid(at, defect == Defect::TooMuch && at > 50'000 ? most + 1 : most);
    }

    enum class Defect { None, Unreadable, Shorter, TooMuch };
    Defect defect = Defect::None;
    bool nul = false;
    mutable qsizetype largest = 0; ///< that was asked for

private:
    QByteArray m_bytes;
};

} // namespace

class TestImapOutput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outputInSlices_data();
    void outputInSlices();
    void aSourceWaitsForTheServer();
    void aRefusalInTheMiddleOfALiteral();
    void aSourceThatFailsEndsTheSession_data();
    void aSourceThatFailsEndsTheSession();
};

void TestImapOutput::outputInSlices_data()
{
    QTest::addColumn<qsizetype>("most");
    QTest::addColumn<bool>("isRead");
    for (const qsizetype most : {1, 2, 3, 7, 4096, 65536, 1'000'000}) {
        QTest::addRow("%d octets of a source", static_cast<int>(most)) << most << true;
        QTest::addRow("%d octets in memory", static_cast<int>(most)) << most << false;
    }
}

void TestImapOutput::outputInSlices()
{
    // A message that is read while it goes out, and what waits behind it: the same octets, however they are taken.
    QFETCH(qsizetype, most);
    QFETCH(bool, isRead);
    const QByteArray message = numberedLines(most < 100 ? 70'000 : 300'000);
    const auto source = std::make_shared<LinesSource>(message);
    Session session = greeted("LITERAL+ BINARY");
    session.submit(isRead ? Command::append(mail::MailboxName::inbox(), source)
                          : Command::append(mail::MailboxName::inbox(), message));
    session.submit(Command::noop());
    QByteArray output;
    while (session.hasOutput()) {
        const QByteArray slice = session.takeOutput(most);
        QVERIFY(!slice.isEmpty() && slice.size() <= most);
        output += slice;
    }
    const QByteArray expected
        = "A1 APPEND INBOX {" + QByteArray::number(message.size()) + "+}\r\n" + message + "\r\nA2 NOOP\r\n";
    QVERIFY(output == expected);
    QVERIFY(session.takeOutput(most).isEmpty());
    QVERIFY(!isRead || source->largest <= most);
    session.feed("A1 OK done\r\nA2 OK done\r\n");
    QCOMPARE(take<CommandFinished>(session).size(), std::size_t(2));
}

void TestImapOutput::aSourceWaitsForTheServer()
{
    const QByteArray message = numberedLines(100'000);
    const auto source = std::make_shared<LinesSource>(message);
    source->nul = true;
    Session session = greeted("IDLE BINARY");
    session.submit(Command::append(mail::MailboxName::inbox(), source));
    QCOMPARE(session.takeOutput(), "A1 APPEND INBOX ~{" + QByteArray::number(message.size()) + "}\r\n");
    QCOMPARE(source->largest, 0);
    session.feed("+ go on\r\n");
    QVERIFY(session.takeOutput() == message + "\r\n");
    // Refused before it was sent: nothing of it goes out, and what is behind it does.
    session.feed("A1 OK done\r\n");
    session.submit(Command::append(mail::MailboxName::inbox(), source));
    QVERIFY(session.takeOutput().endsWith("}\r\n"));
    session.submit(Command::noop());
    session.feed("A2 NO [TOOBIG] no\r\n");
    QCOMPARE(session.takeOutput(), QByteArray("A3 NOOP\r\n"));
}

void TestImapOutput::aRefusalInTheMiddleOfALiteral()
{
    // LITERAL+: the server may say NO at once, and reads the rest all the same.
    const QByteArray message = numberedLines(100'000);
    Session session = greeted("LITERAL+");
    session.submit(Command::append(mail::MailboxName::inbox(), std::make_shared<LinesSource>(message)));
    QByteArray output = session.takeOutput(1000);
    session.feed("A1 NO [OVERQUOTA] full\r\n");
    session.submit(Command::noop());
    output += session.takeOutput();
    QVERIFY(output.endsWith(QByteArray(message + "\r\nA2 NOOP\r\n")));
}

void TestImapOutput::aSourceThatFailsEndsTheSession_data()
{
    QTest::addColumn<int>("defect");
    QTest::newRow("cannot be read") << static_cast<int>(LinesSource::Defect::Unreadable);
    QTest::newRow("is shorter than it was") << static_cast<int>(LinesSource::Defect::Shorter);
    QTest::newRow("gives more than was asked for") << static_cast<int>(LinesSource::Defect::TooMuch);
}

void TestImapOutput::aSourceThatFailsEndsTheSession()
{
    QFETCH(int, defect);
    const auto source = std::make_shared<LinesSource>(numberedLines(100'000));
    source->defect = static_cast<LinesSource::Defect>(defect);
    Session session = greeted("LITERAL+");
    session.submit(Command::append(mail::MailboxName::inbox(), source));
    session.submit(Command::noop());
    QByteArray output;
    while (session.hasOutput())
        output += session.takeOutput(8192);
    // Its beginning went out; an end that is none would make the server take what follows for commands, or store half.
    QVERIFY(output.size() < 100'000 && !output.contains("NOOP"));
    const auto ended = take<SessionEnded>(session);
    QCOMPARE(ended.size(), std::size_t(1));
    QCOMPARE(ended.front().error.kind, ErrorKind::Storage);
    QVERIFY(!ended.front().error.userText.isEmpty());
}

QTEST_GUILESS_MAIN(TestImapOutput)
#include "test_output.moc"
