// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/mainwindow.h"

#include "ui/folders/folderview.h"
#include "ui/mainwindow/activity.h"
#include "ui/mainwindow/marks.h"
#include "ui/mainwindow/pendingtext.h"
#include "ui/mainwindow/switcher.h"
#include "ui/mainwindow/switcherfield.h"
#include "ui/mainwindow/welcomepage.h"
#include "ui/messagelist/listheader.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/reader/readerpane.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/chromebar.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/menubutton.h"
#include "ui/widgets/safetext.h"

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QMenuBar>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

// A connection that comes back at once is not worth a sentence.
constexpr int bannerDelayMs = 4000;

QToolButton *toolButton(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QLatin1String("Button"));
    button->setAutoRaise(true);
    button->setIconSize({theme::toolIcon, theme::toolIcon});
    button->setMinimumSize(34, 32);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    return button;
}

} // namespace

MainWindow::MainWindow(MailSource &source, const QString &profile, QWidget *parent)
    : QMainWindow(parent), m_source(source), m_context(profile), m_settings(m_context.settings), m_queue(source),
      m_tree(new MailboxTreeModel(source, m_queue, this)), m_listModel(new MessageListModel(source, m_queue, this)),
      m_actions(std::make_unique<WindowActions>(this)), m_pages(new QStackedWidget(this)),
      m_welcome(new WelcomePage(this)), m_accountBanner(new Banner(this)), m_actionBanner(new Banner(this)),
      m_sentBanner(new Banner(this)), m_leftOpenBanner(new Banner(this)),
      m_marks(new Marks(source, *m_listModel, this)), m_folders(nullptr), m_messages(nullptr),
      m_reader(new ReaderPane(source, this)), m_activityLine(new ActivityButton(ActivityButton::Form::Line, this)),
      m_activityBrief(new ActivityButton(ActivityButton::Form::Brief, this)),
      m_pending(new PendingActions(source, this)), m_activityPanel(new ActivityPanel(source, *m_pending, this)),
      m_switcher(nullptr)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(applicationIcon());
    setMinimumSize(360, 400);
    m_listModel->setThreaded(m_settings.isThreaded());
    m_listModel->setSort(m_settings.sortKey(), m_settings.isAscending());
    m_messages = new MessageListPane(*m_listModel, this);
    m_reader->setObjectName(QStringLiteral("readerPane"));
    m_reader->setZoomPercent(m_settings.zoomPercent());
    for (QAction *action : {m_actions->openInWindow, m_actions->find, m_actions->print, m_actions->savePdf,
                            m_actions->viewHeaders, m_actions->viewSource})
        m_reader->menu()->addAction(action);
    m_marks->setReadDelay(m_settings.readDelay());
    m_accountBanner->setObjectName(QStringLiteral("accountBanner"));
    m_actionBanner->setObjectName(QStringLiteral("actionBanner"));
    m_actionBanner->hide();
    m_sentBanner->setObjectName(QStringLiteral("sentBanner"));
    m_leftOpenBanner->setObjectName(QStringLiteral("leftOpenBanner"));
    m_activityLine->setObjectName(QStringLiteral("activityLine"));
    m_activityBrief->setObjectName(QStringLiteral("activityBrief"));

    auto *mail = new QWidget(this);
    auto *layout = new QVBoxLayout(mail);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildToolbar());
    layout->addWidget(m_accountBanner);
    layout->addWidget(m_actionBanner);
    layout->addWidget(m_sentBanner);
    layout->addWidget(m_leftOpenBanner);
    m_panes = new PaneLayout(buildFolderPane(), m_messages, m_reader, m_settings, this);
    layout->addWidget(m_panes, 1);
    m_pages->addWidget(m_welcome);
    m_pages->addWidget(mail);
    setCentralWidget(m_pages);
    m_switcher = new Switcher(this);

    connectActions();
    connectPanes();
    if (!restoreGeometry(m_settings.geometry()))
        resize(1280, 800);
    if (!m_settings.columns().isEmpty())
        m_messages->view().header()->restoreState(m_settings.columns());
    m_panes->setChoice(m_settings.layout());
    handleAccounts();
    handleStatus();
    updateMode();
    // The keyboard begins in the list, once there is one.
    connect(
        m_listModel, &MessageListModel::stateChanged, this,
        [this] {
            if (m_listModel->state() == MessageListModel::State::Ready && m_messages->view().isVisible()
                && !m_startedReading) {
                m_startedReading = true;
                m_messages->view().setFocus();
            }
        },
        Qt::QueuedConnection);
}

MainWindow::~MainWindow() = default;

QWidget *MainWindow::buildToolbar()
{
    auto *bar = new ChromeBar(this);
    bar->setObjectName(QStringLiteral("toolbar"));
    bar->setFixedHeight(qMax(44, fontMetrics().height() + 24));
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 0, 8, 1);
    row->setSpacing(2);
    m_backButton = toolButton(m_actions->back, bar);
    row->addWidget(m_backButton);
    QToolButton *compose = toolButton(m_actions->compose, bar);
    compose->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    row->addWidget(compose);
    row->addWidget(toolButton(m_actions->check, bar));
    row->addSpacing(8);
    for (QAction *action : {m_actions->archive, m_actions->remove, m_actions->junk})
        row->addWidget(toolButton(action, bar));
    row->addSpacing(8);
    for (QAction *action : {m_actions->reply, m_actions->replyAll, m_actions->forward})
        row->addWidget(toolButton(action, bar));
    row->addSpacing(8);
    row->addWidget(toolButton(m_actions->previousUnread, bar));
    row->addWidget(toolButton(m_actions->nextUnread, bar));
    row->addStretch(1);
    row->addWidget(new SwitcherField(m_actions->switcher, bar), 4);
    row->addStretch(1);
    row->addWidget(m_activityBrief);
    row->addSpacing(4);

    auto *menu = new QMenu(this);
    m_actions->fillMenu(menu);
#ifdef Q_OS_MACOS
    menu->setTitle(tr("Mail"));
    menuBar()->addMenu(menu);
#endif
    row->addWidget(makeMenuButton(bar, menu, QStringLiteral("menu"), tr("Menu")));
    return bar;
}

QWidget *MainWindow::buildFolderPane()
{
    auto *pane = new QWidget(this);
    pane->setObjectName(QStringLiteral("folderPane"));
    pane->setAutoFillBackground(true);
    pane->setBackgroundRole(QPalette::Window);
    m_folders = new FolderView(*m_tree, pane);
    m_folders->setObjectName(QStringLiteral("folders"));
    m_folders->setAccessibleName(tr("Folders"));
    m_folders->setFoldedKeys(m_settings.foldedFolders());
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_folders, 1);
    layout->addWidget(m_activityLine);
    return pane;
}

void MainWindow::connectPanes()
{
    connect(m_folders, &FolderView::mailboxChosen, this, &MainWindow::openMailbox);
    connect(m_folders, &FolderView::clicked, this, [this] {
        if (m_panes->mode() == PaneLayout::Mode::Compact && m_listModel->mailbox().isValid())
            m_panes->showPane(PaneLayout::Pane::Messages);
    });
    connect(m_folders, &FolderView::foldingChanged, this,
            [this] { m_settings.setFoldedFolders(m_folders->foldedKeys()); });
    connect(m_folders, &FolderView::checkRequested, m_actions->check, &QAction::trigger);
    connect(m_folders, &FolderView::verifyRequested, this, &MainWindow::verify);
    connect(m_folders, &FolderView::markAllReadRequested, m_marks, &Marks::markAllRead);
    connect(m_tree, &MailboxTreeModel::treeRead, this, &MainWindow::handleTree);

    connect(m_messages, &MessageListPane::messageChosen, this, &MainWindow::showChosen);
    connect(m_messages, &MessageListPane::severalChosen, this, [this](qsizetype messages) {
        m_reader->showSeveral(messages);
        updateActions();
    });
    m_marks->setSelection([this](std::size_t most) {
        return m_messages->hasSeveral() ? m_messages->selectedMessages(most) : std::vector<MessageId>();
    });
    connect(m_messages, &MessageListPane::checkRequested, m_actions->check, &QAction::trigger);
    connect(m_messages, &MessageListPane::sortingChanged, this, [this] {
        m_settings.setSort(m_listModel->sortKey(), m_listModel->isAscending());
        m_settings.setThreaded(m_listModel->isThreaded());
    });
    connect(m_messages, &MessageListPane::noUnreadLeft, this,
            [this] { m_activityBrief->setToolTip(tr("There is no other unread message in this folder.")); });
    connect(m_messages, &MessageListPane::readerRequested, this, &MainWindow::openChosen);
    connect(&m_messages->view(), &QAbstractItemView::clicked, this, [this] {
        if (m_panes->mode() == PaneLayout::Mode::Compact)
            m_panes->showPane(PaneLayout::Pane::Reader);
    });
    connect(&m_messages->view(), &MessageListView::columnsResized, this,
            [this] { m_settings.setColumns(m_messages->view().header()->saveState()); });

    m_reader->setAccountFinder([this](MailboxId mailbox) {
        const store::MailboxRow *row = m_tree->mailbox(mailbox);
        return row ? row->account : AccountId();
    });
    connect(m_reader, &ReaderPane::nextUnreadRequested, m_actions->nextUnread, &QAction::trigger);
    connect(m_reader, &ReaderPane::pageRequested, this, &MainWindow::pageOn);
    connect(m_reader, &ReaderPane::stateChanged, this, [this] {
        if (m_reader->state() == ReaderPane::State::Showing) {
            m_marks->shown(m_reader->message());
            m_source.readAhead(m_messages->neighbours(m_reader->message()));
        } else if (m_reader->state() == ReaderPane::State::Empty) {
            m_source.readAhead({});
        }
        updateActions();
        updateTitle();
    });

    connect(m_panes, &PaneLayout::modeChanged, this, &MainWindow::updateMode);
    connect(m_panes, &PaneLayout::paneChanged, this, &MainWindow::updateMode);
    connect(m_welcome, &WelcomePage::addAccountRequested, this, &MainWindow::addAccount);
    connect(&m_source, &MailSource::accountsChanged, this, &MainWindow::handleAccounts);
    connect(&m_source, &MailSource::accountStatusChanged, this, &MainWindow::handleStatus);

    for (ActivityButton *button : {m_activityLine, m_activityBrief})
        connect(button, &QAbstractButton::clicked, this, [this, button] { m_activityPanel->openAt(button); });
    connect(m_activityPanel, &ActivityPanel::passwordRequested, this, &MainWindow::changePassword);
    connect(m_activityPanel, &ActivityPanel::settingsRequested, this, &MainWindow::openSettings);
    connect(m_pending, &PendingActions::changed, this, &MainWindow::handleStatus);
    connect(m_pending, &PendingActions::progressed, this, &MainWindow::handleStatus);
    connect(m_pending, &PendingActions::refused, this, [this](const engine::PendingAction &action) {
        showActionError(action.error.isEmpty() ? actionText(action) : action.error, action.id,
                        action.kind == QLatin1String("send"));
    });
    connect(m_pending, &PendingActions::failed, this, [this](const Error &error) { showActionError(error.userText); });
    m_bannerDelay.setSingleShot(true);
    m_bannerDelay.setInterval(bannerDelayMs);
    connect(&m_bannerDelay, &QTimer::timeout, this, &MainWindow::handleStatus);

    // "Today" ends at midnight.
    const auto untilMidnight = [this] {
        const QDateTime now = QDateTime::currentDateTime();
        m_midnight.start(
            static_cast<int>(qMin<qint64>(now.msecsTo(now.date().addDays(1).startOfDay()) + 500, 86400000)));
    };
    m_midnight.setSingleShot(true);
    connect(&m_midnight, &QTimer::timeout, this, [this, untilMidnight] {
        m_messages->view().viewport()->update();
        untilMidnight();
    });
    untilMidnight();
}

void MainWindow::openMailbox(MailboxId mailbox)
{
    const store::MailboxRow *row = m_tree->mailbox(mailbox);
    if (!row) {
        m_listModel->open({});
        m_messages->setMailbox(nullptr);
        m_reader->showNothing();
        return;
    }
    if (mailbox == m_listModel->mailbox())
        return;
    m_reader->showNothing();
    m_source.setOpenMailbox(mailbox);
    const bool ownMail = row->role == mail::MailboxRole::Sent || row->role == mail::MailboxRole::Drafts;
    m_messages->forgetCurrent();
    m_listModel->open(mailbox, ownMail);
    m_folders->select(mailbox);
    m_settings.setLastMailbox({row->account, row->name.text});
    updateHead();
    updateActions();
}

void MainWindow::warmUp()
{
    m_reader->warmUp();
}

void MainWindow::openMessage(MessageId message)
{
    m_messages->selectMessage(message);
}

void MainWindow::showChosen(MessageId message)
{
    m_marks->setCurrent(message);
    if (!message.isValid()) {
        m_reader->showNothing();
        return;
    }
    if (const store::MessageRow *row = m_listModel->cachedMessage(message)) {
        m_reader->showMessage(*row);
        return;
    }
    m_queue.ask<std::vector<store::MessageRow>>(
        this, [message](const MailReader &reader) { return reader.rows(std::span(&message, 1)); },
        [this, message](Result<std::vector<store::MessageRow>> rows) {
            if (rows && !rows->empty() && m_messages->currentMessage() == message)
                m_reader->showMessage(rows->front());
        });
}

} // namespace kittiwake::ui
