// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/activity.h"

#include "ui/mainwindow/pendinglist.h"
#include "ui/mainwindow/pendingtext.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

constexpr int panelWidth = 340;
constexpr int panelMargin = 16;

} // namespace

ActivityButton::ActivityButton(Form form, QWidget *parent) : QAbstractButton(parent), m_form(form)
{
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
    setToolTip(tr("Show what the accounts are doing"));
    if (form == Form::Line)
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ActivityButton::setSummary(const ActivitySummary &summary)
{
    m_summary = summary;
    setAccessibleName(tr("Activity: %1").arg(shownText()));
    if (m_form == Form::Brief)
        setToolTip(summary.line);
    updateGeometry();
    update();
}

QSize ActivityButton::sizeHint() const
{
    const QFont small = theme::scaled(font(), 0.92);
    const int text = QFontMetrics(small).horizontalAdvance(shownText());
    if (m_form == Form::Line)
        return {120, fontMetrics().height() + 18};
    if (m_summary.mood == ActivitySummary::Mood::Good)
        return {36, 32}; // the tick alone: the line below the folders has the words
    return {16 + 8 + text + 24, 32};
}

void ActivityButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colours = palette();
    const bool line = m_form == Form::Line;
    const QRectF ground = line ? QRectF(rect()) : QRectF(rect()).adjusted(0, 0, 0, 0);
    if (underMouse() || isDown()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme::hover(colours, theme::chrome(colours)));
        painter.drawRoundedRect(ground, line ? 0 : theme::radius, line ? 0 : theme::radius);
    }
    if (line)
        painter.fillRect(QRect(0, 0, width(), 1), theme::border(colours));
    if (hasFocus()) {
        painter.setPen(QPen(theme::accent(colours), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), theme::radius, theme::radius);
    }
    QColor ink = theme::secondaryText(colours);
    QColor mark = ink;
    if (m_summary.mood == ActivitySummary::Mood::Good)
        mark = theme::accent(colours);
    else if (m_summary.mood == ActivitySummary::Mood::Bad)
        ink = mark = theme::toneMark(colours, theme::Tone::Warning);
    const auto mirrored = [this](const QRect &part) { return QStyle::visualRect(layoutDirection(), rect(), part); };
    const int left = line ? 12 : 10;
    paintIcon(painter, mirrored(QRect(left, 0, 16, height())), m_summary.icon, mark, 15);
    if (!line && m_summary.mood == ActivitySummary::Mood::Good)
        return;
    painter.setFont(theme::scaled(font(), 0.92));
    painter.setPen(ink);
    const QRect room = mirrored(QRect(left + 24, 0, width() - left - 24 - 8, height()));
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::AlignAbsolute
        | int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft));
    painter.drawText(room, flags, painter.fontMetrics().elidedText(shownText(), Qt::ElideRight, room.width()));
    if (line && m_summary.progress >= 0) {
        QRect done(0, height() - 3, qRound(width() * m_summary.progress), 3);
        painter.fillRect(mirrored(done), colours.color(QPalette::Highlight));
    }
}

ActivityPanel::ActivityPanel(MailSource &source, PendingActions &actions, QWidget *parent)
    : QFrame(parent, Qt::Popup), m_source(source), m_actions(actions), m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("activityPanel"));
    setAccessibleName(tr("Activity"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_layout->setContentsMargins(0, 0, 0, 0);
    const auto refresh = [this] {
        if (!isVisible())
            return;
        rebuild();
        place();
    };
    connect(&source, &MailSource::accountStatusChanged, this, refresh);
    connect(&actions, &PendingActions::changed, this, refresh);
}

void ActivityPanel::rebuild()
{
    delete m_content;
    m_content = new QWidget(this);
    auto *layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(panelMargin, 14, panelMargin, 12);
    layout->setSpacing(4);
    const auto accounts = m_source.accounts();
    for (const accounts::Account &account : accounts) {
        const engine::AccountStatus status = m_source.status(account.id);
        auto *name = new PlainLabel(m_content);
        name->setFont(theme::scaled(font(), 1.0, QFont::DemiBold));
        name->setText(oneLine(account.email, 200));
        layout->addWidget(name);
        auto *line = new QLabel(statusLine(status, locale()), m_content);
        line->setTextFormat(Qt::PlainText);
        line->setForegroundRole(QPalette::PlaceholderText);
        line->setWordWrap(true);
        layout->addWidget(line);
        if (status.state == engine::AccountStatus::State::Syncing && status.progressTotal > 0) {
            auto *bar = new QProgressBar(m_content);
            bar->setTextVisible(false);
            bar->setFixedHeight(8);
            bar->setRange(0, 1000);
            bar->setValue(static_cast<int>(1000 * status.progressDone / status.progressTotal));
            bar->setAccessibleName(tr("Progress of %1").arg(account.email));
            layout->addWidget(bar);
        }
        if (status.error) {
            auto *error = new QLabel(status.error->userText, m_content);
            error->setTextFormat(Qt::PlainText);
            error->setWordWrap(true);
            layout->addWidget(error);
        }
        const bool refused = status.state == engine::AccountStatus::State::NeedsUser && status.error
            && status.error->kind == ErrorKind::Auth;
        if (refused) {
            auto *change = new QPushButton(tr("Change password…"), m_content);
            connect(change, &QPushButton::clicked, this, [this, id = account.id] {
                hide();
                Q_EMIT passwordRequested(id);
            });
            layout->addWidget(change, 0, Qt::AlignLeading);
        }
        layout->addSpacing(10);
    }
    if (accounts.empty()) {
        auto *none = new QLabel(tr("There is no account yet."), m_content);
        layout->addWidget(none);
    }
    if (!m_actions.all().empty()) {
        auto *title = new QLabel(pendingText(m_actions.summary()), m_content);
        title->setTextFormat(Qt::PlainText);
        title->setFont(theme::scaled(font(), 1.0, QFont::DemiBold));
        layout->addWidget(title);
        layout->addWidget(new PendingList(m_actions, panelWidth - 2 * panelMargin, m_content));
        layout->addSpacing(10);
    }
    auto *buttons = new QHBoxLayout;
    auto *check = new QPushButton(tr("Check mail now"), m_content);
    check->setEnabled(!accounts.empty());
    connect(check, &QPushButton::clicked, this, [this] { m_source.checkNow(); });
    auto *settings = new QPushButton(tr("Accounts…"), m_content);
    connect(settings, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT settingsRequested();
    });
    buttons->addWidget(check);
    buttons->addWidget(settings);
    buttons->addStretch();
    layout->addLayout(buttons);
    m_layout->addWidget(m_content);
    m_content->setFixedWidth(panelWidth);
    m_content->show();
    adjustSize();
}

void ActivityPanel::openAt(QWidget *beside)
{
    m_beside = beside;
    rebuild();
    place();
    show();
    m_actions.refresh();
}

/** Above or below what it was opened at, wherever all of it can be seen. */
void ActivityPanel::place()
{
    if (!m_beside)
        return;
    const QSize size = sizeHint();
    const QRect anchor(m_beside->mapToGlobal(QPoint(0, 0)), m_beside->size());
    const QWidget *window = m_beside->window();
    const QRect room(window->mapToGlobal(QPoint(0, 0)), window->size());
    QPoint at(anchor.left() + 8, anchor.bottom() + 4);
    if (at.y() + size.height() > room.bottom())
        at.setY(anchor.top() - size.height() - 4);
    at.setX(qBound(room.left() + 8, at.x(), qMax(room.left() + 8, room.right() - size.width() - 8)));
    move(at);
}

} // namespace kittiwake::ui
