// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "ui/models/mailsource.h"

#include <QObject>

namespace kittiwake::ui
{

class Marks;
class MessageListPane;

/**
 * Archive, delete, junk, move: what takes messages out of the list. The next message is chosen at once, so that the
 * reading goes on; where there is no next one, the one before. Every action is one of the engine: safe before it shows,
 * undone by Ctrl+Z. UI thread.
 */
class Filing final : public QObject
{
    Q_OBJECT

public:
    Filing(MailSource &source, Marks &marks, MessageListPane &list, QObject *parent = nullptr);

    /** What the open mailbox is for; None too where none is open. */
    void setRole(mail::MailboxRole role) { m_role = role; }
    [[nodiscard]] bool isInJunk() const { return m_role == mail::MailboxRole::Junk; }
    /** Delete would be for good. */
    [[nodiscard]] bool isInTrash() const { return m_role == mail::MailboxRole::Trash; }

    void archive();
    /** To the Trash; in the Trash it asks first, because it is for good. */
    void remove();
    void removeForEver();
    /** In the junk folder: back to the Inbox. */
    void toggleJunk();
    /** label: the folder as the person knows it. */
    void moveTo(MailboxId target, const QString &label);
    /**
     * A message that is read in a window of its own, in a mailbox of that role; kind: Archive, Delete or Junk. False
     * where the person is asked first.
     */
    bool fileOne(MessageId message, mail::MailboxRole role, mail::MoveKind kind);

Q_SIGNALS:
    void failed(const kittiwake::Error &error);
    /** It is safe; a sentence for people. */
    void done(const QString &sentence, bool canBeUndone);
    /** "Delete for good?": whoever hears it asks, and answers with confirmed(). */
    void confirmationNeeded(int messages);

public Q_SLOTS:
    /** The person has said yes to what was asked last. */
    void confirmed();

private:
    void archiveThose(std::vector<MessageId> messages);
    void removeThose(std::vector<MessageId> messages);
    void askToRemoveForEver(std::vector<MessageId> messages);
    void toggleJunkOf(std::vector<MessageId> messages, bool isInJunk);
    void file(std::vector<MessageId> messages, mail::MoveKind kind, MailboxId target, const QString &sentence);

    MailSource &m_source;
    Marks &m_marks;
    MessageListPane &m_list;
    mail::MailboxRole m_role = mail::MailboxRole::None;
    std::vector<MessageId> m_asked; ///< whether they are to be deleted for good
};

} // namespace kittiwake::ui
