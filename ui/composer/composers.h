// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composerwindow.h"
#include "ui/composer/redirectwindow.h"
#include "ui/composer/replies.h"
#include "ui/models/mailsource.h"

#include <QPointer>

#include <vector>

namespace kittiwake::ui
{

/** What can be done with a message that is read, by writing. */
enum class Answer { Reply, ReplyAll, ReplyList, Forward, ForwardAttached, Redirect, EditAsNew };

/**
 * Opens the windows in which messages are written, and knows those that are open. What they start with is worked out in
 * worker threads; a window comes when that is done. Windows are of no other window: closing the mailbox leaves them.
 */
class Composers final : public QObject
{
    Q_OBJECT

public:
    /** Both must live longer. */
    Composers(ComposerBackend &backend, WindowSettings &settings, QObject *parent = nullptr);
    ~Composers() override;

    ComposerWindow *writeNew(AccountId account = {});
    /** A mailto: link (RFC 6068), of a message or of the command line. False where it is none. */
    bool openMailto(const QByteArray &uri);
    /** source is where the message comes from: it is asked for its header, and for what goes along. */
    void answer(MailSource &source, const ReadMessage &message, Answer how);
    ComposerWindow *open(const Writing &writing);
    /** The same for a message that is begun: it gets the signature of whoever writes it. */
    ComposerWindow *begin(Writing writing);
    /** A message of the outbox comes back, with what the server said of it: one that was sent a moment ago, or refused.
     */
    void takeBack(OperationId operation);
    /** To go on with a draft of the server. */
    void openDraft(MessageId message);
    /** A new message that begins as that one, which stays as it is. */
    void writeFromTemplate(MessageId message);
    /** Offers the templates of all accounts in a menu at that place of the screen. */
    void showTemplates(QWidget *window, const QPoint &at);
    /** What was being written when the program ended without being asked to: told by leftOpen(). */
    void lookForLeftOpen();
    void openLeftOpen();

    [[nodiscard]] std::vector<ComposerWindow *> windows() const;
    [[nodiscard]] std::vector<RedirectWindow *> redirects() const;
    [[nodiscard]] ComposerBackend &backend() { return m_backend; }

Q_SIGNALS:
    void sent(const kittiwake::ui::SentMessage &message);
    void discarded(const kittiwake::ui::Writing &writing);
    /** So many messages were being written; the subject of the newest. openLeftOpen() opens them. */
    void leftOpen(int count, const QString &subject);
    /** A sentence about something that was asked for here and did not work. */
    void failed(const QString &sentence);

private:
    void write(const QPointer<MailSource> &source, const ReadMessage &message, Answer how);
    void writeWhole(MailSource &source, const ReadMessage &message, Answer how);
    void take(const Result<engine::OpenedDraft> &opened);
    void redirect(MailSource &source, const ReadMessage &message);
    RedirectWindow *openRedirect(const Writing &writing, const QString &about);
    void openOther(ComposerWindow *window, MailboxId mailbox, Uid uid);
    void fetchFiles(MailSource &source, MessageId message, ComposerWindow *window);

    ComposerBackend &m_backend;
    WindowSettings &m_settings;
    Spelling *m_spelling; ///< lives as long as the windows
    /** Those that have not been closed. */
    template <typename Window>
    [[nodiscard]] static std::vector<Window *> alive(const std::vector<QPointer<Window>> &windows)
    {
        std::vector<Window *> result;
        for (const QPointer<Window> &window : windows) {
            if (window)
                result.push_back(window);
        }
        return result;
    }

    std::vector<QPointer<ComposerWindow>> m_windows;
    std::vector<QPointer<RedirectWindow>> m_redirects;
    std::vector<mail::DraftId> m_leftOpen;
};

} // namespace kittiwake::ui
