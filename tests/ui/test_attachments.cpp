// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a message: opened, looked at, saved, refused; messages, calendars and winmail.dat among them; lists
// left.
#include "core/mime/sanitiser.h"
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/attachments/invitecard.h"
#include "ui/attachments/invitetext.h"
#include "ui/attachments/previewwindow.h"
#include "ui/messagewindow/readercommands.h"
#include "ui/messagewindow/readercontext.h"
#include "ui/messagewindow/readerwindow.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"
#include "ui/reader/sendernotes.h"
#include "ui/widgets/banner.h"

#include <QBuffer>
#include <QDir>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
#include <QPdfWriter>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtEndian>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

// The helper is a process of its own; on a busy machine that takes its time.
constexpr int patience = 20000;

QString helperProgram()
{
    return QStringLiteral(KITTIWAKE_BINARY_DIR "/bin/kittiwake-helper");
}

struct Fixture {
    QTemporaryDir profile;
    FakeSource source;
    Sample sample = fillWithSample(source, QDateTime(QDate(2026, 9, 24), QTime(14, 3)));
    std::unique_ptr<ReaderContext> context = std::make_unique<ReaderContext>(profile.path());
    ReaderPane reader{source};
    ReaderCommands commands{source, reader, *context, nullptr};
    QList<QUrl> opened;
    MessageId message;
    mime::MessageContent content;
    engine::SenderReport report;

    Fixture()
    {
        reader.resize(700, 600);
        reader.show();
        reader.attachments().opener().helper().setProgram(helperProgram());
        reader.attachments().opener().setUrlOpener([this](const QUrl &url) {
            opened.append(url);
            return true;
        });
        content.plainText = QStringLiteral("See the files.");
    }
    void attach(const QString &name, const QByteArray &type, const QByteArray &data)
    {
        mime::Attachment attachment;
        attachment.section = QByteArray::number(static_cast<qulonglong>(content.attachments.size() + 2));
        attachment.fileName = name;
        attachment.mimeType = type;
        attachment.size = static_cast<std::uint64_t>(data.size());
        attachment.isMessage = type == "message/rfc822";
        content.attachments.push_back(attachment);
        m_data.push_back(data);
    }
    void show()
    {
        message = source.store().add(sample.inbox, {});
        source.setContent(message, content);
        source.setSenderReport(message, report);
        for (std::size_t i = 0; i < m_data.size(); ++i)
            source.setPart(message, content.attachments[i].section, m_data[i]);
        reader.showMessage(source.store().rows(std::span(&message, 1)).front());
        QTRY_COMPARE(reader.state(), ReaderPane::State::Showing);
    }
    AttachmentChip *chip(std::size_t index = 0) { return reader.attachments().chips().at(index); }
    [[nodiscard]] QString error() const
    {
        auto *banner = reader.findChild<Banner *>(QStringLiteral("errorBanner"));
        return banner->isVisible() ? banner->text() : QString();
    }
    PreviewWindow *preview()
    {
        chip()->click();
        auto *window = reader.findChild<PreviewWindow *>();
        if (window == nullptr)
            return nullptr;
        const auto isDone = [window] { return !window->noticeText().startsWith(QStringLiteral("Fetching")); };
        if (!QTest::qWaitFor(isDone, patience))
            return nullptr;
        return window;
    }

private:
    std::vector<QByteArray> m_data;
};

QByteArray png(int width, int height)
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(QColor(0x3366cc));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray pdf()
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(QPageSize::A4));
    QPainter painter(&writer);
    painter.fillRect(0, 0, writer.width(), writer.height() / 2, QColor(0xcc3366));
    writer.newPage();
    painter.end();
    return bytes;
}

/** A winmail.dat with two files ([MS-OXTNEF] section 2.1). */
QByteArray winmailDat()
{
    QByteArray bytes;
    const auto number = [&bytes](quint32 value, int size) {
        for (int i = 0; i < size; ++i)
            bytes += static_cast<char>(value >> (8 * i));
    };
    const auto attribute = [&](quint8 level, quint32 id, const QByteArray &data) {
        number(level, 1);
        number(id, 4);
        number(static_cast<quint32>(data.size()), 4);
        bytes += data;
        quint16 sum = 0;
        for (const char c : data)
            sum = static_cast<quint16>(sum + static_cast<quint8>(c));
        number(sum, 2);
    };
    number(0x223E9F78, 4);
    number(1, 2);
    attribute(1, 0x00089006, QByteArray("\x00\x00\x01\x00", 4)); // attTnefVersion
    for (const auto &[name, data] : {std::pair<QByteArray, QByteArray>("plan.txt", "the plan"),
                                     std::pair<QByteArray, QByteArray>("trick.exe", "MZ")}) {
        attribute(2, 0x00069002, QByteArray(14, '\0')); // attAttachRendData
        attribute(2, 0x00018010, name + '\0'); // attAttachTitle
        attribute(2, 0x0006800F, data); // attAttachData
    }
    return bytes;
}

QByteArray calendar(const QByteArray &event, const QByteArray &method = "REQUEST")
{
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nMETHOD:" + method
        + "\r\nBEGIN:VEVENT\r\nUID:1@x\r\n" + event + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

QString contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestAttachments final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsOpenedFromAPrivateFolderThatIsWiped()
    {
        Fixture f;
        f.attach(QStringLiteral("Annexes.zip"), "application/zip", "zipped");
        f.show();
        f.chip()->click();
        QTRY_COMPARE(f.opened.size(), 1);
        const QString path = f.opened.first().toLocalFile();
        QVERIFY2(path.startsWith(f.profile.path() + QStringLiteral("/opened/")), qPrintable(path));
        QVERIFY(path.endsWith(QStringLiteral("/Annexes.zip")));
        QCOMPARE(contentOf(path), QStringLiteral("zipped"));
        QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeUser),
                 QFile::Permissions());
        QTRY_COMPARE(f.chip()->state(), AttachmentChip::State::Idle);
        f.context->files.wipe();
        QVERIFY(!QFileInfo::exists(f.profile.path() + QStringLiteral("/opened")));
    }

    void dangerousFilesAreSavedAfterAQuestionOnly()
    {
        Fixture f;
        const QTemporaryDir dir;
        f.attach(QStringLiteral("invoice.pdf.exe"), "application/pdf", "MZ");
        f.attach(QStringLiteral("page.html"), "text/html", "<script>");
        f.show();
        int asked = 0;
        f.reader.attachments().setChooser(
            [&](QWidget *, const QString &suggestion, const std::function<void(QString)> &chosen) {
                ++asked;
                chosen(suggestion.isEmpty() ? dir.path() : dir.filePath(suggestion));
            });
        f.chip()->click();
        auto *box = f.reader.findChild<QMessageBox *>(QStringLiteral("dangerousAttachment"));
        QVERIFY(box);
        QVERIFY2(box->text().contains(QStringLiteral("Its real kind is .exe")), qPrintable(box->text()));
        QCOMPARE(asked, 0);
        QVERIFY(f.opened.isEmpty());
        box->findChild<QPushButton *>(QStringLiteral("saveAnyway"))->click();
        QTRY_COMPARE(f.chip()->state(), AttachmentChip::State::Saved);
        QCOMPARE(contentOf(dir.filePath(QStringLiteral("invoice.pdf.exe"))), QStringLiteral("MZ"));
        // Not by the back door either.
        bool answered = false;
        f.reader.attachments().opener().open(f.chip(1)->file()).then(this, [&](const Result<void> &opened) {
            answered = true;
            QVERIFY(!opened);
        });
        QTRY_VERIFY(answered);
        QVERIFY(f.opened.isEmpty());
        f.reader.findChild<QPushButton *>(QStringLiteral("saveAllButton"))->click();
        QCoreApplication::sendPostedEvents();
        QVERIFY(!QFileInfo::exists(dir.filePath(QStringLiteral("page.html"))));
        // Nothing is dragged that must not be opened.
        bool dragged = false;
        f.reader.attachments().setDragStarter([&](QWidget *, const QString &) { dragged = true; });
        Q_EMIT f.chip()->dragRequested();
        QCoreApplication::sendPostedEvents();
        QVERIFY(!dragged && !QFileInfo::exists(f.profile.path() + QStringLiteral("/opened")));
    }

    void theMenuOffersWhatCanBeDone()
    {
        Fixture f;
        f.attach(QStringLiteral("photo.png"), "image/png", png(4, 4));
        f.attach(QStringLiteral("setup.exe"), "application/octet-stream", "MZ");
        f.show();
        const auto titles = [&](std::size_t index) {
            QStringList all;
            QMenu *menu = f.reader.attachments().menuOf(f.chip(index));
            for (const QAction *action : menu->actions()) {
                if (!action->isSeparator())
                    all.append(action->text());
            }
            delete menu;
            return all;
        };
        QCOMPARE(titles(0),
                 (QStringList{QStringLiteral("Preview"), QStringLiteral("Open"), QStringLiteral("Save as…"),
                              QStringLiteral("Save all…")}));
        QCOMPARE(titles(1), (QStringList{QStringLiteral("Save as…"), QStringLiteral("Save all…")}));
    }

    void picturesAreLookedAtWithinLimits_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QSize>("shown");
        QTest::addColumn<QString>("facts");
        QByteArray bomb = png(2, 2);
        qToBigEndian<quint32>(60000, bomb.data() + 16); // width and height of the header
        qToBigEndian<quint32>(60000, bomb.data() + 20);
        QTest::newRow("small") << png(320, 200) << QSize(320, 200) << QStringLiteral("320 × 200 pixels");
        QTest::newRow("large") << png(5000, 2500) << QSize(2400, 1200) << QStringLiteral("5,000 × 2,500 pixels");
        QTest::newRow("cut off") << png(300, 300).left(60) << QSize() << QString();
        QTest::newRow("another file") << QByteArray("MZ not a picture") << QSize() << QString();
        QTest::newRow("says it is enormous") << bomb << QSize() << QString();
    }

    void picturesAreLookedAtWithinLimits()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QSize, shown);
        QFETCH(const QString, facts);
        Fixture f;
        f.attach(QStringLiteral("photo.png"), "image/png", bytes);
        f.show();
        PreviewWindow *window = f.preview();
        QVERIFY(window);
        QCOMPARE(window->image().size(), shown.isValid() ? shown : QSize(0, 0));
        QCOMPARE(window->noticeText().isEmpty(), shown.isValid());
        QString said = window->factsText();
        said.remove(QChar(0x202F)).remove(QChar(0xA0));
        QCOMPARE(QString(said).remove(u','), QString(facts).remove(u','));
        if (shown.isValid())
            QCOMPARE(window->image().pixelColor(1, 1), QColor(0x3366cc));
        QVERIFY(!QFileInfo::exists(f.profile.path() + QStringLiteral("/opened")));
    }

    void aPdfShowsItsFirstPage()
    {
        Fixture f;
        f.attach(QStringLiteral("paper.pdf"), "application/pdf", pdf());
        f.show();
        PreviewWindow *window = f.preview();
        QVERIFY(window);
        QVERIFY2(window->noticeText().isEmpty(), qPrintable(window->noticeText()));
        QCOMPARE(window->factsText(), QStringLiteral("Page 1 of 2"));
        const QImage &page = window->image();
        QVERIFY(page.height() > page.width()); // A4
        QCOMPARE(page.pixelColor(page.width() / 2, page.height() / 4), QColor(0xcc3366));
        QCOMPARE(page.pixelColor(page.width() / 2, page.height() - 5), QColor(Qt::white));
    }

    void textIsShownAsText()
    {
        Fixture f;
        f.attach(QStringLiteral("notes.txt"), "text/plain",
                 "<b>Gr\xFC\xDF"
                 "e</b>\n"
                     + QByteArray(9000, 'x'));
        f.show();
        PreviewWindow *window = f.preview();
        QVERIFY(window && window->text().startsWith(QStringLiteral("<b>Grüße</b>\n")));
    }

    void aHelperThatFailsIsASentence()
    {
        Fixture f;
        f.reader.attachments().opener().helper().setProgram(QStringLiteral("/nonexistent/helper"));
        f.attach(QStringLiteral("photo.png"), "image/png", png(4, 4));
        f.show();
        PreviewWindow *window = f.preview();
        QVERIFY(window && window->noticeText().contains(QStringLiteral("not installed completely")));
        window->close();
        f.reader.attachments().opener().helper().setProgram(QStringLiteral("/bin/false"));
        QTRY_VERIFY(!f.reader.findChild<PreviewWindow *>());
        window = f.preview();
        QVERIFY(window && window->noticeText().contains(QStringLiteral("can still be saved")));
    }

    void theHelperMayDoNextToNothing()
    {
        QProcess helper;
        helper.start(helperProgram(), {QStringLiteral("confinement")});
        QVERIFY(helper.waitForStarted());
        helper.closeWriteChannel();
        QVERIFY(helper.waitForFinished(patience));
        const QCborMap map = QCborValue::fromCbor(helper.readAllStandardOutput()).toMap();
        QCOMPARE(map.value(QLatin1String("sockets")).toBool(true), false);
        QCOMPARE(map.value(QLatin1String("programs")).toBool(true), false);
        QCOMPARE(map.value(QLatin1String("files")).toBool(true), false);
    }

    void anAttachedMessageOpensAsAMessage()
    {
        Fixture f;
        f.attach(
            QStringLiteral("Forwarded.eml"), "message/rfc822",
            "From: Ben <ben@example.org>\r\nSubject: Inner\r\nContent-Type: text/plain\r\n\r\nThe inner text.\r\n");
        f.attach(QStringLiteral("not.eml"), "application/octet-stream", "no message at all");
        f.show();
        f.chip()->click();
        QTRY_VERIFY(f.reader.findChild<ReaderWindow *>());
        auto *window = f.reader.findChild<ReaderWindow *>();
        QTRY_COMPARE(window->reader().state(), ReaderPane::State::Showing);
        QCOMPARE(window->reader().plainView().toPlainText().trimmed(), QStringLiteral("The inner text."));
        f.chip(1)->click();
        QTRY_VERIFY2(f.error().contains(QStringLiteral("is not a mail message")), qPrintable(f.error()));
        QCOMPARE(f.chip(1)->state(), AttachmentChip::State::Failed);
    }

    void winmailDatIsUnpacked()
    {
        Fixture f;
        f.attach(QStringLiteral("winmail.dat"), "application/ms-tnef", winmailDat());
        f.show();
        f.chip()->click();
        QTRY_COMPARE_WITH_TIMEOUT(f.reader.attachments().chips().size(), 2U, patience);
        QCOMPARE(f.chip(0)->attachment().fileName, QStringLiteral("plan.txt"));
        QCOMPARE(f.chip(1)->file().rule().verdict, mime::OpenRule::Verdict::Refuse);
        const PreviewWindow *window = f.preview();
        QVERIFY(window);
        QVERIFY2(window->noticeText().isEmpty(), qPrintable(window->noticeText()));
        QCOMPARE(window->text().trimmed(), QStringLiteral("the plan"));
    }

    void aDamagedWinmailDatIsASentence_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("noise") << QByteArray(4000, '\x5a');
        QTest::newRow("signature only") << winmailDat().left(6);
        QByteArray large = winmailDat();
        large.replace(QByteArray("\x08\x00\x00\x00the", 7), QByteArray("\xff\xff\xff\x7fthe", 7));
        QTest::newRow("length of a lie") << large;
    }

    void aDamagedWinmailDatIsASentence()
    {
        QFETCH(const QByteArray, bytes);
        Fixture f;
        f.attach(QStringLiteral("winmail.dat"), "application/ms-tnef", bytes);
        f.show();
        f.chip()->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.chip()->state() != AttachmentChip::State::Opening, patience);
        QVERIFY(f.chip()->state() == AttachmentChip::State::Failed
                || f.chip()->attachment().fileName != u"winmail.dat");
    }

    void anInvitationIsShownAsACard()
    {
        Fixture f;
        f.attach(QStringLiteral("invite.ics"), "text/calendar",
                 calendar("DTSTART;TZID=Europe/Berlin:20260924T140000\r\nDTEND;TZID=Europe/Berlin:20260924T153000\r\n"
                          "SUMMARY:Harbour <b>walk</b>\r\nLOCATION:Pier 4\\, Bergen\r\n"
                          "ORGANIZER;CN=Ingrid Solberg:mailto:ingrid@example.org\r\n"
                          "ATTENDEE;CN=Marit;PARTSTAT=ACCEPTED:mailto:marit@example.org\r\n"
                          "ATTENDEE;CN=Ben;ROLE=OPT-PARTICIPANT:mailto:ben@example.org\r\n"
                          "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=10\r\n"));
        f.show();
        InviteCard &card = f.reader.inviteCard();
        QTRY_VERIFY_WITH_TIMEOUT(card.isVisible(), patience);
        const QString text = card.text();
        QVERIFY2(text.startsWith(QStringLiteral("Invitation\nHarbour <b>walk</b>\n")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("12:00")) && text.contains(QStringLiteral("(UTC)")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("Pier 4, Bergen")));
        QVERIFY(text.contains(QStringLiteral("ingrid@example.org")));
        QVERIFY2(text.contains(QStringLiteral("(accepted)")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("Every 2 weeks on Monday, Thursday, 10 times")), qPrintable(text));
        // It goes with its message.
        f.reader.showMessage(f.source.store().rows(std::span(&f.sample.plain, 1)).front());
        QVERIFY(!card.isVisible());
    }

    void whatCalendarsHold_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected"); // empty: no card
        QTest::newRow("nothing") << QByteArray() << QString();
        QTest::newRow("no calendar") << QByteArray("hello\n") << QString();
        QTest::newRow("no beginning") << calendar("SUMMARY:x\r\n") << QString();
        QTest::newRow("all day") << calendar("DTSTART;VALUE=DATE:20260924\r\nDTEND;VALUE=DATE:20260926\r\n")
                                 << QStringLiteral("25 September 2026, all day");
        QTest::newRow("cancelled") << calendar("DTSTART:20260924T120000Z\r\n", "CANCEL") << QStringLiteral("Cancelled");
        QTest::newRow("an answer") << calendar(
            "DTSTART:20260924T120000Z\r\nATTENDEE;CN=Ben;PARTSTAT=DECLINED:mailto:b@x.example\r\n", "REPLY")
                                   << QStringLiteral("has declined");
        QTest::newRow("local time") << calendar("DTSTART:20260924T120000\r\n") << QStringLiteral("(local time)");
        QTest::newRow("Outlook's zone") << calendar("DTSTART;TZID=W. Europe Standard Time:20260924T140000\r\n")
                                        << QStringLiteral("12:00");
        QTest::newRow("a zone of its own") << QByteArray(
            "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
            "DTSTART;TZID=Ours:20260924T140000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
                                           << QStringLiteral("11:00");
        QTest::newRow("a zone nobody knows")
            << calendar("DTSTART;TZID=Nowhere:20260924T140000\r\n") << QStringLiteral("time zone that is not known");
        QTest::newRow("monthly") << calendar("DTSTART:20260924T120000Z\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR\r\n")
                                 << QStringLiteral("Every month on the last Friday");
        QTest::newRow("yearly until") << calendar(
            "DTSTART:20260924T120000Z\r\nRRULE:FREQ=YEARLY;UNTIL=20300924T120000Z\r\n")
                                      << QStringLiteral("Every year, until");
        QTest::newRow("more than words") << calendar(
            "DTSTART:20260924T120000Z\r\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=2\r\n")
                                         << QStringLiteral("by a rule that is more than these words");
        QTest::newRow("lines in a title")
            << calendar("DTSTART:20260924T120000Z\r\nSUMMARY:one\\ntwo\xE2\x80\xAEx\r\n") << QStringLiteral("one twox");
        QByteArray many;
        for (int i = 0; i < 1000; ++i)
            many += "ATTENDEE:mailto:p" + QByteArray::number(i) + "@x.example\r\n";
        QTest::newRow("a crowd") << calendar("DTSTART:20260924T120000Z\r\n" + many) << QStringLiteral("and 997 more");
        QTest::newRow("deep") << QByteArray("BEGIN:VCALENDAR\r\n").repeated(20000) << QString();
        QTest::newRow("absurd date") << calendar("DTSTART:99999999T999999Z\r\n") << QString();
    }

    void whatCalendarsHold()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, expected);
        Fixture f;
        f.attach(QStringLiteral("x.ics"), "text/calendar", bytes);
        const QSignalSpy ready(&f.reader.inviteCard(), &InviteCard::ready);
        f.show();
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), patience);
        QCOMPARE(f.reader.inviteCard().isVisible(), !expected.isEmpty());
        if (!expected.isEmpty())
            QVERIFY2(f.reader.inviteCard().text().contains(expected), qPrintable(f.reader.inviteCard().text()));
    }

    void aListIsLeftOnOneClickWithAQuestion()
    {
        Fixture f;
        f.content.unsubscribe.web = QUrl(QStringLiteral("https://lists.example.org/leave?u=1"));
        f.content.unsubscribe.oneClick = true;
        f.show();
        auto *button = f.reader.findChild<QToolButton *>(QStringLiteral("leaveListButton"));
        QVERIFY(button->isVisible());
        button->click();
        auto *box = f.reader.findChild<QMessageBox *>(QStringLiteral("leaveListQuestion"));
        QVERIFY(box && box->informativeText().contains(QStringLiteral("lists.example.org")));
        QVERIFY(box->informativeText().contains(QStringLiteral("does not say whether")));
        QVERIFY(f.source.unsubscribed().isEmpty()); // not before the answer
        box->findChild<QPushButton *>(QStringLiteral("confirmLeaving"))->click();
        auto *banner = f.reader.findChild<Banner *>(QStringLiteral("listBanner"));
        QTRY_VERIFY(banner->text().contains(QStringLiteral("has confirmed")));
        QCOMPARE(f.source.unsubscribed(), QList<QUrl>{f.content.unsubscribe.web});
        QVERIFY(!button->isVisible());
        // A message of no list has no button.
        f.reader.showMessage(f.source.store().rows(std::span(&f.sample.plain, 1)).front());
        QVERIFY(!button->isVisible() && !banner->isVisible());
    }

    void oneClickGoesToWhomASignatureVouchesFor_data()
    {
        QTest::addColumn<QStringList>("valid");
        QTest::addColumn<bool>("oneClick");
        QTest::newRow("valid") << QStringList{QStringLiteral("other.example"), QStringLiteral("example.org")} << true;
        QTest::newRow("of somebody else") << QStringList{QStringLiteral("other.example")} << false;
        QTest::newRow("none is valid") << QStringList() << false;
    }

    void oneClickGoesToWhomASignatureVouchesFor()
    {
        QFETCH(const QStringList, valid);
        QFETCH(const bool, oneClick);
        Fixture f;
        f.content.unsubscribe.web = QUrl(QStringLiteral("https://lists.example.org/leave?u=1"));
        f.content.unsubscribe.oneClick = true;
        f.content.unsubscribe.signers = {QStringLiteral("example.org")};
        f.report.validSigners = valid;
        auto *notes = f.reader.findChild<SenderNotes *>();
        const QSignalSpy inspected(notes, &SenderNotes::inspected);
        f.show();
        QTRY_COMPARE(inspected.size(), 1);
        QSignalSpy links(&f.reader, &ReaderPane::linkActivated);
        f.reader.findChild<QToolButton *>(QStringLiteral("leaveListButton"))->click();
        auto *box = f.reader.findChild<QMessageBox *>(QStringLiteral("leaveListQuestion"));
        QVERIFY(!box->informativeText().contains(QStringLiteral("does not say whether")));
        box->findChild<QPushButton *>(QStringLiteral("confirmLeaving"))->click();
        QCOMPARE(f.source.unsubscribed().size(), oneClick ? 1 : 0);
        QCOMPARE(links.size(), oneClick ? 0 : 1); // otherwise the page is opened, where the person decides
    }

    void otherListsAreLeftByMailOrPage()
    {
        Fixture f;
        f.content.unsubscribe.mail = QUrl(QStringLiteral("mailto:leave@lists.example.org?subject=off"));
        f.show();
        QSignalSpy links(&f.reader, &ReaderPane::linkActivated);
        f.reader.findChild<QToolButton *>(QStringLiteral("leaveListButton"))->click();
        auto *box = f.reader.findChild<QMessageBox *>(QStringLiteral("leaveListQuestion"));
        QVERIFY(box && box->informativeText().contains(QStringLiteral("leave@lists.example.org")));
        box->findChild<QPushButton *>(QStringLiteral("confirmLeaving"))->click();
        QCOMPARE(links.size(), 1);
        QCOMPARE(links.first().first().toUrl(), f.content.unsubscribe.mail);
        QVERIFY(f.source.unsubscribed().isEmpty());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestAttachments)
#include "test_attachments.moc"
