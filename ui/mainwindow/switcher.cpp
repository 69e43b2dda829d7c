// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/switcher.h"

#include "ui/mainwindow/fuzzy.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr int hintRole = Qt::UserRole + 1;
constexpr std::size_t maxShown = 60;

class EntryDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {100, option.fontMetrics.height() + 14};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme::selection(option.palette, true));
            painter->drawRoundedRect(QRectF(option.rect).adjusted(6, 1, -6, -1), theme::radius, theme::radius);
        }
        const auto mirrored
            = [&](const QRect &part) { return QStyle::visualRect(option.direction, option.rect, part); };
        const QRect line = option.rect.adjusted(16, 0, -16, 0);
        const auto icon = qvariant_cast<QIcon>(index.data(Qt::DecorationRole));
        icon.paint(painter, mirrored(QRect(line.left(), line.top(), 16, line.height())), Qt::AlignCenter);
        const QString hint = index.data(hintRole).toString();
        const QFont small = theme::scaled(option.font, 0.92);
        const int hintWidth = qMin(QFontMetrics(small).horizontalAdvance(hint) + 2, line.width() / 2);
        const Qt::Alignment start = QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignAbsolute;
        const Qt::Alignment end = QStyle::visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignAbsolute;
        painter->setFont(small);
        painter->setPen(theme::secondaryText(option.palette));
        const QRect hintRect(line.right() + 1 - hintWidth, line.top(), hintWidth, line.height());
        painter->drawText(mirrored(hintRect), int(end) | Qt::AlignVCenter,
                          QFontMetrics(small).elidedText(hint, Qt::ElideLeft, hintWidth));
        painter->setFont(option.font);
        painter->setPen(option.palette.color(QPalette::Text));
        const QRect name(line.left() + 26, line.top(), hintRect.left() - line.left() - 34, line.height());
        painter->drawText(mirrored(name), int(start) | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, name.width()));
        painter->restore();
    }
};

} // namespace

Switcher::Switcher(QWidget *window) : QFrame(window), m_typed(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("switcher"));
    setAccessibleName(tr("Go to a folder or run a command"));
    m_typed->setObjectName(QStringLiteral("switcherInput"));
    m_typed->setPlaceholderText(tr("Folder or command"));
    m_typed->setAccessibleName(tr("Folder or command"));
    m_list->setAccessibleName(tr("Matching folders and commands"));
    m_list->setFrameShape(NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setItemDelegate(new EntryDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 10, 1, 8);
    layout->setSpacing(8);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(10, 0, 10, 0);
    top->addWidget(m_typed);
    layout->addLayout(top);
    layout->addWidget(m_list);
    m_typed->installEventFilter(this);
    connect(m_typed, &QLineEdit::textChanged, this, &Switcher::filter);
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) { run(m_list->row(item)); });
    setVisible(false);
}

void Switcher::open(std::vector<SwitcherEntry> entries)
{
    m_entries = std::move(entries);
    m_typed->clear();
    filter();
    const QWidget *window = parentWidget();
    const int width = qMin(560, window->width() - 32);
    setGeometry((window->width() - width) / 2, 6, width, heightFor(m_list->count()));
    show();
    raise();
    m_typed->setFocus(Qt::PopupFocusReason);
}

void Switcher::filter()
{
    std::vector<std::pair<int, std::size_t>> scored;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const int score = fuzzyScore(m_typed->text(), m_entries[i].name);
        if (score >= 0)
            scored.emplace_back(score, i);
    }
    if (!m_typed->text().isEmpty())
        std::stable_sort(scored.begin(), scored.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    m_list->clear();
    m_shown.clear();
    for (const auto &[score, at] : scored) {
        if (m_shown.size() == maxShown)
            break;
        const SwitcherEntry &entry = m_entries[at];
        auto *item = new QListWidgetItem(entry.icon, entry.name, m_list);
        item->setData(hintRole, entry.hint);
        m_shown.push_back(at);
    }
    m_list->setCurrentRow(0);
    if (isVisible())
        resize(width(), heightFor(m_list->count()));
}

/** As high as what it lists, and no higher than the window. */
int Switcher::heightFor(int lines) const
{
    constexpr int most = 10;
    const int line = fontMetrics().height() + 14;
    const int around = m_typed->sizeHint().height() + 10 + 8 + 8 + 2;
    return qMin(around + qBound(1, lines, most) * line, parentWidget()->height() - 40);
}

void Switcher::run(int row)
{
    if (row < 0 || row >= static_cast<int>(m_shown.size()))
        return;
    const auto action = m_entries[m_shown[static_cast<std::size_t>(row)]].run;
    hide();
    parentWidget()->setFocus();
    action();
}

bool Switcher::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut && isVisible()) {
        hide();
        return false;
    }
    if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const int row = m_list->currentRow();
        switch (key->key()) {
        case Qt::Key_Down:
            m_list->setCurrentRow(qMin(row + 1, m_list->count() - 1));
            return true;
        case Qt::Key_Up:
            m_list->setCurrentRow(qMax(row - 1, 0));
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            run(row);
            return true;
        case Qt::Key_Escape:
            hide();
            parentWidget()->setFocus();
            return true;
        default:
            break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void Switcher::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(theme::mix(theme::border(palette()), palette().color(QPalette::Text), 0.15));
    painter.setBrush(palette().color(QPalette::Base));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::radius, theme::radius);
}

} // namespace kittiwake::ui
