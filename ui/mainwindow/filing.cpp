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
    archiveThose(m_marks.targets());
}

void Filing::archiveThose(std::vector<MessageId> messages)
{
    const int count = static_cast<int>(messages.size());
    file(std::move(messages), mail::MoveKind::Archive, {}, tr("%Ln message(s) archived.", nullptr, count));
}

void Filing::remove()
{
    if (isInTrash())
        removeForEver();
    else
        removeThose(m_marks.targets());
}

void Filing::removeThose(std::vector<MessageId> messages)
{
    const int count = static_cast<int>(messages.size());
    file(std::move(messages), mail::MoveKind::Delete, {}, tr("%Ln message(s) moved to the Trash.", nullptr, count));
}

void Filing::removeForEver()
{
    askToRemoveForEver(m_marks.targets());
}

void Filing::askToRemoveForEver(std::vector<MessageId> messages)
{
    m_asked = std::move(messages);
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
    toggleJunkOf(m_marks.targets(), isInJunk());
}

void Filing::toggleJunkOf(std::vector<MessageId> messages, bool isInJunk)
{
    const int count = static_cast<int>(messages.size());
    if (isInJunk)
        file(std::move(messages), mail::MoveKind::NotJunk, {},
             tr("%Ln message(s) moved to the Inbox.", nullptr, count));
    else
        file(std::move(messages), mail::MoveKind::Junk, {}, tr("%Ln message(s) marked as junk.", nullptr, count));
}

void Filing::moveTo(MailboxId target, const QString &label)
{
    const auto messages = m_marks.targets();
    file(messages, mail::MoveKind::Move, target,
         tr("%Ln message(s) moved to %1.", nullptr, static_cast<int>(messages.size())).arg(label));
}

bool Filing::fileOne(MessageId message, mail::MailboxRole role, mail::MoveKind kind)
{
    if (kind == mail::MoveKind::Archive) {
        archiveThose({message});
    } else if (kind == mail::MoveKind::Junk) {
        toggleJunkOf({message}, role == mail::MailboxRole::Junk);
    } else if (role == mail::MailboxRole::Trash) {
        askToRemoveForEver({message});
        return false;
    } else {
        removeThose({message});
    }
    return true;
}

void Filing::file(std::vector<MessageId> messages, mail::MoveKind kind, MailboxId target, const QString &sentence)
{
    if (messages.empty())
        return;
    const MessageId current = m_list.currentMessage();
    const bool ofTheList = m_list.hasSeveral() ? messages.size() > 1 // one is that of a window of its own
                                               : std::find(messages.begin(), messages.end(), current) != messages.end();
    if (ofTheList)
        m_list.selectNeighbour();
    engine::MoveRequest request;
    request.messages = std::move(messages);
    request.kind = kind;
    request.target = target;
    QFuture<Result<engine::ActionReport>> waiting = m_source.move(request);
    waiting.then(this, [this, sentence, kind, current, ofTheList](const Result<engine::ActionReport> &report) {
        if (!report) {
            // It stays where it is, and so does the reading.
            if (ofTheList)
                m_list.selectMessage(current);
            Q_EMIT failed(report.error());
        } else if (report->state != QLatin1String("none")) {
            Q_EMIT done(sentence, kind != mail::MoveKind::Expunge);
        }
    });
}

} // namespace kittiwake::ui
