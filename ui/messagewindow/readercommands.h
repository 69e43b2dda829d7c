// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composers.h"
#include "ui/messagewindow/localsource.h"

#include <QObject>

namespace kittiwake::ui
{

class ReaderPane;
struct ReaderContext;

/**
 * What can be done with the message in a reader, the same in the main window and in a window of its own. Windows that
 * it opens belong to the reader's window, and close with it.
 */
class ReaderCommands final : public QObject
{
    Q_OBJECT

public:
    /** All must live longer. */
    ReaderCommands(MailSource &source, ReaderPane &reader, ReaderContext &context, QObject *parent);

    void openInWindow();
    /** A message that was attached to the one in the reader. */
    void openAttached(const SharedMessage &message);
    void showSource();
    void showHeaders();
    /** Writes an answer to it, or passes it on; what is selected of it is what is quoted. */
    void answer(Answer how);
    /** A link of a message: mail addresses go to a composer, others to the system's browser. */
    void followLink(const QUrl &target);
    void print();
    void savePdf();
    void zoom(int steps); ///< 0: back to 100 %; remembered

private:
    void openSource(bool headers);
    void openPreview(bool saveAtOnce);

    MailSource &m_source;
    ReaderPane &m_reader;
    ReaderContext &m_context;
};

} // namespace kittiwake::ui
