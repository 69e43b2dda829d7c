// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace kittiwake::ctl
{

/**
 * Writes what comes on standard input into a draft, line by line, as a window does while somebody types: each line is
 * saved, the end of the input closes the draft or sends it. Prints each state of it, with how many lines of the input
 * no crash can take any more.
 */
class DraftWriter final : public QObject
{
public:
    using ToJson = QJsonObject (*)(const engine::DraftState &);

    DraftWriter(Context &context, engine::Engine &engine, bool sends, ToJson toJson);
    void start(const engine::DraftContent &content);

private:
    void readInput();
    void finish();
    void print(const engine::DraftState &state);

    Context &m_context;
    engine::Engine &m_engine;
    bool m_sends;
    ToJson m_toJson;
    engine::DraftContent m_content;
    std::unique_ptr<QSocketNotifier> m_input;
    QByteArray m_line;
    QByteArray m_printed;
    qint64 m_read = 0; ///< lines, of the whole input
    qint64 m_saved = 0; ///< of these, in pending.db
};

} // namespace kittiwake::ctl
