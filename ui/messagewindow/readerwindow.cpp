// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagewindow/readerwindow.h"

#include "ui/messagewindow/readercommands.h"
#include "ui/messagewindow/readercontext.h"
#include "ui/reader/findbar.h"
#include "ui/reader/readerpane.h"
#include "ui/widgets/chromebar.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/menubutton.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QCloseEvent>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QToolButton>

namespace kittiwake::ui
{

ReaderWindow::ReaderWindow(MailSource &source, const store::MessageRow &row, ReaderContext &context, QWidget *parent)
    : QWidget(parent, Qt::Window), m_source(source), m_context(context)
{
    build(row);
}

ReaderWindow::ReaderWindow(std::unique_ptr<LocalSource> source, ReaderContext &context, QWidget *parent)
    : QWidget(parent, Qt::Window), m_own(std::move(source)), m_source(*m_own), m_context(context)
{
    build(m_own->row());
}

ReaderWindow::~ReaderWindow()
{
    // Everything in the window reads from the source, which is a member and would go first.
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

void ReaderWindow::build(const store::MessageRow &row)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("readerWindow"));
    setWindowIcon(applicationIcon());
    setMinimumSize(320, 320);
    const QString subject = oneLine(row.header.subject, 100);
    setWindowTitle(tr("%1 – Kittiwake", "subject").arg(subject.isEmpty() ? tr("(no subject)") : subject));
    if (!restoreGeometry(m_context.settings.readerGeometry()))
        resize(820, 760);

    m_reader = new ReaderPane(m_source, this);
    m_reader->setObjectName(QStringLiteral("readerPane"));
    m_reader->setZoomPercent(m_context.settings.zoomPercent());
    m_commands = new ReaderCommands(m_source, *m_reader, m_context, this);
    m_bar = new ChromeBar(this);
    m_bar->setFixedHeight(qMax(44, fontMetrics().height() + 24));
    m_row = new QHBoxLayout(m_bar);
    m_row->setContentsMargins(8, 0, 8, 1);
    m_row->setSpacing(2);
    m_menu = new QMenu(this);
    if (m_context.composers != nullptr) {
        const auto answer = [this](const char *name, const QString &title, const QString &iconName,
                                   const QKeySequence &key, Answer how) {
            add(name, title, iconName, key.isEmpty() ? QList<QKeySequence>() : QList<QKeySequence>{key},
                [this, how] { m_commands->answer(how); });
        };
        answer("reply", tr("Reply"), QStringLiteral("reply"), QKeySequence(Qt::CTRL | Qt::Key_R), Answer::Reply);
        answer("replyAll", tr("Reply to all"), QStringLiteral("reply-all"),
               QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), Answer::ReplyAll);
        answer("forward", tr("Forward"), QStringLiteral("forward"), QKeySequence(Qt::CTRL | Qt::Key_L),
               Answer::Forward);
        answer("replyList", tr("Reply to the mailing list"), {}, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L),
               Answer::ReplyList);
        answer("forwardAttached", tr("Forward as attachment"), {}, {}, Answer::ForwardAttached);
        answer("redirect", tr("Redirect…"), {}, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), Answer::Redirect);
        answer("editAsNew", tr("Edit as new message"), {}, QKeySequence(Qt::CTRL | Qt::Key_E), Answer::EditAsNew);
        m_menu->addSeparator();
        m_row->addSpacing(8);
    }
    if (m_context.file && !m_own) {
        add("archive", tr("Archive"), QStringLiteral("archive"), {QKeySequence(Qt::Key_A)},
            [this] { file(mail::MoveKind::Archive); });
        add("delete", tr("Delete"), QStringLiteral("trash-2"), {QKeySequence(Qt::Key_Delete)},
            [this] { file(mail::MoveKind::Delete); });
        add("junk", tr("Junk"), QStringLiteral("shield-alert"), {QKeySequence(Qt::Key_J)},
            [this] { file(mail::MoveKind::Junk); });
        m_menu->addSeparator();
        m_row->addSpacing(8);
    }
    add("find", tr("Find in message"), QStringLiteral("search"), {QKeySequence::Find},
        [this] { m_reader->findBar().open(); });
    add("print", tr("Print…"), QStringLiteral("printer"), {QKeySequence::Print}, [this] { m_commands->print(); });
    add("savePdf", tr("Save as PDF…"), QStringLiteral("file-down"), {}, [this] { m_commands->savePdf(); });
    m_row->addStretch(1);
    m_menu->addSeparator();
    const auto key = [](int combination) { return QList<QKeySequence>{QKeySequence(combination)}; };
    add("viewHeaders", tr("View all headers"), {}, {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_U)},
        [this] { m_commands->showHeaders(); });
    add("viewSource", tr("View source"), {}, {QKeySequence(Qt::CTRL | Qt::Key_U)},
        [this] { m_commands->showSource(); });
    m_menu->addSeparator();
    add("zoomIn", tr("Larger text"), {},
        {QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)},
        [this] { m_commands->zoom(1); });
    add("zoomOut", tr("Smaller text"), {}, {QKeySequence(Qt::CTRL | Qt::Key_Minus)}, [this] { m_commands->zoom(-1); });
    add("zoomReset", tr("Usual text size"), {}, {QKeySequence(Qt::CTRL | Qt::Key_0)}, [this] { m_commands->zoom(0); });
    add("fullScreen", tr("Full screen"), {}, key(Qt::Key_F11), [this] { toggleFullScreen(); });
    m_menu->addSeparator();
    add("close", tr("Close"), {}, {QKeySequence::Close}, [this] { close(); });
    auto *next = new QAction(this);
    next->setShortcuts({QKeySequence(Qt::Key_F3), QKeySequence(Qt::CTRL | Qt::Key_G)});
    connect(next, &QAction::triggered, this, [this] { m_reader->findBar().findNext(); });
    auto *previous = new QAction(this);
    previous->setShortcuts({QKeySequence(Qt::SHIFT | Qt::Key_F3), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G)});
    connect(previous, &QAction::triggered, this, [this] { m_reader->findBar().findPrevious(); });
    addActions({next, previous});

    m_row->addWidget(makeMenuButton(m_bar, m_menu, QStringLiteral("menu"), tr("Menu")));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_reader, 1);
    connect(m_reader, &ReaderPane::linkActivated, m_commands, &ReaderCommands::followLink);
    connect(m_reader, &ReaderPane::pageRequested, this, [this] { m_reader->pageDown(); });
    m_reader->showMessage(row);
    m_reader->focusText();
}

QAction *ReaderWindow::add(const char *name, const QString &title, const QString &iconName,
                           const QList<QKeySequence> &keys, std::function<void()> run)
{
    auto *action = new QAction(title, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcuts(keys);
    connect(action, &QAction::triggered, this, std::move(run));
    addAction(action);
    m_menu->addAction(action);
    if (iconName.isEmpty())
        return action;
    action->setIcon(icon(iconName));
    action->setToolTip(
        keys.isEmpty()
            ? title
            : tr("%1 (%2)", "command, shortcut").arg(title, keys.first().toString(QKeySequence::NativeText)));
    auto *button = new QToolButton(m_bar);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QLatin1String("Button"));
    button->setAutoRaise(true);
    button->setIconSize({theme::toolIcon, theme::toolIcon});
    button->setMinimumSize(34, 32);
    button->setAccessibleName(title);
    m_row->addWidget(button);
    return action;
}

void ReaderWindow::file(mail::MoveKind kind)
{
    if (m_context.file(m_reader->row(), kind))
        close();
    else if (parentWidget() != nullptr)
        parentWidget()->activateWindow(); // it asks first
}

void ReaderWindow::toggleFullScreen()
{
    setWindowState(windowState() ^ Qt::WindowFullScreen);
}

void ReaderWindow::escape()
{
    if (m_reader->findBar().isVisible())
        m_reader->findBar().close();
    else if (isFullScreen())
        toggleFullScreen();
    else
        close();
}

void ReaderWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        escape();
    else if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier)
        m_reader->pageDown();
    else
        QWidget::keyPressEvent(event);
}

void ReaderWindow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    // Full screen is for reading: nothing but the message.
    if (event->type() == QEvent::WindowStateChange && m_bar)
        m_bar->setVisible(!isFullScreen());
}

void ReaderWindow::closeEvent(QCloseEvent *event)
{
    if (!isFullScreen())
        m_context.settings.setReaderGeometry(saveGeometry());
    QWidget::closeEvent(event);
}

} // namespace kittiwake::ui
