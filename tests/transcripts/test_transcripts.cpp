// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which the runner's headers bring in
#include "tests/transcripts/transcriptrunner.h"
#endif

#include <QDir>
#include <QTest>

using namespace kittiwake;

/** Every transcript of tests/transcripts/imap, as it stands and with the connection hurt at every place. */
class TestTranscripts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void transcript_data() { addAll(); }
    void transcript();
    void faultsAtEveryLine_data() { addAll(); }
    void faultsAtEveryLine();
    void faultsAtEveryByte_data() { addAll(); }
    void faultsAtEveryByte();
    void garblesBytes_data() { addAll(); }
    void garblesBytes();

private:
    void addAll() const;
    [[nodiscard]] const Transcript &current() const;

    std::vector<Transcript> m_transcripts;
};

void TestTranscripts::initTestCase()
{
    const QDir folder(QStringLiteral(KITTIWAKE_SOURCE_DIR "/tests/transcripts/imap"));
    for (const QString &file : folder.entryList({QStringLiteral("*.imap")}, QDir::Files, QDir::Name)) {
        auto transcript = readTranscript(folder.filePath(file));
        QVERIFY2(transcript, transcript ? "" : qPrintable(transcript.error().userText));
        m_transcripts.push_back(std::move(*transcript));
    }
    QVERIFY(m_transcripts.size() > 30);
}

void TestTranscripts::addAll() const
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < m_transcripts.size(); ++i)
        QTest::newRow(qPrintable(m_transcripts[i].name)) << static_cast<int>(i);
}

const Transcript &TestTranscripts::current() const
{
    QFETCH(int, index);
    return m_transcripts[static_cast<std::size_t>(index)];
}

void TestTranscripts::transcript()
{
    const Transcript &transcript = current();
    for (const Delivery delivery : {Delivery::Together, Delivery::Lines, Delivery::Bytes}) {
        if (transcript.oneReadOnly && delivery != Delivery::Together)
            continue;
        TranscriptRunner runner(transcript, delivery);
        const QString wrong = runner.run();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong + QStringLiteral(" (delivery %1)").arg(static_cast<int>(delivery))));
    }
}

void TestTranscripts::faultsAtEveryLine()
{
    const Transcript &transcript = current();
    qsizetype offset = 0;
    for (const TranscriptStep &step : transcript.steps) {
        if (step.kind != TranscriptStep::Kind::Server)
            continue;
        for (const Fault::Kind kind : {Fault::Kind::Fail, Fault::Kind::Silence, Fault::Kind::Destroy}) {
            // Just behind the line before, and in the midst of this one.
            for (const qsizetype at : {offset, offset + step.text.size() / 2}) {
                TranscriptRunner runner(transcript, Delivery::Together, {kind, at});
                const QString wrong = runner.run();
                QVERIFY2(wrong.isEmpty(),
                         qPrintable(wrong
                                    + QStringLiteral(" (fault %1 at byte %2)")
                                          .arg(QString::number(static_cast<int>(kind)), QString::number(at))));
            }
        }
        offset += step.text.size();
    }
}

void TestTranscripts::faultsAtEveryByte()
{
    const Transcript &transcript = current();
    for (qsizetype at = 0; at <= transcript.serverBytes(); ++at) {
        TranscriptRunner runner(transcript, Delivery::Together, {Fault::Kind::Close, at});
        const QString wrong = runner.run();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong + QStringLiteral(" (closed at byte %1)").arg(at)));
    }
}

void TestTranscripts::garblesBytes()
{
    const Transcript &transcript = current();
    // Every third byte: enough to hit each token, and a third of the time.
    for (qsizetype at = 0; at < transcript.serverBytes() && !transcript.oneReadOnly; at += 3) {
        TranscriptRunner runner(transcript, Delivery::Lines, {Fault::Kind::Garble, at});
        const QString wrong = runner.run();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong + QStringLiteral(" (byte %1 garbled)").arg(at)));
    }
}

QTEST_GUILESS_MAIN(TestTranscripts)
#include "test_transcripts.moc"
