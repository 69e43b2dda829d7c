// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/fragmenter.h"
#include "core/imap/codec/responseparser.h"
#include "core/imap/codec/responsewriter.h"

#include <QtTest>

#include <vector>

namespace kittiwake::imap
{

/** Bytes with their NULs. */
template <std::size_t size>
QByteArray bytes(const char (&literal)[size])
{
    return QByteArray(literal, static_cast<qsizetype>(size - 1));
}

inline std::vector<Response> parseStream(const QByteArray &input, const FragmenterLimits &limits = {},
                                         qsizetype portion = 0)
{
    std::vector<Response> responses;
    Fragmenter fragmenter(limits);
    ResponseParser parser;
    if (portion == 0)
        portion = std::max<qsizetype>(input.size(), 1);
    for (qsizetype at = 0; at < input.size(); at += portion) {
        fragmenter.feed(input.mid(at, portion));
        while (const auto message = fragmenter.next())
            responses.push_back(parser.parse(*message));
    }
    return responses;
}

/** The one response that the line (with its literals, without the last line end) is; it must survive a round trip. */
inline Response parseOne(const QByteArray &line)
{
    const std::vector<Response> responses = parseStream(line + "\r\n");
    if (responses.size() != 1) {
        qWarning("%d responses instead of one", static_cast<int>(responses.size()));
        return Rejected{"not one response", 0, {}};
    }
    if (!std::holds_alternative<Rejected>(responses[0])) {
        for (const bool alwaysLiterals : {false, true}) {
            WriterOptions options;
            options.alwaysLiterals = alwaysLiterals;
            const std::vector<Response> again = parseStream(write(responses[0], options));
            if (again.size() != 1 || again[0] != responses[0])
                return Rejected{"the value does not survive a round trip", 0, write(responses[0], options)};
        }
    }
    return responses[0];
}

/** The value, or a default one and a warning when the line is something else. */
template <typename Data>
Data parseAs(const QByteArray &line)
{
    const Response response = parseOne(line);
    if (const auto *data = std::get_if<Data>(&response))
        return *data;
    if (const auto *rejected = std::get_if<Rejected>(&response))
        qWarning() << "rejected:" << rejected->why << rejected->position << rejected->head;
    QTest::qFail("the response is of another type", __FILE__, __LINE__);
    return {};
}

/** Why the line is rejected; empty when it is not. */
inline QByteArray rejection(const QByteArray &line)
{
    const Response response = parseOne(line);
    const auto *rejected = std::get_if<Rejected>(&response);
    return rejected ? rejected->why : QByteArray();
}

inline FetchData parseFetch(const QByteArray &items)
{
    return parseAs<FetchData>("* 1 FETCH (" + items + ")");
}

} // namespace kittiwake::imap
