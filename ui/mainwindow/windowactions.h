// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/mainwindow/windowsettings.h"

#include <QActionGroup>
#include <QObject>

#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace kittiwake::ui
{

/** Every command of the window, made once: the menus, the toolbar, the switcher and the list of shortcuts show these.
 */
struct WindowActions {
    explicit WindowActions(QWidget *window);

    QAction *compose;
    QAction *reply;
    QAction *replyAll;
    QAction *replyList;
    QAction *forward;
    QAction *forwardAttached;
    QAction *redirect;
    QAction *editAsNew;
    QAction *fromTemplate;
    QAction *editTemplate;
    QAction *check;
    QAction *switcher;
    QAction *nextUnread;
    QAction *previousUnread;
    QAction *nextPane;
    QAction *previousPane;
    QAction *back;
    QAction *archive;
    QAction *remove;
    QAction *removeForEver;
    QAction *junk;
    QAction *moveTo;
    QAction *toggleRead;
    QAction *toggleStar;
    QAction *undo;
    QAction *openInWindow;
    QAction *find;
    QAction *findNext;
    QAction *findPrevious;
    QAction *print;
    QAction *savePdf;
    QAction *viewHeaders;
    QAction *viewSource;
    QAction *fullScreen;
    QAction *zoomIn;
    QAction *zoomOut;
    QAction *zoomReset;
    QAction *addAccount;
    QAction *settings;
    QAction *shortcuts;
    QAction *about;
    QAction *quit;
    QActionGroup *layouts; ///< data: LayoutChoice
    QActionGroup *schemes; ///< data: theme::Scheme

    /** What is done with a message by writing. */
    [[nodiscard]] std::vector<QAction *> answers() const
    {
        return {reply, replyAll, replyList, forward, forwardAttached, redirect, editAsNew};
    }
    /** In the order in which people are shown them; without the choices of groups. */
    [[nodiscard]] std::vector<QAction *> commands() const;
    /** The window's one menu, for its button; on macOS its parts go into the menu bar. */
    void fillMenu(QMenu *menu) const;
};

} // namespace kittiwake::ui
