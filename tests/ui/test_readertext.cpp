// SPDX-License-Identifier: GPL-3.0-or-later
// What the reader's menu does to a text, and what is fetched ahead while one is read.
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/models/messagelistmodel.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"

#include <QMenu>
#include <QTemporaryDir>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));

mime::MessageContent textIn(const QString &text, const QByteArray &charset)
{
    mime::MessageContent content;
    content.plainText = text;
    content.charset = charset;
    return content;
}

} // namespace

class TestReaderText final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCharsetIsChosenFromTheMenu()
    {
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        ReaderPane reader(source);
        reader.resize(600, 500);
        reader.show();
        const MessageId id = source.store().add(sample.inbox, {});
        source.setContent(id, textIn(QStringLiteral("ðÒÉ×ÅÔ"), "windows-1252"));
        source.setContentIn(id, "koi8-r", textIn(QString::fromUtf8("Привет"), "koi8-r"));
        const auto show = [&](MessageId message) {
            reader.showMessage(source.store().rows(std::span(&message, 1)).front());
            QTRY_COMPARE(reader.state(), ReaderPane::State::Showing);
        };
        show(id);
        auto *menu = reader.menu()->findChild<QMenu *>(QStringLiteral("charsetMenu"));
        QVERIFY(menu);
        const auto actionOf = [&](const QByteArray &charset) {
            for (QAction *action : menu->actions()) {
                if (!action->isSeparator() && action->data().toByteArray() == charset)
                    return action;
            }
            return static_cast<QAction *>(nullptr);
        };
        QVERIFY(actionOf({})->isChecked());
        QVERIFY(actionOf({})->text().contains(QStringLiteral("windows-1252")));
        actionOf("koi8-r")->trigger();
        QTRY_COMPARE(reader.plainView().toPlainText(), QString::fromUtf8("Привет"));
        QVERIFY(actionOf("koi8-r")->isChecked());
        actionOf({})->trigger();
        QTRY_COMPARE(reader.plainView().toPlainText(), QStringLiteral("ðÒÉ×ÅÔ"));
        // Chosen for one message, not for the next.
        actionOf("koi8-r")->trigger();
        show(sample.plain);
        QTRY_VERIFY(reader.plainView().toPlainText().startsWith(QStringLiteral("Good morning")));
        QVERIFY(actionOf({})->isChecked());
    }

    void quotesAndLettersAreChangedFromTheMenu()
    {
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        ReaderPane reader(source);
        reader.resize(600, 500);
        reader.show();
        const MessageId id = source.store().add(sample.inbox, {});
        source.setContent(id, textIn(QStringLiteral("Yes.\n> 1\n> 2\n> 3\n> 4\n> 5\n"), {}));
        reader.showMessage(source.store().rows(std::span(&id, 1)).front());
        QTRY_COMPARE(reader.state(), ReaderPane::State::Showing);
        auto *fold = reader.menu()->findChild<QAction *>(QStringLiteral("foldQuotesAction"));
        if (!fold) {
            for (QAction *action : reader.menu()->actions())
                fold = action->objectName() == QLatin1String("foldQuotesAction") ? action : fold;
        }
        Q_EMIT reader.menu()->aboutToShow();
        QVERIFY(fold && fold->isEnabled() && !fold->isChecked());
        fold->trigger();
        QVERIFY(reader.plainView().anyFolded());
        Q_EMIT reader.menu()->aboutToShow();
        QVERIFY(fold->isChecked());
        fold->trigger();
        QVERIFY(!reader.plainView().anyFolded());
    }

    void aReasonStandsInPlaceOfAText()
    {
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        ReaderPane reader(source);
        reader.show();
        const MessageId id = source.store().add(sample.inbox, {});
        mime::MessageContent content;
        content.notice = QStringLiteral("This message is encrypted, so there.");
        source.setContent(id, content);
        reader.showMessage(source.store().rows(std::span(&id, 1)).front());
        QTRY_COMPARE(reader.state(), ReaderPane::State::Showing);
        QVERIFY(reader.plainView().isVisible());
        QCOMPARE(reader.plainView().placeholderText(), content.notice);
    }

    void neighboursAreFetchedAhead()
    {
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        const QTemporaryDir profile;
        MainWindow window(source, profile.path());
        window.resize(1280, 800);
        window.show();
        QTRY_VERIFY(window.messageModel().isComplete());
        const auto idAt = [&](int row) { return window.messageModel().listRow(row).id; };
        window.openMessage(idAt(3));
        QTRY_COMPARE(source.ahead(), (std::vector{idAt(4), idAt(2)}));
        window.openMessage(idAt(0));
        QTRY_COMPARE(source.ahead(), std::vector{idAt(1)});
        window.openMailbox(sample.archive);
        QTRY_VERIFY(source.ahead().empty());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestReaderText)
#include "test_readertext.moc"
