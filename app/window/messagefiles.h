// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/messagewindow/readercontext.h"

#include <QObject>
#include <QStringList>

namespace kittiwake::app
{

/**
 * Messages from files, each in a window of its own: "kittiwake FILE.eml …". No engine, no account and no lock of a
 * profile, so it works beside a running window as well as without any account. A file that cannot be shown is told in a
 * sentence. UI thread.
 */
class MessageFiles final : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype maxFiles = 50; ///< windows that one call opens

    /** profile: where the windows' places are remembered. */
    explicit MessageFiles(const QString &profile, QObject *parent = nullptr);

    /** Windows come as the files are read. */
    void open(const QStringList &paths);
    /** Of the process: 1 where not one file could be shown. */
    [[nodiscard]] int exitCode() const { return m_shown > 0 ? 0 : 1; }

private:
    void refuse(const Error &error);
    void leaveWhenDone();

    ui::ReaderContext m_context;
    int m_waiting = 0;
    int m_shown = 0;
};

} // namespace kittiwake::app
