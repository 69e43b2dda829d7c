// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/filing.h"

#include "ui/mainwindow/marks.h"
#include "ui/messagelist/messagelistpane.h"

#include <algorithm>
#include <utility>

namespace kittiwake::ui
{

Filing::Filing(MailSource &source, Marks &marks, MessageListPane &list, QObject *parent)
    : QObject(parent), m_source(source), m_marks(marks), m_list(list)
{
}

void Filing::archive()
{
    const auto messages = m_marks.targets();
    file(messages, mail::MoveKind::Archive, {},
         tr("%Ln message(s) archived.", nullptr, static_cast<int>(messages.size())));
}

void Filing::remove()
{
    if (isInTrash())
        return removeForEver();
    const auto messages = m_marks.targets();
    file(messages, mail::MoveKind::Delete, {},
         tr("%Ln message(s) moved to the Trash.", nullptr, static_cast<int>(messages.size())));
}

void Filing::removeForEver()
{
    m_asked = m_marks.targets();
    if (!m_asked.empty())
        Q_EMIT confirmationNeeded(static_cast<int>(m_asked.size()));
}

void Filing::confirmed()
{
    const auto messages = std::exchange(m_asked, {});
    file(messages, mail::MoveKind::Expunge, {},
         tr("%Ln message(s) deleted for good.", nullptr, static_cast<int>(messages.size())));
}

void Filing::toggleJunk()
{
    const auto messages = m_marks.targets();
    const int count = static_cast<int>(messages.size());
    if (isInJunk())
        file(messages, mail::MoveKind::NotJunk, {}, tr("%Ln message(s) moved to the Inbox.", nullptr, count));
    else
        file(messages, mail::MoveKind::Junk, {}, tr("%Ln message(s) marked as junk.", nullptr, count));
}

void Filing::moveTo(MailboxId target, const QString &label)
{
    const auto messages = m_marks.targets();
    file(messages, mail::MoveKind::Move, target,
         tr("%Ln message(s) moved to %1.", nullptr, static_cast<int>(messages.size())).arg(label));
}

void Filing::file(std::vector<MessageId> messages, mail::MoveKind kind, MailboxId target, const QString &sentence)
{
    if (messages.empty())
        return;
    const MessageId current = m_list.currentMessage();
    if (m_list.hasSeveral() || std::find(messages.begin(), messages.end(), current) != messages.end())
        m_list.selectNeighbour();
    engine::MoveRequest request;
    request.messages = std::move(messages);
    request.kind = kind;
    request.target = target;
    QFuture<Result<engine::ActionReport>> waiting = m_source.move(request);
    waiting.then(this, [this, sentence, kind, current](const Result<engine::ActionReport> &report) {
        if (!report) {
            // It stays where it is, and so does the reading.
            m_list.selectMessage(current);
            Q_EMIT failed(report.error());
        } else if (report->state != QLatin1String("none")) {
            Q_EMIT done(sentence, kind != mail::MoveKind::Expunge);
        }
    });
}

} // namespace kittiwake::ui
