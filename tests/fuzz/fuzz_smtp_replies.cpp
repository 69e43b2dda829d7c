// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a submission server says, in whatever pieces: replies are the same, what is said to it stays in lines, and
// nothing of a message is taken for a command. The first byte chooses the size of the pieces and what is asked.
#include "core/smtp/session.h"
#include "tests/fuzz/check.h"

using namespace kittiwake;
using namespace kittiwake::smtp;

namespace
{

void checkReplies(const QByteArray &bytes, qsizetype split)
{
    ReplyParser whole;
    whole.feed(bytes);
    ReplyParser pieces;
    for (qsizetype i = 0; i < bytes.size(); i += split)
        pieces.feed(bytes.mid(i, split));
    while (true) {
        const auto one = whole.next();
        const auto other = pieces.next();
        FUZZ_CHECK(one == other);
        if (!one)
            break;
        FUZZ_CHECK(one->code >= 200 && one->code <= 599);
        FUZZ_CHECK(one->lines.size() <= ReplyParser::mostLines);
        const QString shown = one->displayText();
        FUZZ_CHECK(shown.size() <= 500);
        for (const QChar c : shown)
            FUZZ_CHECK(c.category() != QChar::Other_Control && c.category() != QChar::Other_Format);
        const Refusal refusal = refusalOf(*one, RefusalStage::Recipient, QStringLiteral("h"), QStringLiteral("a"));
        FUZZ_CHECK(!refusal.userText.isEmpty());
    }
    FUZZ_CHECK(whole.isBroken() == pieces.isBroken());
}

void checkSession(const QByteArray &bytes, qsizetype split)
{
    Session session(QStringLiteral("mail.example.org:465"));
    Envelope envelope;
    envelope.sender = *Path::parse(QStringLiteral("a@example.org"));
    envelope.recipients.push_back(*Path::parse(QStringLiteral("b@example.org")));
    envelope.recipients.push_back(*Path::parse(QStringLiteral("c@example.org")));
    envelope.size = 100;
    int asked = 0;
    qsizetype endings = 0;
    QByteArray said;
    for (qsizetype i = 0; i < bytes.size(); i += split) {
        session.feed(bytes.mid(i, split));
        while (const auto event = session.nextEvent()) {
            if (std::holds_alternative<Broken>(*event)) {
                FUZZ_CHECK(session.isBroken());
                continue;
            }
            if (const auto *answered = std::get_if<Answered>(&*event);
                answered != nullptr && answered->step == Step::Auth)
                FUZZ_CHECK(answered->error || !answered->reply.isIntermediate());
            // Go on as a driver would, whatever was said.
            switch (asked++ % 5) {
            case 0:
                session.hello("[127.0.0.1]");
                break;
            case 1:
                session.authenticate(*sasl::Sasl::start(sasl::Mechanism::Login, {QStringLiteral("u"), Secret("p")},
                                                        QStringLiteral("h")));
                break;
            case 2:
                session.begin(envelope);
                break;
            case 3:
                session.data();
                break;
            default:
                session.content(bytes.left(50));
                session.endContent();
                ++endings;
                break;
            }
            said += session.takeOutput();
        }
    }
    FUZZ_CHECK(said.isEmpty() || said.endsWith("\r\n"));
    FUZZ_CHECK(said.count('\n') == said.count("\r\n") && said.count('\r') == said.count("\r\n"));
    FUZZ_CHECK(said.count("\r\n.\r\n") <= endings);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArray bytes(reinterpret_cast<const char *>(data) + 1, static_cast<qsizetype>(size) - 1);
    const qsizetype split = 1 + data[0] % 40;
    checkReplies(bytes, split);
    checkSession(bytes, split);
    const auto path = Path::parse(QString::fromUtf8(bytes));
    if (path) {
        for (const char c : path->wire())
            FUZZ_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
        FUZZ_CHECK(path->wire().size() <= 254);
    }
    return 0;
}
