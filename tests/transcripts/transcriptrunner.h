// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/taskscope.h"
#include "core/base/random.h"
#include "core/imap/client/client.h"
#include "tests/support/fakeclock.h"
#include "tests/transcripts/scriptedstream.h"
#include "tests/transcripts/transcript.h"
#include "tests/unit/sasl/fakescramserver.h"

#include <QHash>
#include <QStringList>

#include <map>
#include <memory>
#include <optional>

namespace kittiwake
{

/** How the script's bytes get to the client. */
enum class Delivery {
    Together, ///< all that the server sends before the client's turn is one read
    Lines,
    Bytes,
};

/** Always the largest that below() can give, so that a script can count on it. */
class LargestRandom final : public Random
{
public:
    [[nodiscard]] std::uint64_t next() override { return m_next; }
    std::uint64_t m_next = 180'000; // below(180'001): three minutes, a third of nine
};

/** What goes wrong after so many bytes of the server. */
struct Fault {
    enum class Kind {
        None,
        Close,
        Fail,
        Silence,
        Destroy,
        Garble, ///< one byte is another one; the script goes on
    };
    Kind kind = Kind::None;
    qsizetype at = 0;
};

/**
 * Runs one transcript against a Client in virtual time. Without a fault every expectation is checked; with one, what
 * counts is that everything ends, in time, and that nothing is left behind.
 */
class TranscriptRunner
{
public:
    TranscriptRunner(const Transcript &transcript, Delivery delivery, Fault fault = {});
    ~TranscriptRunner();
    TranscriptRunner(const TranscriptRunner &) = delete;
    TranscriptRunner &operator=(const TranscriptRunner &) = delete;

    /** Empty, or what was not as the transcript says. */
    [[nodiscard]] QString run();

    // For the actions.
    [[nodiscard]] imap::Client &client() { return *m_client; }
    [[nodiscard]] Random &random() { return m_random; }
    void report(const QByteArray &line) { m_reports.append(line); }
    void finished(const QByteArray &label);

private:
    struct Running {
        std::unique_ptr<async::TaskScope> scope;
        Clock::Duration since{0};
        bool idle = false;
        bool done = false;
    };

    [[nodiscard]] QString step(const TranscriptStep &step);
    [[nodiscard]] QString action(const QByteArray &text);
    [[nodiscard]] bool startTask(const QByteArrayList &words, const QByteArray &label);
    [[nodiscard]] QString expectClientLine(const QByteArray &pattern);
    [[nodiscard]] QString expectReport(const QByteArray &pattern);
    [[nodiscard]] QString expectNothingElse();
    [[nodiscard]] QString checkEnd();
    [[nodiscard]] QByteArray substituted(const QByteArray &text);
    void send(const QByteArray &bytes);
    void flushServer();
    void pump();
    [[nodiscard]] QByteArray garbled(const QByteArray &bytes);
    void strike();

    const Transcript &m_transcript;
    Delivery m_delivery;
    Fault m_fault;
    bool m_struck = false;
    Clock::Duration m_struckAt{0};
    qsizetype m_sentBytes = 0;
    QByteArray m_pendingServer; ///< of Delivery::Together

    LargestRandom m_random;
    FakeClock m_clock;
    const std::int64_t m_start = m_clock.wall().toMSecsSinceEpoch();
    std::int64_t m_provenAt = -1000; ///< milliseconds since the start; asked for once
    std::shared_ptr<ScriptedWire> m_wire;
    ScriptedFactory m_factory;
    std::unique_ptr<imap::Client> m_client;
    std::optional<FakeScramServer> m_scram;
    QHash<QByteArray, QByteArray> m_bound;
    QByteArrayList m_reports;
    std::map<QByteArray, Running> m_running;
};

} // namespace kittiwake
