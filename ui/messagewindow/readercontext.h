// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/openedfiles.h"
#include "core/mail/movekind.h"
#include "core/store/rows.h"
#include "ui/mainwindow/windowsettings.h"

#include <QString>

#include <functional>

class QWidget;

namespace kittiwake::ui
{

class Composers;

/** What all readers of a process share, in whichever window they are. Outlives them. */
struct ReaderContext {
    explicit ReaderContext(const QString &profile) : settings(profile), files(profile)
    {
        OpenedFiles::wipeLeftBehind(profile);
    }

    WindowSettings settings;
    OpenedFiles files;
    Composers *composers = nullptr; ///< null: nothing can be written, as where there is no account
    /** Begins to drag a file; the program's, since Qt needs an event loop of its own for it. Empty: nothing is dragged.
     */
    std::function<void(QWidget *from, const QString &path)> startDrag;
    /**
     * Takes a message away: Archive, Delete (for good, with a question, where it is in the Trash) or Junk (from the
     * junk folder: back). True when that is under way; the main window says what became of it, and offers to undo it.
     * Empty: messages cannot be taken away, as where they are files.
     */
    std::function<bool(const store::MessageRow &message, mail::MoveKind kind)> file;
};

} // namespace kittiwake::ui
