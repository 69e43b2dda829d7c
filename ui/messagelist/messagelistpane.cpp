// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagelist/messagelistpane.h"

#include "ui/models/mailboxtree.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QActionGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QStackedLayout>
#include <QToolButton>

#include <algorithm>

namespace kittiwake::ui
{

MessageListPane::MessageListPane(MessageListModel &model, QWidget *parent)
    : QWidget(parent), m_model(model), m_view(new MessageListView(model, this)), m_title(new PlainLabel(this)),
      m_counts(new PlainLabel(this)), m_sortButton(new QToolButton(this)), m_sortMenu(new QMenu(this)),
      m_sortKeys(new QActionGroup(this)), m_sortDirections(new QActionGroup(this)), m_conversations(nullptr),
      m_banner(new Banner(this)), m_empty(new EmptyState(this)), m_stack(new QStackedLayout)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_view->setObjectName(QStringLiteral("messageList"));
    m_view->setAccessibleName(tr("Messages"));
    m_empty->setObjectName(QStringLiteral("listEmptyState"));
    m_banner->setObjectName(QStringLiteral("listBanner"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    buildHead();
    layout->addWidget(m_banner);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    layout->addLayout(m_stack, 1);
    buildSortMenu();

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &MessageListPane::handleCurrent);
    connect(m_view, &MessageListView::selectionSettled, this, &MessageListPane::handleSelection);
    connect(m_view, &MessageListView::activatedByKeyboard, this, &MessageListPane::readerRequested);
    connect(m_view, &MessageListView::sortRequested, this, [this](store::SortKey key) {
        // A click on the column that sorts already turns it round; others begin with what people look for first.
        const bool text = key == store::SortKey::From || key == store::SortKey::Subject;
        m_model.setSort(key, key == m_model.sortKey() ? !m_model.isAscending() : text);
        updateSortMenu();
        Q_EMIT sortingChanged();
    });
    connect(&m_model, &MessageListModel::stateChanged, this, [this] {
        updateState();
        restoreCurrent();
    });
    connect(&m_model, &MessageListModel::patched, this, &MessageListPane::restoreCurrent);
    for (const auto changed : {&MessageListModel::patched, &MessageListModel::stateChanged}) {
        connect(&m_model, changed, this, [this] {
            if (m_hasSeveral)
                handleSelection();
        });
    }
    connect(&m_model, &MessageListModel::unreadFound, this, [this](MessageId message) {
        if (message.isValid())
            selectMessage(message);
        else
            Q_EMIT noUnreadLeft();
    });
    connect(m_empty, &EmptyState::actionTriggered, this, [this] {
        if (m_model.state() == MessageListModel::State::Failed)
            m_model.reload();
        else
            Q_EMIT checkRequested();
    });
    connect(m_banner, &Banner::actionTriggered, &m_model, &MessageListModel::reload);
    setMailbox(nullptr);
    updateState();
}

void MessageListPane::buildHead()
{
    auto *head = new QWidget(this);
    head->setObjectName(QStringLiteral("listHead"));
    head->installEventFilter(this);
    head->setFixedHeight(52);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(theme::margins(24, 0, 8, 0));
    row->setSpacing(theme::padding);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(0);
    m_title->setFont(theme::scaled(font(), 1.15, QFont::DemiBold));
    m_counts->setFont(theme::scaled(font(), 0.9));
    m_counts->setInk(PlainLabel::Ink::Secondary);
    texts->addStretch();
    texts->addWidget(m_title);
    texts->addWidget(m_counts);
    texts->addStretch();
    row->addLayout(texts, 1);
    m_sortButton->setObjectName(QStringLiteral("sortButton"));
    m_sortButton->setAutoRaise(true);
    m_sortButton->setPopupMode(QToolButton::InstantPopup);
    m_sortButton->setMenu(m_sortMenu);
    m_sortButton->setIconSize({theme::smallIcon, theme::smallIcon});
    m_sortButton->setAccessibleName(tr("Sorting and conversations"));
    m_sortButton->setToolTip(tr("Sorting and conversations"));
    row->addWidget(m_sortButton);
    layout()->addWidget(head);
}

bool MessageListPane::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Paint) {
        auto *head = static_cast<QWidget *>(watched);
        QPainter painter(head);
        painter.fillRect(QRect(0, head->height() - 1, head->width(), 1), theme::border(palette()));
    }
    return false;
}

void MessageListPane::buildSortMenu()
{
    const auto addKey = [this](const QString &text, store::SortKey key) {
        QAction *action = m_sortMenu->addAction(text);
        action->setCheckable(true);
        action->setData(static_cast<int>(key));
        m_sortKeys->addAction(action);
    };
    addKey(tr("Sort by date"), store::SortKey::Date);
    addKey(tr("Sort by sender"), store::SortKey::From);
    addKey(tr("Sort by subject"), store::SortKey::Subject);
    addKey(tr("Sort by size"), store::SortKey::Size);
    m_sortMenu->addSeparator();
    for (const bool ascending : {false, true}) {
        QAction *action = m_sortMenu->addAction(QString());
        action->setCheckable(true);
        action->setData(ascending);
        m_sortDirections->addAction(action);
    }
    m_sortMenu->addSeparator();
    m_conversations = m_sortMenu->addAction(tr("Group by conversation"));
    m_conversations->setCheckable(true);
    connect(m_sortKeys, &QActionGroup::triggered, this, [this](QAction *action) {
        const auto key = static_cast<store::SortKey>(action->data().toInt());
        const bool text = key == store::SortKey::From || key == store::SortKey::Subject;
        if (key != m_model.sortKey())
            m_model.setSort(key, text);
        updateSortMenu();
        Q_EMIT sortingChanged();
    });
    connect(m_sortDirections, &QActionGroup::triggered, this, [this](QAction *action) {
        m_model.setSort(m_model.sortKey(), action->data().toBool());
        updateSortMenu();
        Q_EMIT sortingChanged();
    });
    connect(m_conversations, &QAction::toggled, this, [this](bool on) {
        m_model.setThreaded(on);
        Q_EMIT sortingChanged();
    });
    connect(m_sortMenu, &QMenu::aboutToShow, this, &MessageListPane::updateSortMenu);
    updateSortMenu();
}

void MessageListPane::updateSortMenu()
{
    const store::SortKey key = m_model.sortKey();
    for (QAction *action : m_sortKeys->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(key));
    const bool text = key == store::SortKey::From || key == store::SortKey::Subject;
    for (QAction *action : m_sortDirections->actions()) {
        const bool ascending = action->data().toBool();
        if (key == store::SortKey::Date)
            action->setText(ascending ? tr("Oldest first") : tr("Newest first"));
        else if (text)
            action->setText(ascending ? tr("A to Z") : tr("Z to A"));
        else
            action->setText(ascending ? tr("Smallest first") : tr("Largest first"));
        action->setChecked(ascending == m_model.isAscending());
    }
    const QSignalBlocker quiet(m_conversations);
    m_conversations->setChecked(m_model.isThreaded());
    m_conversations->setEnabled(key == store::SortKey::Date);
    m_sortButton->setIcon(icon(m_model.isAscending() ? QStringLiteral("arrow-up-narrow-wide")
                                                     : QStringLiteral("arrow-down-wide-narrow")));
}

void MessageListPane::setRowStyle(RowStyle style)
{
    m_view->setRowStyle(style);
}

void MessageListPane::setMailbox(const store::MailboxRow *row)
{
    m_sortButton->setEnabled(row != nullptr);
    if (!row) {
        m_title->setText({});
        m_counts->setText({});
        return;
    }
    m_emptyIcon = mailboxIcon(row->role);
    m_title->setText(oneLine(mailboxLabel(*row), 200));
    const std::int64_t messages = std::clamp<std::int64_t>(std::max(row->messages, row->cached), 0, INT_MAX);
    const QString all = row->newestOnly > 0
        ? tr("The newest %Ln message(s): the server shows no more", nullptr, static_cast<int>(messages))
        : tr("%Ln message(s)", nullptr, static_cast<int>(messages));
    if (row->unseen > 0) {
        m_counts->setText(tr("%1, %2 unread", "number of messages as a phrase, number")
                              .arg(all, QLocale().toString(qlonglong(row->unseen))));
    } else {
        m_counts->setText(all);
    }
}

void MessageListPane::updateState()
{
    using State = MessageListModel::State;
    const bool hasRows = m_model.rowCount() > 0;
    m_banner->setVisible(false);
    switch (m_model.state()) {
    case State::Closed:
        m_empty->setContent(QStringLiteral("mails"), tr("Choose a folder to see its messages."));
        break;
    case State::Loading:
        // The first rows come within milliseconds: an empty list is calmer than a sentence that flashes.
        m_stack->setCurrentWidget(m_view);
        return;
    case State::Failed:
        if (hasRows)
            m_banner->showMessage(theme::Tone::Error, m_model.error().userText, tr("Try again"));
        else
            m_empty->setContent(QStringLiteral("circle-alert"), m_model.error().userText, tr("Try again"));
        break;
    case State::Ready:
        if (!hasRows)
            m_empty->setContent(m_emptyIcon, tr("This folder has no messages."), tr("Check mail now"));
        break;
    }
    const bool showsView = hasRows && m_model.state() != State::Closed;
    m_stack->setCurrentWidget(showsView ? static_cast<QWidget *>(m_view) : m_empty);
}

void MessageListPane::handleCurrent(const QModelIndex &current)
{
    if (m_restoring || m_view->isExtending())
        return;
    // Several rows stay chosen when the one goes that the keyboard was at.
    if (m_hasSeveral && !current.isValid())
        return;
    m_hasSeveral = false;
    if (!current.isValid()) {
        // A list that is read again loses its current row for a moment; only an expunged message is given up.
        const bool reading = m_model.state() == MessageListModel::State::Loading || m_model.rowCount() == 0;
        if (!reading && m_current.isValid()) {
            m_current = {};
            Q_EMIT messageChosen({});
        }
        return;
    }
    const MessageId chosen = m_model.listRow(current.row()).id;
    m_wanted = {};
    if (chosen == m_current)
        return;
    m_current = chosen;
    Q_EMIT messageChosen(chosen);
}

void MessageListPane::selectMessage(MessageId message)
{
    m_wanted = message;
    const int row = m_model.rowOf(message);
    if (row < 0)
        return;
    const ListRow &shown = m_model.listRow(row);
    if (shown.id != message && shown.kind == ListRow::Kind::Folded) {
        m_model.setExpanded(row, true); // restoreCurrent() goes on when its rows are there
        return;
    }
    m_view->setCurrentIndex(m_model.index(row));
    m_view->scrollTo(m_model.index(row));
    if (m_hasSeveral) // it was the current row among them
        handleSelection();
}

/** Puts the selection back on the message that is being read, when the list has changed around it. */
void MessageListPane::restoreCurrent()
{
    if (m_wanted.isValid()) {
        selectMessage(m_wanted);
        return;
    }
    if (!m_current.isValid() || m_model.state() != MessageListModel::State::Ready)
        return;
    const QModelIndex index = m_view->currentIndex();
    if (index.isValid()) {
        const ListRow &row = m_model.listRow(index.row());
        const auto folded = m_model.members(row.thread);
        if (row.id == m_current)
            return;
        // A reply came to the folded conversation: the row is still where the reading is done.
        if (row.kind == ListRow::Kind::Folded && std::find(folded.begin(), folded.end(), m_current) != folded.end())
            return;
    }
    const int row = m_model.rowOf(m_current, index.row());
    if (row < 0 && !m_model.isComplete())
        return; // it may be among those still to come
    if (row < 0) {
        m_restoring = true;
        m_view->clearCurrent();
        m_restoring = false;
        m_current = {};
        Q_EMIT messageChosen({});
        return;
    }
    m_restoring = true;
    m_view->setCurrentIndex(m_model.index(row));
    m_restoring = false;
}

std::vector<MessageId> MessageListPane::neighbours(MessageId message) const
{
    std::vector<MessageId> found;
    const int row = m_model.rowOf(message, m_view->currentIndex().row());
    if (row < 0)
        return found;
    for (const int next : {row + 1, row - 1}) {
        if (next >= 0 && next < m_model.rowCount())
            found.push_back(m_model.listRow(next).id);
    }
    return found;
}

void MessageListPane::forgetCurrent()
{
    m_current = {};
    m_wanted = {};
}

void MessageListPane::selectUnread(bool forward)
{
    m_model.findUnread(m_view->currentIndex().row(), forward);
}

} // namespace kittiwake::ui
