// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/async/asyncmutex.h"
#include "core/async/asyncqueue.h"
#include "core/async/awaiters.h"
#include "core/base/result.h"
#include "tests/support/fakeclock.h"

#include <QTest>

#include <memory>
#include <string>

using namespace kittiwake;
using namespace kittiwake::async;
using namespace std::chrono_literals;

namespace
{

/** Counts its own life: a coroutine frame that leaks or is freed twice shows here. */
struct Witness {
    explicit Witness(int &counter) : alive(counter) { ++alive; }
    Witness(const Witness &other) : alive(other.alive) { ++alive; }
    Witness &operator=(const Witness &) = delete;
    ~Witness() { --alive; }
    int &alive;
};

Task<int> value(int number)
{
    co_return number;
}

Task<int> sum(int depth)
{
    if (depth == 0)
        co_return 0;
    const int rest = co_await sum(depth - 1);
    co_return rest + depth;
}

Task<int> slow(Clock &clock, Clock::Duration delay, int number)
{
    co_await SleepFor(clock, delay);
    co_return number;
}

} // namespace

class TestAsync final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void taskIsLazy()
    {
        bool ran = false;
        {
            auto flow = [](bool &flag) -> Task<void> {
                flag = true;
                co_return;
            };
            Task<void> task = flow(ran);
            QVERIFY(!ran);
        }
        QVERIFY(!ran);
    }

    void valuesTravelUpDeepChains()
    {
        int result = 0;
        auto flow = [](int &out) -> Task<void> {
            const int total = co_await sum(60000);
            out = total;
        };
        TaskScope scope;
        scope.start(flow(result));
        QCOMPARE(result, static_cast<int>(60000LL * 60001 / 2));
        QVERIFY(scope.isEmpty());
    }

    void destroyingTheScopeDestroysLeafFirst()
    {
        FakeClock clock;
        int alive = 0;
        std::string order;
        struct Mark {
            std::string &text;
            char letter;
            ~Mark() { text += letter; }
        };
        auto leaf = [](Clock &time, int &counter, std::string &text) -> Task<void> {
            const Mark mark{text, 'l'};
            const Witness witness(counter);
            co_await SleepFor(time, 1h);
        };
        auto root = [&leaf](Clock &time, int &counter, std::string &text) -> Task<void> {
            const Mark mark{text, 'r'};
            const Witness witness(counter);
            co_await leaf(time, counter, text);
        };
        {
            TaskScope scope;
            scope.start(root(clock, alive, order));
            QCOMPARE(alive, 2);
            QCOMPARE(scope.count(), std::size_t(1));
        }
        QCOMPARE(alive, 0);
        QCOMPARE(order, std::string("lr"));
        QVERIFY(clock.isIdle());
    }

    void completionResumesInALaterTurn()
    {
        FakeClock clock;
        const Completion<int> completion(clock);
        int seen = 0;
        auto flow = [](Completion<int> source, int &out) -> Task<void> {
            const int number = co_await source;
            out = number;
        };
        TaskScope scope;
        scope.start(flow(completion, seen));
        completion.complete(7);
        completion.complete(8);
        QCOMPARE(seen, 0);
        clock.runReady();
        QCOMPARE(seen, 7);
    }

    void waiterDestroyedBetweenCompletionAndTurn()
    {
        FakeClock clock;
        const Completion<int> completion(clock);
        auto flow = [](Completion<int> source) -> Task<void> {
            co_await source;
            Q_UNREACHABLE();
        };
        {
            TaskScope scope;
            scope.start(flow(completion));
            completion.complete(1);
        }
        clock.runReady();
    }

    void timeoutDestroysTheTask()
    {
        FakeClock clock;
        std::optional<int> quick;
        std::optional<int> late = 1;
        auto flow = [](Clock &time, std::optional<int> &first, std::optional<int> &second) -> Task<void> {
            first = co_await withTimeout(time, 5s, slow(time, 1s, 42));
            second = co_await withTimeout(time, 5s, slow(time, 60s, 43));
        };
        TaskScope scope;
        scope.start(flow(clock, quick, late));
        clock.advance(10s);
        QCOMPARE(quick, std::optional<int>(42));
        QCOMPARE(late, std::optional<int>());
        QVERIFY(scope.isEmpty());
        QVERIFY(clock.isIdle());
    }

    void mutexIsFairAndSurvivesWaitersThatGo()
    {
        FakeClock clock;
        AsyncMutex mutex(clock);
        std::string order;
        auto flow = [](AsyncMutex &lockable, Clock &time, std::string &text, char letter) -> Task<void> {
            const AsyncMutex::Lock lock = co_await lockable.lock();
            text += letter;
            co_await SleepFor(time, 1s);
        };
        TaskScope scope;
        auto leaving = std::make_unique<TaskScope>();
        scope.start(flow(mutex, clock, order, 'a'));
        leaving->start(flow(mutex, clock, order, 'x'));
        scope.start(flow(mutex, clock, order, 'b'));
        scope.start(flow(mutex, clock, order, 'c'));
        // 'x' is destroyed while it is its turn but before it runs: at the very end of a's second.
        clock.callAfter(1s, [&leaving, &clock] { clock.post([&leaving] { leaving.reset(); }); });
        clock.advance(10s);
        QVERIFY(order == "abc" || order == "axbc");
        QVERIFY(scope.isEmpty());
        QVERIFY(!mutex.isLocked());
    }

    void mutexWaiterDestroyedAfterItsTurnCame()
    {
        FakeClock clock;
        AsyncMutex mutex(clock);
        std::string order;
        auto hold = [](AsyncMutex &lockable, std::string &text, char letter) -> Task<void> {
            const AsyncMutex::Lock lock = co_await lockable.lock();
            text += letter;
        };
        auto first = [](AsyncMutex &lockable, Event release) -> Task<void> {
            const AsyncMutex::Lock lock = co_await lockable.lock();
            co_await release;
        };
        const Event release(clock);
        TaskScope scope;
        TaskScope leaving;
        scope.start(first(mutex, release));
        leaving.start(hold(mutex, order, 'x'));
        scope.start(hold(mutex, order, 'b'));
        release.complete({});
        // One turn: first goes on and hands over to x, whose own turn is still to come.
        clock.callAfter(0s, [&leaving] { leaving.cancelAll(); });
        clock.runReady();
        QCOMPARE(order, std::string("b"));
        QVERIFY(!mutex.isLocked());
    }

    void queueDeliversInOrderAndCloses()
    {
        FakeClock clock;
        AsyncQueue<int> queue(clock);
        std::vector<int> seen;
        bool closed = false;
        auto reader = [](AsyncQueue<int> &source, std::vector<int> &out, bool &end) -> Task<void> {
            while (true) {
                const std::optional<int> number = co_await source.pop();
                if (!number)
                    break;
                out.push_back(*number);
            }
            end = true;
        };
        TaskScope scope;
        scope.start(reader(queue, seen, closed));
        queue.push(1);
        queue.push(2);
        clock.runReady();
        queue.push(3);
        queue.close();
        clock.runReady();
        QCOMPARE(seen, (std::vector<int>{1, 2, 3}));
        QVERIFY(closed);
    }

    /**
     * The coroutine shapes that the product uses, with values that own memory: GCC 12 frees such a temporary twice.
     * Under the address sanitizer each of these is a use-after-free where a compiler gets it wrong.
     */
    void shapesThatCompilersGetWrong()
    {
        FakeClock clock;
        int alive = 0;
        {
            struct Aggregate {
                Witness witness;
                std::string text;
            };
            auto takes = [](Aggregate aggregate) -> Task<std::string> { co_return aggregate.text; };
            auto flow = [&takes](int &counter, std::string &out) -> Task<void> {
                const std::string text = co_await takes({Witness(counter), std::string(100, 'x')});
                const bool long_ = text.size() > 50;
                std::string other = "short";
                if (long_)
                    other = co_await takes({Witness(counter), text + text});
                int rounds = 0;
                while (true) {
                    const int next = co_await value(rounds + 1);
                    rounds = next;
                    if (rounds == 3)
                        break;
                }
                out = other + std::to_string(rounds);
            };
            std::string result;
            TaskScope scope;
            scope.start(flow(alive, result));
            QCOMPARE(result, std::string(200, 'x') + "3");
        }
        QCOMPARE(alive, 0);
    }
};

QTEST_GUILESS_MAIN(TestAsync)
#include "test_async.moc"
