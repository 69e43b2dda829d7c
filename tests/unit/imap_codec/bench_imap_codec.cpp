// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what it costs to read FETCH responses, beside a floor measured in the same run: finding the line ends and
// copying each message once. Not a test: `ninja bench_imap_codec`, then run it.
#include "core/imap/codec/fragmenter.h"
#include "core/imap/codec/responseparser.h"

#include <cstdio>
#include <cstring>
#include <ctime>

using namespace kittiwake::imap;

namespace
{

QByteArray fetchResponse(int number)
{
    const QByteArray n = QByteArray::number(number);
    const QByteArray sender = "((\"Jane Q. Public\" NIL \"jane" + QByteArray::number(number % 300) + "\" \"mail"
        + QByteArray::number(number % 40) + ".example.org\"))";
    const QByteArray header = "References: <" + n + ".1@mail.example.org>\r\n <" + n
        + ".2@mail.example.org>\r\nList-Id: People who read mail <readers.example.org>\r\n\r\n";
    return "* " + n + " FETCH (UID " + QByteArray::number(number + 1000) + " FLAGS (\\Seen"
        + (number % 3 ? "" : " $Forwarded") + ") MODSEQ (" + QByteArray::number(number + 70000)
        + ") INTERNALDATE \"17-Jul-2026 02:44:25 +0200\" RFC822.SIZE " + QByteArray::number(4000 + number % 9000)
        + " ENVELOPE (\"Fri, 17 Jul 2026 02:44:21 +0200\" \"Re: minutes of meeting " + n
        + " and what follows from it\" " + sender + " " + sender + " " + sender
        + " ((NIL NIL \"readers\" \"lists.example.org\")) NIL NIL \"<" + n + ".2@mail.example.org>\" \"<" + n
        + ".3@mail.example.org>\") BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL "
          "\"quoted-printable\" "
        + QByteArray::number(number % 5000)
        + " 30 NIL NIL NIL NIL)(\"text\" \"html\" (\"charset\" \"utf-8\") NIL NIL \"quoted-printable\" 4000 60 NIL NIL "
          "NIL NIL) "
          "\"alternative\" (\"boundary\" \"=_"
        + n + "\") NIL NIL NIL) BODY[HEADER.FIELDS (REFERENCES LIST-ID)] {" + QByteArray::number(header.size())
        + "}\r\n" + header + ")\r\n";
}

double seconds(std::clock_t since)
{
    return static_cast<double>(std::clock() - since) / CLOCKS_PER_SEC;
}

} // namespace

int main()
{
    constexpr int messages = 100'000;
    QByteArray input;
    for (int i = 1; i <= messages; ++i)
        input += fetchResponse(i);

    constexpr qsizetype portion = 16 * 1024; // what a TLS record holds
    std::clock_t start = std::clock();
    std::size_t floorBytes = 0;
    for (const char *at = input.constBegin(); at != input.constEnd();) {
        const char *end = at;
        for (int lines = 0; lines < 5 && end != input.constEnd(); ++lines)
            end = static_cast<const char *>(std::memchr(end, '\n', static_cast<std::size_t>(input.constEnd() - end)))
                + 1;
        const QByteArray copy(at, end - at);
        floorBytes += static_cast<std::size_t>(copy.size());
        at = end;
    }
    const double floor = seconds(start);

    start = std::clock();
    Fragmenter fragmenter;
    ResponseParser parser;
    int fetched = 0;
    for (qsizetype at = 0; at < input.size(); at += portion) {
        fragmenter.feed(QByteArray(input.constData() + at, std::min(portion, input.size() - at)));
        while (const auto message = fragmenter.next()) {
            const Response response = parser.parse(*message);
            fetched += std::holds_alternative<FetchData>(response) ? 1 : 0;
        }
    }
    const double parsing = seconds(start);
    std::printf("%d FETCH responses, %.0f bytes each: %.3f s CPU, %.0f MB/s; floor %.3f s, ratio %.1f\n", fetched,
                static_cast<double>(floorBytes) / messages, parsing, static_cast<double>(input.size()) / parsing / 1e6,
                floor, parsing / floor);
    return fetched == messages ? 0 : 1;
}
