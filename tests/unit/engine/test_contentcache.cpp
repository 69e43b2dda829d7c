// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/contentcache.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::engine;

namespace
{

std::shared_ptr<const mime::MessageContent> content(qsizetype characters)
{
    auto made = std::make_shared<mime::MessageContent>();
    made->plainText = QString(characters, QLatin1Char('x'));
    return made;
}

} // namespace

class TestContentCache final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheMostRecentlyUsedWithinItsLimit()
    {
        ContentCache cache(100'000);
        cache.put(MessageId(1), content(15'000));
        cache.put(MessageId(2), content(15'000));
        cache.put(MessageId(3), content(15'000));
        QVERIFY(cache.find(MessageId(1)));
        cache.put(MessageId(4), content(15'000));
        QVERIFY(cache.find(MessageId(1)));
        QVERIFY(!cache.find(MessageId(2)));
        QVERIFY(cache.find(MessageId(3)));
        QVERIFY(cache.find(MessageId(4)));
        QVERIFY(cache.bytes() <= 100'000);
        QVERIFY(cache.bytes() >= 3 * 30'000);
    }

    void oneGiantDoesNotDriveOutTheRest()
    {
        ContentCache cache(100'000);
        cache.put(MessageId(1), content(1'000));
        cache.put(MessageId(2), content(40'000));
        QVERIFY(cache.find(MessageId(1)));
        QVERIFY(!cache.find(MessageId(2)));
    }

    void replacingAndForgettingGivesTheBytesBack()
    {
        ContentCache cache(100'000);
        cache.put(MessageId(1), content(10'000));
        const auto once = cache.bytes();
        cache.put(MessageId(1), content(10'000));
        QCOMPARE(cache.bytes(), once);
        cache.remove(MessageId(1));
        cache.remove(MessageId(1));
        QCOMPARE(cache.bytes(), std::uint64_t(0));
        QCOMPARE(cache.count(), std::size_t(0));
    }

    void countsPicturesAndNotOnlyText()
    {
        ContentCache cache(100'000);
        auto made = std::make_shared<mime::MessageContent>();
        made->inlineImages.push_back({"id", "image/png", QByteArray(40'000, 'x')});
        cache.put(MessageId(1), made);
        QVERIFY(cache.bytes() >= 40'000);
        cache.clear();
        QCOMPARE(cache.bytes(), std::uint64_t(0));
    }
};

QTEST_GUILESS_MAIN(TestContentCache)
#include "test_contentcache.moc"
