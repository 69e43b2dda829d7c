// SPDX-License-Identifier: GPL-3.0-or-later
// Which words of a text a dictionary judges, and how it judges them.
#include "core/spell/platform.h"
#include "core/spell/spellchecker.h"
#include "core/spell/words.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace kittiwake::spell;

namespace
{

/** A folder with small dictionaries of its own. */
struct Shelf {
    QTemporaryDir dir;

    void put(const QString &name, const QByteArray &affixes, const QByteArray &words) const
    {
        write(name + QLatin1String(".aff"), affixes);
        write(name + QLatin1String(".dic"), words);
    }
    void write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(dir.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    [[nodiscard]] std::vector<Dictionary> found() const { return findDictionaries({dir.path()}); }
};

void fill(const Shelf &shelf)
{
    shelf.put(QStringLiteral("en_US"), "SET UTF-8\nTRY esianrtolcd\nSFX S Y 1\nSFX S 0 s .\n",
              "5\nharbour/S\nwalk/S\nferry\ndon't\nwell\n");
    shelf.put(QStringLiteral("de_DE"), "SET ISO8859-1\nTRY esianrtolcd\n",
              "3\nGr\xf6\xdf"
              "e\nHafen\nwohl\n");
}

QStringList wordsOf(const QString &line)
{
    QStringList result;
    for (const WordRange &range : wordsToCheck(line))
        result.append(line.mid(range.start, range.length));
    return result;
}

} // namespace

class TestSpell final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyWordsAreJudged_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char *name, const char *line, const QStringList &words) {
            QTest::newRow(name) << QString::fromUtf8(line) << words;
        };
        row("a sentence", "Two ferries, (today): “yes”!",
            {QStringLiteral("Two"), QStringLiteral("ferries"), QStringLiteral("today"), QStringLiteral("yes")});
        row("apostrophes and hyphens", "don't don’t well-known dogs' 'quoted' end-",
            {QStringLiteral("don't"), QStringLiteral("don’t"), QStringLiteral("well-known"), QStringLiteral("dogs"),
             QStringLiteral("quoted"), QStringLiteral("end")});
        row("accents of their own",
            "Gro\xcc\x88\xc3\x9f"
            "e",
            {QString::fromUtf8("Gro\xcc\x88\xc3\x9f"
                               "e")});
        row("links and addresses", "see https://example.org/pathh www.example.org anna@example.org mailto:x now",
            {QStringLiteral("see"), QStringLiteral("now")});
        row("paths and files", "/usr/binn ~/filez C:\\Windws list.txxt example.orgg and/or",
            {QStringLiteral("and"), QStringLiteral("or")});
        row("code", "call foo() std::vectr a->b x=y some_name camelCase --optin -verbos $HOMEE #taggg {blok} <tagg>",
            {QStringLiteral("call")});
        row("between backquotes", "run `git comit -a` now, and ` that stays",
            {QStringLiteral("run"), QStringLiteral("now"), QStringLiteral("and"), QStringLiteral("that"),
             QStringLiteral("stays")});
        row("digits and capitals", "B12 2nd NATO HTTP WARNING a", {QStringLiteral("WARNING")});
        row("no blanks between words", "東京 ภาษาไทย Токио", {QString::fromUtf8("Токио")});
        row("nothing", "", {});
    }
    void onlyWordsAreJudged()
    {
        QFETCH(QString, line);
        QTEST(wordsOf(line), "words");
    }

    void aLineOfAnyLengthTakesLinearTime()
    {
        // Quadratic, each of these would take minutes.
        for (const char *unit : {"ferry ", "a.b", "` ", "x", "''", "\xcc\x88"}) {
            const QString line = QString::fromUtf8(unit).repeated(500'000);
            const auto words = wordsToCheck(line);
            QVERIFY(words.size() <= 500'000U);
        }
    }

    void dictionariesAreFound()
    {
        const Shelf shelf;
        fill(shelf);
        shelf.write(QStringLiteral("hyph_de.dic"), "x");
        shelf.write(QStringLiteral("nl_NL.dic"), "1\nhuis\n"); // without rules
        QVERIFY(QFile::link(QStringLiteral("de_DE.dic"), shelf.dir.filePath(QStringLiteral("de_AT.dic"))));
        QVERIFY(QFile::link(QStringLiteral("de_DE.aff"), shelf.dir.filePath(QStringLiteral("de_AT.aff"))));
        const auto found = shelf.found();
        QCOMPARE(found.size(), 2U);
        QCOMPARE(found[0].language, QStringLiteral("de_DE"));
        QCOMPARE(found[0].aliases, QStringList{QStringLiteral("de_AT")});
        QCOMPARE(found[1].language, QStringLiteral("en_US"));
        QCOMPARE(bestDictionary(found, QStringLiteral("de-AT")), QStringLiteral("de_DE"));
        QCOMPARE(bestDictionary(found, QStringLiteral("de")), QStringLiteral("de_DE"));
        QCOMPARE(bestDictionary(found, QStringLiteral("en-GB")), QStringLiteral("en_US"));
        QCOMPARE(bestDictionary(found, QStringLiteral("fr-FR")), QString());
        QCOMPARE(bestDictionary(found, {}), QString());
        // The person's own comes first.
        const Shelf own;
        own.put(QStringLiteral("en_US"), "SET UTF-8\n", "1\nxyzzy\n");
        const auto both = findDictionaries({own.dir.path(), shelf.dir.path()});
        QCOMPARE(both.size(), 2U);
        QVERIFY(both[1].words.startsWith(own.dir.path()));
    }

    void placesOfTheSystemAreKnown()
    {
        qputenv("DICPATH", "/one" + QByteArray(1, QDir::listSeparator().toLatin1()) + "/two");
        const QStringList folders = dictionaryFolders();
        qunsetenv("DICPATH");
        QCOMPARE(folders.mid(0, 2), QStringList({QStringLiteral("/one"), QStringLiteral("/two")}));
        QVERIFY(std::any_of(folders.begin(), folders.end(),
                            [](const QString &one) { return one.endsWith(QLatin1String("/hunspell")); }));
    }

    void aWordIsRightInOneOfTheLanguages()
    {
        const Shelf shelf;
        fill(shelf);
        SpellChecker checker(shelf.found());
        const QStringList words{QStringLiteral("harbours"),  QStringLiteral("Walk"),     QString::fromUtf8("Größe"),
                                QStringLiteral("harbor"),    QStringLiteral("don’t"),    QStringLiteral("HAFEN"),
                                QString::fromUtf8("Гавань"), QStringLiteral("well-walk")};
        const QString english = QStringLiteral("en_US");
        const QString german = QStringLiteral("de_DE");
        QCOMPARE(checker.areRight(words, {english}), std::vector({true, true, false, false, true, false, true, true}));
        QCOMPARE(checker.areRight(words, {german}), std::vector({false, false, true, false, false, true, true, false}));
        QCOMPARE(checker.areRight(words, {german, english}),
                 std::vector({true, true, true, false, true, true, true, true}));
        QCOMPARE(checker.areRight(words, {QStringLiteral("fr")}), std::vector(8, true));
    }

    void suggestionsOfAllLanguages()
    {
        const Shelf shelf;
        fill(shelf);
        SpellChecker checker(shelf.found());
        const QString english = QStringLiteral("en_US");
        const QString german = QStringLiteral("de_DE");
        QCOMPARE(checker.suggestions(QStringLiteral("ferri"), {english}, 5).value(0), QStringLiteral("ferry"));
        const QStringList both = checker.suggestions(QStringLiteral("wohll"), {english, german}, 5);
        QVERIFY(both.contains(QStringLiteral("wohl")));
        QCOMPARE(checker.suggestions(QString::fromUtf8("Größse"), {german}, 5).value(0), QString::fromUtf8("Größe"));
        QVERIFY(checker.suggestions(QStringLiteral("walk"), {english, german}, 1).size() <= 1);
    }

    void aDamagedDictionaryJudgesNothing()
    {
        const Shelf shelf;
        shelf.put(QStringLiteral("en_US"), "SET NO-SUCH-CHARSET\n", "1\nferry\n");
        shelf.put(QStringLiteral("sv_SE"), QByteArray(5000, '\0'), QByteArray("99999999\n\xff\xfe/\n"));
        SpellChecker checker(shelf.found());
        QCOMPARE(checker.areRight({QStringLiteral("ferrry")}, {QStringLiteral("en_US")}), std::vector({true}));
        QCOMPARE(checker.areRight({QStringLiteral("ferrry")}, {QStringLiteral("sv_SE")}).size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestSpell)
#include "test_spell.moc"
