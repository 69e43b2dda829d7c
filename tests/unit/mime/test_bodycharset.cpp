// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/bodycharset.h"
#include "core/mime/charset.h"

#include <QElapsedTimer>
#include <QTest>

#include <gmime/gmime.h>

using namespace kittiwake::mime;

namespace
{

QByteArray encoded(const char *charset, const QString &text)
{
    static_cast<void>(decodeText("koi8-r", "x")); // gets GMime ready
    const QByteArray utf8 = text.toUtf8();
    iconv_t const converter = g_mime_iconv_open(charset, "UTF-8");
    char *const bytes = g_mime_iconv_strndup(converter, utf8.constData(), static_cast<std::size_t>(utf8.size()));
    g_mime_iconv_close(converter);
    QByteArray result(bytes);
    g_free(bytes);
    return result;
}

struct Sample {
    const char *name;
    const char *charset; ///< for iconv
    const char *text;
};

constexpr const char *russian
    = "Добрый день! Высылаю вам договор, о котором мы говорили во вторник. С уважением, Ольга";
constexpr const char *greek = "Καλημέρα σας, σας στέλνω τα έγγραφα που ζητήσατε την περασμένη εβδομάδα.";
constexpr const char *hebrew = "שלום רב, מצורף החוזה שעליו דיברנו ביום שלישי. תודה רבה";
constexpr const char *arabic = "مرحبا، أرسل إليكم العقد الذي تحدثنا عنه يوم الثلاثاء. مع أطيب التحيات";
constexpr const char *japanese
    = "お世話になっております。先日お話しした契約書をお送りします。よろしくお願いいたします。";
constexpr const char *chinese = "您好，这是我们上周二谈到的合同，请您看一下，有问题请告诉我。谢谢";
constexpr const char *taiwan = "您好，這是我們上星期二談到的合約，請您看一下，有問題請告訴我。謝謝";
constexpr const char *korean = "안녕하세요. 지난 화요일에 이야기한 계약서를 보내 드립니다. 감사합니다.";
constexpr const char *thai = "สวัสดีครับ ผมส่งสัญญาที่เราคุยกันเมื่อวันอังคารมาให้ครับ ขอบคุณมาก";
constexpr const char *polish
    = "Dzień dobry, przesyłam umowę, o której rozmawialiśmy we wtorek. Proszę o odpowiedź, łączę pozdrowienia";
constexpr const char *german = "Schöne Grüße aus München, die Übersicht für März hängt an. Fünf Stück müßten genügen.";
constexpr const char *french
    = "Voilà le résumé de la réunion d'hier à Genève, où nous avons été très reçus. Ça ira, j'espère.";

const Sample samples[] = {
    {"Russian, 1251", "CP1251", russian},
    {"Russian, KOI8", "KOI8-R", russian},
    {"Russian, DOS", "CP866", russian},
    {"Greek", "CP1253", greek},
    {"Hebrew", "CP1255", hebrew},
    {"Arabic", "CP1256", arabic},
    {"Japanese, Shift_JIS", "CP932", japanese},
    {"Japanese, EUC", "EUC-JP", japanese},
    {"Japanese, 7 bit", "ISO-2022-JP", japanese},
    {"Chinese", "GB18030", chinese},
    {"Chinese, Big5", "BIG5", taiwan},
    {"Korean", "CP949", korean},
    {"Thai", "TIS-620", thai},
    {"Polish", "CP1250", polish},
    {"German", "CP1252", german},
    {"French", "CP1252", french},
    {"UTF-8", "UTF-8", russian},
};

} // namespace

class TestBodyCharset final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatHasNoNameIsRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("bytes");
        for (const Sample &sample : samples) {
            const QString text = QString::fromUtf8(sample.text);
            QTest::newRow(sample.name) << text << encoded(sample.charset, text);
        }
    }

    void whatHasNoNameIsRead()
    {
        QFETCH(QString, text);
        QFETCH(QByteArray, bytes);
        for (const char *name : {"", "us-ascii", "x-unknown"}) {
            const BodyText read = readBody(name, bytes);
            QVERIFY2(read.text == text, qPrintable(QString::fromLatin1(read.charset) + u' ' + read.text));
            QVERIFY(read.isGuessed);
        }
    }

    void aWrongNameIsNotBelieved_data()
    {
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char *name, const char *named, const char *really, const char *text) {
            const QString wanted = QString::fromUtf8(text);
            QTest::newRow(name) << QByteArray(named) << wanted << encoded(really, wanted);
        };
        row("UTF-8 that calls itself Latin", "iso-8859-1", "UTF-8", german);
        row("Cyrillic that calls itself Latin", "iso-8859-1", "CP1251", russian);
        row("KOI8 that calls itself Latin", "windows-1252", "KOI8-R", russian);
        row("Chinese that calls itself Latin", "iso-8859-1", "GB18030", chinese);
        row("Latin that calls itself UTF-8", "utf-8", "CP1252", german);
        row("Cyrillic that calls itself UTF-8", "utf-8", "CP1251", russian);
        row("Japanese that calls itself UTF-8", "utf-8", "CP932", japanese);
        row("UTF-8 that calls itself Japanese", "iso-2022-jp", "UTF-8", japanese);
    }

    void aWrongNameIsNotBelieved()
    {
        QFETCH(QByteArray, named);
        QFETCH(QString, text);
        QFETCH(QByteArray, bytes);
        const BodyText read = readBody(named, bytes);
        QVERIFY2(read.text == text, qPrintable(QString::fromLatin1(read.charset) + u' ' + read.text));
        QVERIFY(read.isGuessed);
    }

    void aRightNameIsBelieved()
    {
        for (const Sample &sample : samples) {
            const QString text = QString::fromUtf8(sample.text);
            const BodyText read = readBody(sample.charset, encoded(sample.charset, text));
            QVERIFY2(read.text == text, sample.name);
            QVERIFY2(!read.isGuessed, sample.name);
        }
        // Short ones, where guessing would only go wrong.
        for (const char *word : {"né", "Größe", "naïve café", "¿Qué?", "½", "Ça"}) {
            const QString text = QString::fromUtf8(word);
            QCOMPARE(readBody("iso-8859-1", encoded("CP1252", text)).text, text);
        }
    }

    void damageDoesNotChangeTheCharset()
    {
        QByteArray bytes = QString::fromUtf8(russian).toUtf8();
        bytes[11] = 'x';
        const BodyText read = readBody("utf-8", bytes);
        QCOMPARE(read.charset, QByteArray("utf-8"));
        QVERIFY(read.text.contains(QChar(QChar::ReplacementCharacter)));
        QVERIFY(read.text.endsWith(QString::fromUtf8("Ольга")));
    }

    void aPersonsChoiceCounts()
    {
        const QString text = QString::fromUtf8(russian);
        QCOMPARE(readBodyIn("koi8-r", encoded("KOI8-R", text)).text, text);
        QVERIFY(readBodyIn("windows-1252", encoded("KOI8-R", text)).text != text);
        for (const QByteArray &charset : offeredCharsets())
            QVERIFY2(isKnownCharset(charset), charset.constData());
    }

    void itIsReadInTime()
    {
        QElapsedTimer timer;
        timer.start();
        for (const QByteArray &piece : {QByteArray("\xe4"), QByteArray("a\xff"), QByteArray("\x81\n"),
                                        QByteArray("\xc3\xa4\x80"), QByteArray("\x1b$B"), QByteArray("\xa4\xa2")}) {
            for (const char *name : {"", "utf-8", "iso-8859-1", "shift_jis", "utf-16"})
                static_cast<void>(readBody(name, piece.repeated(400000)));
        }
        QVERIFY2(timer.elapsed() < 15000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_APPLESS_MAIN(TestBodyCharset)
#include "test_bodycharset.moc"
