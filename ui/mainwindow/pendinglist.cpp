// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/pendinglist.h"

#include "ui/mainwindow/pendingtext.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

/** More are counted, not shown: whoever has marked thousands offline looks for what was refused, which comes first. */
constexpr std::size_t mostRows = 50;
constexpr int mostHeight = 320;

QLabel *plainLine(const QString &text, QWidget *parent)
{
    auto *line = new QLabel(text, parent);
    line->setTextFormat(Qt::PlainText);
    line->setWordWrap(true);
    return line;
}

} // namespace

PendingList::PendingList(PendingActions &actions, int width, QWidget *parent)
    : QScrollArea(parent), m_actions(actions), m_width(width)
{
    setObjectName(QStringLiteral("pendingList"));
    setAccessibleName(tr("Changes that wait for the server"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidgetResizable(true);
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    std::vector<const engine::PendingAction *> shown;
    for (const bool refused : {true, false}) {
        for (const engine::PendingAction &action : actions.all()) {
            if (action.isRefused() == refused)
                shown.push_back(&action);
        }
    }
    for (std::size_t i = 0; i < shown.size() && i < mostRows; ++i)
        addRow(*shown[i], content);
    if (shown.size() > mostRows)
        layout->addWidget(plainLine(tr("and %Ln more", nullptr, static_cast<int>(shown.size() - mostRows)), content));
    setWidget(content);
    content->setMinimumWidth(m_width);
    setFixedHeight(sizeHint().height());
}

QSize PendingList::sizeHint() const
{
    const int height = widget()->layout()->hasHeightForWidth() ? widget()->layout()->heightForWidth(m_width)
                                                               : widget()->sizeHint().height();
    return {m_width, qMin(height, mostHeight)};
}

void PendingList::addRow(const engine::PendingAction &action, QWidget *content)
{
    auto *layout = qobject_cast<QVBoxLayout *>(content->layout());
    const QString what = actionText(action);
    auto *title = plainLine(what, content);
    title->setObjectName(QStringLiteral("pendingAction"));
    layout->addWidget(title);
    auto *state = plainLine(actionState(action, locale(), QDateTime::currentDateTime()), content);
    state->setObjectName(QStringLiteral("pendingState"));
    if (!action.isRefused())
        state->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(state);
    auto *buttons = new QHBoxLayout;
    const bool isMail = action.kind == QLatin1String("send");
    // Nobody knows whether it has gone: the person decides.
    const bool isUnknown = action.state == QLatin1String("unknown");
    // It goes by itself after a while; whoever knows better need not wait.
    const bool isPutOff = isMail && action.state == QLatin1String("queued") && !action.error.isEmpty();
    if (action.isRefused() || isUnknown || isPutOff) {
        auto *retry
            = new QPushButton(isPutOff ? tr("Try now") : (isMail ? tr("Send again") : tr("Try again")), content);
        retry->setObjectName(QStringLiteral("retryAction"));
        retry->setAccessibleName(tr("Try again: %1").arg(what));
        connect(retry, &QPushButton::clicked, this, [this, id = action.id, retry] {
            retry->setEnabled(false);
            m_actions.retry(id);
        });
        buttons->addWidget(retry);
    }
    if (action.canBeRetargeted) {
        auto *other = new QPushButton(tr("Another folder…"), content);
        other->setObjectName(QStringLiteral("retargetAction"));
        other->setAccessibleName(tr("Another folder: %1").arg(what));
        connect(other, &QPushButton::clicked, this, [this, action] { m_actions.askTarget(action); });
        buttons->addWidget(other);
    }
    if (isMail && !isUnknown) {
        auto *edit = new QPushButton(tr("Edit"), content);
        edit->setObjectName(QStringLiteral("editAction"));
        edit->setAccessibleName(tr("Edit: %1").arg(what));
        connect(edit, &QPushButton::clicked, this, [this, id = action.id] { m_actions.edit(id); });
        buttons->addWidget(edit);
    }
    auto *drop = new QPushButton(isUnknown ? tr("It has arrived") : tr("Give up"), content);
    drop->setObjectName(QStringLiteral("dropAction"));
    drop->setAccessibleName(tr("Give up: %1").arg(what));
    drop->setToolTip(isMail ? tr("The message is taken out of the outbox, and not sent.")
                            : tr("The messages are shown as the server has them."));
    connect(drop, &QPushButton::clicked, this, [this, id = action.id, drop] {
        drop->setEnabled(false);
        m_actions.drop(id);
    });
    buttons->addWidget(drop);
    buttons->addStretch();
    layout->addLayout(buttons);
    layout->addSpacing(8);
}

} // namespace kittiwake::ui
