// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/operation.h"

#include "core/imap/client/connection.h"

#include <QCoreApplication>

#include <utility>

namespace kittiwake::imap
{

namespace
{

Error notConnectedYetError()
{
    return {ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no connection to the server yet."), {}};
}

} // namespace

Operation::Operation(Connection &connection) : m_connection(connection), m_finished(connection.clock())
{
    if (connection.endError())
        m_error = connection.endError();
    else if (!connection.isStarted())
        m_error = notConnectedYetError();
    if (m_error)
        m_finished.complete({});
}

Operation::~Operation()
{
    for (const CommandId id : m_open) {
        m_connection.forget(id);
        m_connection.session().abandon(id);
    }
    if (!m_open.empty())
        m_connection.flushSoon();
}

void Operation::submit(const Command &command, Session::Hints hints)
{
    if (!m_error)
        added(m_connection.session().submit(command, std::move(hints)));
}

void Operation::authenticate(sasl::Sasl sasl)
{
    if (!m_error)
        added(m_connection.session().authenticate(std::move(sasl)));
}

void Operation::added(CommandId id)
{
    m_open.push_back(id);
    m_connection.opened(id, this);
    m_connection.flushSoon();
}

const StatusResponse *Operation::refusal() const
{
    for (const StatusResponse &answer : m_answers) {
        if (answer.kind != StatusKind::Ok)
            return &answer;
    }
    return nullptr;
}

void Operation::commandFinished(CommandFinished &&finished)
{
    std::erase(m_open, finished.command);
    if (finished.error && !m_error)
        m_error = std::move(finished.error);
    m_answers.push_back(std::move(finished.status));
    if (m_open.empty())
        finish();
}

void Operation::fail(const Error &error)
{
    m_open.clear();
    if (!m_error)
        m_error = error;
    finish();
}

void Operation::finish()
{
    if (const auto callback = std::exchange(onFinished, {}))
        callback();
    m_finished.complete({});
}

} // namespace kittiwake::imap
