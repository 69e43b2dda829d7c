// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of tests/fixtures/torture through the reader pane: each shows what it should, or says why not, in time.
#include "core/mime/content.h"
#include "tests/ui/fakesource.h"
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/reader/htmlview.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"
#include "ui/widgets/banner.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <ctime>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

const QString folder = QStringLiteral(KITTIWAKE_SOURCE_DIR "/tests/fixtures/torture");

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestReaderTorture final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_sample = fillWithSample(m_source, QDateTime(QDate(2026, 9, 24), QTime(14, 3)));
        m_reader = std::make_unique<ReaderPane>(m_source);
        m_reader->resize(700, 600);
        m_reader->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_reader.get()));
    }
    void cleanupTestCase() { m_reader.reset(); }

    void isShownAsWellAsItCanBe_data()
    {
        QTest::addColumn<QJsonObject>("expected");
        const QJsonObject all = QJsonDocument::fromJson(contentOf(folder + QStringLiteral("/expected.json"))).object();
        QVERIFY(all.size() >= 40);
        for (auto entry = all.begin(); entry != all.end(); ++entry)
            QTest::newRow(qPrintable(entry.key())) << entry.value().toObject();
        QCOMPARE(QDir(folder).entryList({QStringLiteral("*.eml")}, QDir::Files).size(), all.size());
    }

    void isShownAsWellAsItCanBe()
    {
        QFETCH(QJsonObject, expected);
        const QString file
            = folder + QLatin1Char('/') + QString::fromLatin1(QTest::currentDataTag()) + QStringLiteral(".eml");
        QElapsedTimer timer;
        const std::clock_t begin = std::clock();
        const mime::MessageContent content = mime::contentOfMessage(contentOf(file));
        // In a worker thread, and even there no more than a moment.
        const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC; // of this process alone
        QVERIFY2(seconds < 2, qPrintable(QString::number(seconds)));

        mail::MessageHeader header;
        header.subject = QStringLiteral("torture");
        const MessageId id = m_source.store().add(m_sample.inbox, header);
        m_source.setContent(id, content);
        const store::MessageRow row = m_source.store().rows(std::span(&id, 1)).front();
        timer.start();
        m_reader->showMessage(row);
        QTRY_COMPARE(m_reader->state(), ReaderPane::State::Showing);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));

        const QString kind = expected.value(QStringLiteral("kind")).toString();
        PlainTextView &plain = m_reader->plainView();
        QTRY_VERIFY(!plain.isFilling());
        if (kind == QLatin1String("html")) {
            QVERIFY(m_reader->htmlView() && m_reader->htmlView()->isVisible());
        } else if (kind == QLatin1String("empty")) {
            QVERIFY(plain.isVisible() && plain.toPlainText().isEmpty());
            QVERIFY2(plain.placeholderText().contains(expected.value(QStringLiteral("notice")).toString()),
                     qPrintable(plain.placeholderText()));
        } else {
            QVERIFY(plain.isVisible());
            const QString shown = plain.toPlainText();
            const QString text = expected.value(QStringLiteral("text")).toString();
            QVERIFY2(shown.contains(text), qPrintable(shown.left(300)));
        }
        const auto *banner = m_reader->findChild<Banner *>(QStringLiteral("defectBanner"));
        const QJsonArray defects = expected.value(QStringLiteral("defects")).toArray();
        QCOMPARE(banner->isVisible(), !defects.isEmpty());
        for (const QJsonValue &defect : defects)
            QVERIFY2(banner->text().contains(defect.toString()), qPrintable(banner->text()));
    }

private:
    FakeSource m_source;
    Sample m_sample;
    std::unique_ptr<ReaderPane> m_reader;
};

KITTIWAKE_UI_TEST_MAIN(TestReaderTorture)
#include "test_readertorture.moc"
