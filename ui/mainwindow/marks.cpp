// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/marks.h"

#include "ui/models/messagelistmodel.h"

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr std::size_t mostLookedAt = 500;

} // namespace

Marks::Marks(MailSource &source, MessageListModel &model, QObject *parent)
    : QObject(parent), m_source(source), m_model(model)
{
    m_looking.setSingleShot(true);
    connect(&m_looking, &QTimer::timeout, this, [this] {
        // Only this one, also in a folded conversation: the others have not been looked at.
        const store::MessageRow *row = m_model.cachedMessage(m_current);
        if (row != nullptr && !row->header.flags.has(mail::SystemFlag::Seen))
            change({m_current}, mail::SystemFlag::Seen, true);
    });
    connect(&m_model, &MessageListModel::patched, this, &Marks::changed);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &Marks::changed);
}

void Marks::setCurrent(MessageId message)
{
    if (message == m_current)
        return;
    m_looking.stop();
    m_current = message;
    Q_EMIT changed();
}

void Marks::shown(MessageId message)
{
    if (message != m_current || m_readDelay < 0)
        return;
    m_looking.start(m_readDelay);
}

std::vector<MessageId> Marks::targets(std::size_t most) const
{
    std::vector<MessageId> several = m_several ? m_several(most) : std::vector<MessageId>();
    if (!several.empty())
        return several;
    if (!m_current.isValid())
        return {};
    const int row = m_model.rowOf(m_current);
    if (row >= 0 && m_model.listRow(row).kind == ListRow::Kind::Folded) {
        const auto members = m_model.members(m_model.listRow(row).thread);
        return {members.begin(), members.end()};
    }
    return {m_current};
}

bool Marks::any(mail::SystemFlag flag, bool set) const
{
    // Asked after every change of the list; of a hundred thousand the first ones tell what the buttons should say.
    const auto messages = targets(mostLookedAt);
    const bool areSeveral = messages.size() > 1;
    return std::any_of(messages.begin(), messages.end(), [&](MessageId message) {
        const store::MessageRow *row = m_model.cachedMessage(message);
        return row != nullptr && (!areSeveral || m_model.isFresh(message)) && row->header.flags.has(flag) == set;
    });
}

bool Marks::isUnread() const
{
    return any(mail::SystemFlag::Seen, false);
}

bool Marks::isStarred() const
{
    return any(mail::SystemFlag::Flagged, true);
}

void Marks::toggleRead()
{
    // Whoever says "unread" means it: the message on the screen does not become read again by itself.
    m_looking.stop();
    change(targets(), mail::SystemFlag::Seen, isUnread());
}

void Marks::toggleStar()
{
    if (isStarred()) {
        change(targets(), mail::SystemFlag::Flagged, false);
    } else if (m_several && !m_several(1).empty()) {
        change(targets(), mail::SystemFlag::Flagged, true);
    } else if (m_current.isValid()) {
        change({m_current}, mail::SystemFlag::Flagged, true);
    }
}

void Marks::markAllRead(MailboxId mailbox)
{
    engine::FlagRequest request;
    request.mailbox = mailbox;
    request.uids = "1:*";
    request.change.add.set(mail::SystemFlag::Seen);
    report(m_source.changeFlags(request));
}

void Marks::undo()
{
    m_looking.stop();
    report(m_source.undo());
}

void Marks::change(std::vector<MessageId> messages, mail::SystemFlag flag, bool on)
{
    if (messages.empty())
        return;
    engine::FlagRequest request;
    request.messages = std::move(messages);
    (on ? request.change.add : request.change.remove).set(flag);
    report(m_source.changeFlags(request));
}

void Marks::report(const QFuture<Result<engine::ActionReport>> &answer)
{
    QFuture<Result<engine::ActionReport>> waiting = answer;
    waiting.then(this, [this](const Result<engine::ActionReport> &done) {
        if (!done)
            Q_EMIT failed(done.error());
    });
}

} // namespace kittiwake::ui
