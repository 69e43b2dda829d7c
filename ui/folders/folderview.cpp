// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/folderview.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>

namespace kittiwake::ui
{

namespace
{

constexpr int sideInset = 8; // between the pane's edge and the ground of a selected line
constexpr int indentStep = 16;
constexpr int foldWidth = 16;

int levelOf(const QModelIndex &index)
{
    int level = 0;
    for (QModelIndex up = index.parent(); up.isValid(); up = up.parent())
        ++level;
    return level;
}

bool isAccount(const QModelIndex &index)
{
    return index.data(MailboxTreeModel::KindRole).toInt() == static_cast<int>(MailboxNode::Kind::Account);
}

} // namespace

QSize FolderDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int height = option.fontMetrics.height();
    return {60, isAccount(index) ? height + 18 : height + 11};
}

QRect FolderDelegate::foldMark(const QRect &line, const QModelIndex &index) const
{
    if (!index.model()->hasChildren(index))
        return {};
    const int level = isAccount(index) ? 0 : levelOf(index) - 1;
    const QRect mark(line.left() + sideInset + 2 + level * indentStep, line.top(), foldWidth, line.height());
    return QStyle::visualRect(m_view->layoutDirection(), line, mark);
}

void FolderDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QPalette &palette = option.palette;
    const auto mirrored = [&](const QRect &rect) { return QStyle::visualRect(option.direction, option.rect, rect); };
    const auto kind = static_cast<MailboxNode::Kind>(index.data(MailboxTreeModel::KindRole).toInt());
    const bool account = kind == MailboxNode::Kind::Account;
    const bool open = m_view->isExpanded(index);
    const bool selected = option.state & QStyle::State_Selected;
    const bool focused = m_view->hasFocus() && (option.state & QStyle::State_Active);
    const QColor secondary = theme::secondaryText(palette);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF ground = QRectF(option.rect).adjusted(sideInset, 1, -sideInset, -1);
    QColor fill;
    if (selected)
        fill = theme::selection(palette, true);
    else if ((option.state & QStyle::State_MouseOver) && kind == MailboxNode::Kind::Mailbox)
        fill = theme::hover(palette, theme::chrome(palette));
    if (fill.isValid()) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(fill);
        painter->drawRoundedRect(ground, theme::radius, theme::radius);
    }
    if (focused && index == m_view->currentIndex() && !selected) {
        painter->setPen(QPen(theme::accent(palette), 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(ground.adjusted(0.75, 0.75, -0.75, -0.75), theme::radius, theme::radius);
    }

    const QRect mark = foldMark(option.rect, index);
    if (!mark.isNull()) {
        QString name = QStringLiteral("chevron-down");
        if (!open)
            name = option.direction == Qt::RightToLeft ? QStringLiteral("chevron-left")
                                                       : QStringLiteral("chevron-right");
        paintIcon(*painter, mark, name, secondary, 12);
    }

    const int level = account ? 0 : levelOf(index) - 1;
    int left = option.rect.left() + sideInset + 2 + level * indentStep + foldWidth + 2;
    int right = option.rect.right() + 1 - sideInset - 10;
    if (!account) {
        const auto icon = qvariant_cast<QIcon>(index.data(Qt::DecorationRole));
        icon.paint(painter, mirrored(QRect(left, option.rect.top(), 16, option.rect.height())), Qt::AlignCenter);
        left += 16 + theme::padding;
    }

    QFont font = option.font;
    const qlonglong own = index.data(MailboxTreeModel::UnreadRole).toLongLong();
    const qlonglong hidden = open ? 0 : index.data(MailboxTreeModel::HiddenUnreadRole).toLongLong();
    const qlonglong unread = account ? hidden : own + hidden;
    if (index.data(MailboxTreeModel::NeedsAttentionRole).toBool()) {
        const QRect warning(right - 14, option.rect.top(), 14, option.rect.height());
        paintIcon(*painter, mirrored(warning), QStringLiteral("triangle-alert"),
                  theme::toneMark(palette, theme::Tone::Warning), 14);
        right -= 20;
    }
    if (unread > 0) {
        QFont countFont = theme::scaled(option.font, 0.92, own > 0 ? QFont::Bold : QFont::Normal);
        const QString text = option.locale.toString(unread);
        const int width = QFontMetrics(countFont).horizontalAdvance(text);
        painter->setFont(countFont);
        painter->setPen(own > 0 ? palette.color(QPalette::Text) : secondary);
        painter->drawText(mirrored(QRect(right - width - 1, option.rect.top(), width + 2, option.rect.height())),
                          Qt::AlignCenter, text);
        right -= width + theme::padding;
    }

    if (account)
        font = theme::scaled(option.font, 0.92, QFont::DemiBold);
    else if (own > 0)
        font.setWeight(QFont::DemiBold);
    painter->setFont(font);
    painter->setPen(account || kind == MailboxNode::Kind::Group ? secondary : palette.color(QPalette::Text));
    const QRect room = mirrored(QRect(left, option.rect.top(), qMax(0, right - left), option.rect.height()));
    const QString label
        = QFontMetrics(font).elidedText(oneLine(index.data().toString(), 200), Qt::ElideRight, room.width());
    const Qt::Alignment start = QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignAbsolute;
    painter->drawText(room, int(start) | Qt::AlignVCenter | Qt::TextSingleLine, label);
    painter->restore();
}

FolderView::FolderView(MailboxTreeModel &model, QWidget *parent)
    : QTreeView(parent), m_model(model), m_delegate(new FolderDelegate(this))
{
    m_unfolding.setSingleShot(true);
    m_unfolding.setInterval(600);
    connect(&m_unfolding, &QTimer::timeout, this, [this] {
        if (m_hovered.isValid())
            expand(m_hovered);
    });
    setFrameShape(NoFrame);
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setIndentation(0);
    setUniformRowHeights(false);
    setMouseTracking(true);
    setExpandsOnDoubleClick(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    setItemDelegate(m_delegate);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Window);
    viewport()->setBackgroundRole(QPalette::Window);
    setModel(&m_model);
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex &index) {
        m_folded.insert(m_model.node(index)->key);
        Q_EMIT foldingChanged();
    });
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex &index) {
        if (m_folded.remove(m_model.node(index)->key))
            Q_EMIT foldingChanged();
    });
    unfold({}, 0, m_model.rowCount() - 1);
}

void FolderView::unfold(const QModelIndex &parent, int start, int end)
{
    for (int row = start; row <= end; ++row) {
        const QModelIndex index = m_model.index(row, 0, parent);
        if (!m_folded.contains(m_model.node(index)->key))
            expand(index);
    }
}

void FolderView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QTreeView::rowsInserted(parent, start, end);
    unfold(parent, start, end);
    // A parent that had no children when it came could not be unfolded then.
    if (parent.isValid() && !m_folded.contains(m_model.node(parent)->key))
        expand(parent);
}

void FolderView::drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem line = option;
    line.rect = visualRect(index);
    line.rect.setLeft(0);
    line.rect.setWidth(viewport()->width());
    if (selectionModel()->isSelected(index))
        line.state |= QStyle::State_Selected;
    const QPoint mouse = viewport()->mapFromGlobal(QCursor::pos());
    line.state.setFlag(QStyle::State_MouseOver, viewport()->underMouse() && line.rect.contains(mouse));
    itemDelegate()->paint(painter, line, index);
}

/** What can be done with a folder or an account. The line need not be the open one. */
MailboxId FolderView::mailboxAt(const QPoint &global) const
{
    const QPoint point = viewport()->mapFromGlobal(global);
    const MailboxNode *node = viewport()->rect().contains(point) ? m_model.node(indexAt(point)) : nullptr;
    return node ? node->row.id : MailboxId();
}

QRect FolderView::nameRect(const QModelIndex &index) const
{
    QRect line = visualRect(index);
    line.setLeft(0);
    line.setWidth(viewport()->width());
    const int level = isAccount(index) ? 0 : levelOf(index) - 1;
    const int start = sideInset + 2 + level * indentStep + foldWidth + 2 + 16 + theme::padding / 2;
    const QRect name(line.left() + start, line.top() + 1, line.width() - start - sideInset, line.height() - 2);
    return QStyle::visualRect(layoutDirection(), line, name);
}

void FolderView::hoverAt(const QPoint &global)
{
    const QPoint point = viewport()->mapFromGlobal(global);
    const QModelIndex index = viewport()->rect().contains(point) ? indexAt(point) : QModelIndex();
    if (index == m_hovered)
        return;
    m_hovered = index;
    if (index.isValid() && !isExpanded(index))
        m_unfolding.start();
    else
        m_unfolding.stop();
}

void FolderView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKey ? currentIndex() : indexAt(event->pos());
    const MailboxNode *node = m_model.node(index);
    if (!node || node->kind == MailboxNode::Kind::Group)
        return;
    const bool whole = node->kind == MailboxNode::Kind::Account;
    const AccountId account = node->account;
    const QString mailbox = whole ? QString() : node->row.name.text;
    const QString label = node->label;
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("folderMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon(QStringLiteral("refresh-cw")), tr("Check mail"), this, &FolderView::checkRequested);
    if (!whole && node->row.selectable) {
        auto *read = menu->addAction(icon(QStringLiteral("mail-open")), tr("Mark all as read"), this,
                                     [this, id = node->row.id] { Q_EMIT markAllReadRequested(id); });
        read->setObjectName(QStringLiteral("markAllRead"));
        read->setEnabled(node->row.unseen > 0);
    }
    Q_EMIT menuOpens(menu, index);
    menu->addSeparator();
    menu->addAction(icon(QStringLiteral("circle-check")), whole ? tr("Verify all folders…") : tr("Verify this folder…"),
                    this, [this, account, mailbox, label] { Q_EMIT verifyRequested(account, mailbox, label); });
    const QPoint at = byKey ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos();
    menu->popup(at);
}

void FolderView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::RightButton)
        return; // the menu is about the line below the pointer and opens nothing
    const QModelIndex index = indexAt(event->position().toPoint());
    if (index.isValid() && event->button() == Qt::LeftButton) {
        const QRect mark = m_delegate->foldMark(visualRect(index), index);
        const bool whole = m_model.node(index)->kind != MailboxNode::Kind::Mailbox;
        if (whole || mark.contains(event->position().toPoint())) {
            setExpanded(index, !isExpanded(index));
            return;
        }
    }
    QTreeView::mousePressEvent(event);
}

void FolderView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (index.isValid() && m_model.node(index)->kind == MailboxNode::Kind::Mailbox)
        setExpanded(index, !isExpanded(index));
}

void FolderView::keyPressEvent(QKeyEvent *event)
{
    // Letters are commands of the window (N, P).
    const bool letter = !event->text().isEmpty() && event->text().at(0).isPrint();
    if (letter && !(event->modifiers() & Qt::ControlModifier)) {
        event->ignore();
        return;
    }
    QTreeView::keyPressEvent(event);
}

void FolderView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    const MailboxNode *node = m_model.node(current);
    if (!m_selecting && node && node->kind == MailboxNode::Kind::Mailbox)
        Q_EMIT mailboxChosen(node->row.id);
}

void FolderView::select(MailboxId mailbox)
{
    const QModelIndex index = m_model.find(mailbox);
    m_selecting = true;
    if (index.isValid()) {
        setCurrentIndex(index);
        scrollTo(index);
    } else {
        selectionModel()->clear();
    }
    m_selecting = false;
}

} // namespace kittiwake::ui
