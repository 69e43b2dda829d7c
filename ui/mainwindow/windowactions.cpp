// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/windowactions.h"

#include "ui/widgets/icon.h"

#include <QAction>
#include <QCoreApplication>
#include <QMenu>
#include <QWidget>

namespace kittiwake::ui
{

namespace
{

QString text(const char *source)
{
    return QCoreApplication::translate("ui::actions", source);
}

QAction *make(QWidget *window, const char *name, const QString &title, const QString &iconName,
              const QList<QKeySequence> &keys)
{
    auto *action = new QAction(title, window);
    action->setObjectName(QLatin1String(name));
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcuts(keys);
    action->setToolTip(keys.isEmpty() ? title
                                      : QCoreApplication::translate("ui::actions", "%1 (%2)", "command, shortcut")
                                            .arg(title, keys.first().toString(QKeySequence::NativeText)));
    window->addAction(action);
    return action;
}

QAction *choice(QActionGroup *group, const QString &title, int value)
{
    auto *action = new QAction(title, group);
    action->setCheckable(true);
    action->setData(value);
    return action;
}

} // namespace

WindowActions::WindowActions(QWidget *window)
    : compose(make(window, "compose", text(QT_TRANSLATE_NOOP("ui::actions", "Compose")), QStringLiteral("pencil"),
                   {QKeySequence(Qt::CTRL | Qt::Key_N)})),
      reply(make(window, "reply", text(QT_TRANSLATE_NOOP("ui::actions", "Reply")), QStringLiteral("reply"),
                 {QKeySequence(Qt::CTRL | Qt::Key_R)})),
      replyAll(make(window, "replyAll", text(QT_TRANSLATE_NOOP("ui::actions", "Reply to all")),
                    QStringLiteral("reply-all"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R)})),
      replyList(make(window, "replyList", text(QT_TRANSLATE_NOOP("ui::actions", "Reply to the mailing list")),
                     QStringLiteral("users"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L)})),
      forward(make(window, "forward", text(QT_TRANSLATE_NOOP("ui::actions", "Forward")), QStringLiteral("forward"),
                   {QKeySequence(Qt::CTRL | Qt::Key_L)})),
      forwardAttached(
          make(window, "forwardAttached", text(QT_TRANSLATE_NOOP("ui::actions", "Forward as attachment")), {}, {})),
      redirect(make(window, "redirect", text(QT_TRANSLATE_NOOP("ui::actions", "Redirect…")), {},
                    {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E)})),
      editAsNew(make(window, "editAsNew", text(QT_TRANSLATE_NOOP("ui::actions", "Edit as new message")),
                     QStringLiteral("pen-line"), {QKeySequence(Qt::CTRL | Qt::Key_E)})),
      fromTemplate(
          make(window, "fromTemplate", text(QT_TRANSLATE_NOOP("ui::actions", "New message from template…")), {}, {})),
      editTemplate(make(window, "editTemplate", text(QT_TRANSLATE_NOOP("ui::actions", "Edit template")), {}, {})),
      check(make(window, "check", text(QT_TRANSLATE_NOOP("ui::actions", "Check mail")), QStringLiteral("refresh-cw"),
                 {QKeySequence(Qt::Key_F5)})),
      switcher(make(window, "switcher", text(QT_TRANSLATE_NOOP("ui::actions", "Go to folder or command…")),
                    QStringLiteral("search"), {QKeySequence(Qt::CTRL | Qt::Key_K)})),
      nextUnread(make(window, "nextUnread", text(QT_TRANSLATE_NOOP("ui::actions", "Next unread message")),
                      QStringLiteral("chevron-down"), {QKeySequence(Qt::Key_N)})),
      previousUnread(make(window, "previousUnread", text(QT_TRANSLATE_NOOP("ui::actions", "Previous unread message")),
                          QStringLiteral("chevron-up"), {QKeySequence(Qt::Key_P)})),
      nextPane(make(window, "nextPane", text(QT_TRANSLATE_NOOP("ui::actions", "Next pane")), {},
                    {QKeySequence(Qt::Key_F6)})),
      previousPane(make(window, "previousPane", text(QT_TRANSLATE_NOOP("ui::actions", "Previous pane")), {},
                        {QKeySequence(Qt::SHIFT | Qt::Key_F6)})),
      back(make(window, "back", text(QT_TRANSLATE_NOOP("ui::actions", "Back")), QStringLiteral("arrow-left"),
                {QKeySequence(Qt::ALT | Qt::Key_Left), QKeySequence(Qt::Key_Escape)})),
      archive(make(window, "archive", text(QT_TRANSLATE_NOOP("ui::actions", "Archive")), QStringLiteral("archive"),
                   {QKeySequence(Qt::Key_A)})),
      remove(make(window, "delete", text(QT_TRANSLATE_NOOP("ui::actions", "Delete")), QStringLiteral("trash-2"),
                  {QKeySequence(Qt::Key_Delete)})),
      removeForEver(make(window, "deleteForEver", text(QT_TRANSLATE_NOOP("ui::actions", "Delete for good…")), {},
                         {QKeySequence(Qt::SHIFT | Qt::Key_Delete)})),
      junk(make(window, "junk", text(QT_TRANSLATE_NOOP("ui::actions", "Junk")), QStringLiteral("shield-alert"),
                {QKeySequence(Qt::Key_J)})),
      moveTo(make(window, "moveTo", text(QT_TRANSLATE_NOOP("ui::actions", "Move to folder…")), QStringLiteral("folder"),
                  {QKeySequence(Qt::Key_V)})),
      toggleRead(make(window, "toggleRead", text(QT_TRANSLATE_NOOP("ui::actions", "Mark as read")),
                      QStringLiteral("mail-open"), {QKeySequence(Qt::Key_M)})),
      toggleStar(make(window, "toggleStar", text(QT_TRANSLATE_NOOP("ui::actions", "Star")), QStringLiteral("star"),
                      {QKeySequence(Qt::Key_S)})),
      undo(make(window, "undo", text(QT_TRANSLATE_NOOP("ui::actions", "Undo")), QStringLiteral("undo-2"),
                {QKeySequence(Qt::CTRL | Qt::Key_Z)})),
      openInWindow(make(window, "openInWindow", text(QT_TRANSLATE_NOOP("ui::actions", "Open in a window of its own")),
                        QStringLiteral("app-window"), {QKeySequence(Qt::CTRL | Qt::Key_O)})),
      find(make(window, "find", text(QT_TRANSLATE_NOOP("ui::actions", "Find in message")), QStringLiteral("search"),
                {QKeySequence(Qt::CTRL | Qt::Key_F)})),
      findNext(make(window, "findNext", text(QT_TRANSLATE_NOOP("ui::actions", "Next match")), {},
                    {QKeySequence(Qt::Key_F3), QKeySequence(Qt::CTRL | Qt::Key_G)})),
      findPrevious(make(window, "findPrevious", text(QT_TRANSLATE_NOOP("ui::actions", "Previous match")), {},
                        {QKeySequence(Qt::SHIFT | Qt::Key_F3), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G)})),
      print(make(window, "print", text(QT_TRANSLATE_NOOP("ui::actions", "Print…")), QStringLiteral("printer"),
                 {QKeySequence(Qt::CTRL | Qt::Key_P)})),
      savePdf(make(window, "savePdf", text(QT_TRANSLATE_NOOP("ui::actions", "Save as PDF…")),
                   QStringLiteral("file-down"), {})),
      viewHeaders(make(window, "viewHeaders", text(QT_TRANSLATE_NOOP("ui::actions", "View all headers")),
                       QStringLiteral("info"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_U)})),
      viewSource(make(window, "viewSource", text(QT_TRANSLATE_NOOP("ui::actions", "View source")),
                      QStringLiteral("code"), {QKeySequence(Qt::CTRL | Qt::Key_U)})),
      fullScreen(make(window, "fullScreen", text(QT_TRANSLATE_NOOP("ui::actions", "Full screen")),
                      QStringLiteral("maximize"), {QKeySequence(Qt::Key_F11)})),
      zoomIn(make(window, "zoomIn", text(QT_TRANSLATE_NOOP("ui::actions", "Larger text")), {},
                  {QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)})),
      zoomOut(make(window, "zoomOut", text(QT_TRANSLATE_NOOP("ui::actions", "Smaller text")), {},
                   {QKeySequence(Qt::CTRL | Qt::Key_Minus)})),
      zoomReset(make(window, "zoomReset", text(QT_TRANSLATE_NOOP("ui::actions", "Usual text size")), {},
                     {QKeySequence(Qt::CTRL | Qt::Key_0)})),
      addAccount(make(window, "addAccount", text(QT_TRANSLATE_NOOP("ui::actions", "Add account…")),
                      QStringLiteral("user-plus"), {})),
      settings(make(window, "settings", text(QT_TRANSLATE_NOOP("ui::actions", "Settings…")), QStringLiteral("settings"),
                    {QKeySequence(Qt::CTRL | Qt::Key_Comma)})),
      shortcuts(make(window, "shortcuts", text(QT_TRANSLATE_NOOP("ui::actions", "Keyboard shortcuts")),
                     QStringLiteral("keyboard"), {QKeySequence(Qt::Key_F1)})),
      about(
          make(window, "about", text(QT_TRANSLATE_NOOP("ui::actions", "About Kittiwake")), QStringLiteral("info"), {})),
      quit(make(window, "quit", text(QT_TRANSLATE_NOOP("ui::actions", "Quit")), {},
                {QKeySequence(Qt::CTRL | Qt::Key_Q)})),
      layouts(new QActionGroup(window)), schemes(new QActionGroup(window))
{
    settings->setMenuRole(QAction::PreferencesRole);
    about->setMenuRole(QAction::AboutRole);
    quit->setMenuRole(QAction::QuitRole);
    choice(layouts, text(QT_TRANSLATE_NOOP("ui::actions", "By the width of the window")),
           static_cast<int>(LayoutChoice::Automatic));
    choice(layouts, text(QT_TRANSLATE_NOOP("ui::actions", "Three columns")), static_cast<int>(LayoutChoice::Wide));
    choice(layouts, text(QT_TRANSLATE_NOOP("ui::actions", "Message below the list")),
           static_cast<int>(LayoutChoice::Classic));
    choice(layouts, text(QT_TRANSLATE_NOOP("ui::actions", "One pane at a time")),
           static_cast<int>(LayoutChoice::Compact));
    choice(schemes, text(QT_TRANSLATE_NOOP("ui::actions", "As the system")), static_cast<int>(theme::Scheme::System));
    choice(schemes, text(QT_TRANSLATE_NOOP("ui::actions", "Light")), static_cast<int>(theme::Scheme::Light));
    choice(schemes, text(QT_TRANSLATE_NOOP("ui::actions", "Dark")), static_cast<int>(theme::Scheme::Dark));
}

std::vector<QAction *> WindowActions::commands() const
{
    return {compose,    reply,          replyAll,     replyList,    forward,      forwardAttached,
            redirect,   editAsNew,      fromTemplate, editTemplate, check,        switcher,
            nextUnread, previousUnread, nextPane,     previousPane, back,         archive,
            remove,     removeForEver,  junk,         moveTo,       toggleRead,   toggleStar,
            undo,       openInWindow,   find,         findNext,     findPrevious, print,
            savePdf,    viewHeaders,    viewSource,   fullScreen,   zoomIn,       zoomOut,
            zoomReset,  addAccount,     settings,     shortcuts,    about,        quit};
}

void WindowActions::fillMenu(QMenu *menu) const
{
    menu->addAction(compose);
    menu->addAction(fromTemplate);
    menu->addAction(check);
    menu->addAction(switcher);
    menu->addSeparator();
    QMenu *message = menu->addMenu(QCoreApplication::translate("ui::actions", "Message"));
    message->setIcon(icon(QStringLiteral("mail-open")));
    for (QAction *answer : answers())
        message->addAction(answer);
    message->addAction(editTemplate);
    message->addSeparator();
    message->addActions({archive, remove, removeForEver, junk, moveTo});
    message->addSeparator();
    message->addActions({toggleRead, toggleStar});
    message->addSeparator();
    message->addActions({openInWindow, find, print, savePdf, viewHeaders, viewSource});
    message->addSeparator();
    message->addAction(undo);
    QMenu *view = menu->addMenu(QCoreApplication::translate("ui::actions", "View"));
    view->setIcon(icon(QStringLiteral("columns-3")));
    view->addSection(QCoreApplication::translate("ui::actions", "Arrangement"));
    view->addActions(layouts->actions());
    view->addSeparator();
    view->addActions(schemes->actions());
    view->addSeparator();
    view->addActions({zoomIn, zoomOut, zoomReset});
    view->addAction(fullScreen);
    QMenu *go = menu->addMenu(QCoreApplication::translate("ui::actions", "Go"));
    go->setIcon(icon(QStringLiteral("mail")));
    go->addActions({nextUnread, previousUnread, nextPane, previousPane});
    menu->addSeparator();
    menu->addAction(addAccount);
    menu->addAction(settings);
    menu->addSeparator();
    menu->addAction(shortcuts);
    menu->addAction(about);
    menu->addAction(quit);
}

} // namespace kittiwake::ui
