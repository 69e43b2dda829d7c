// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"
#include "ui/reader/readingpositions.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QTimer>
#include <QUrl>
#include <QWidget>

#include <functional>

class QMenu;
class QStackedLayout;
class QToolButton;

namespace kittiwake::ui
{

class AttachmentBar;
class Banner;
class EmptyState;
class FindBar;
class HeaderCard;
class HtmlView;
class InviteCard;
class ListLeaving;
class PlainTextView;
class ReaderBody;
class RemoteContent;
class SenderNotes;
class TextMenu;

/**
 * Shows one message: its card at once, its text when the engine has it. A text that arrives after another message has
 * been chosen is dropped. Qt WebEngine is made when the first HTML text is shown.
 */
class ReaderPane final : public QWidget
{
    Q_OBJECT

public:
    enum class State { Empty, Loading, Showing, Failed };

    explicit ReaderPane(MailSource &source, QWidget *parent = nullptr);
    ~ReaderPane() override;

    void showMessage(const store::MessageRow &row);
    void showNothing();
    /** Instead: so many are chosen, for something else than reading. */
    void showSeveral(qsizetype messages);
    /** Whether the empty pane offers to go to an unread message. */
    void setUnreadAvailable(bool available);
    [[nodiscard]] MessageId message() const { return m_row.id; }
    [[nodiscard]] const store::MessageRow &row() const { return m_row; }
    [[nodiscard]] State state() const { return m_state; }

    /** A page further; false when the end was in sight. */
    bool pageDown();
    void changeZoom(int steps); ///< 0: back to 100 %
    [[nodiscard]] int zoomPercent() const { return m_zoomPercent; }
    void setZoomPercent(int percent);
    void copy();
    void selectAll();
    void focusText();
    [[nodiscard]] FindBar &findBar() { return *m_findBar; }
    [[nodiscard]] const mime::MessageContent &content() const { return m_content; } ///< empty until Showing
    [[nodiscard]] QString selectedText() const; ///< what is selected of its text, with '\n' line ends
    /** From elsewhere, that the person has let in. */
    [[nodiscard]] const std::vector<mime::InlineImage> &pictures() const;
    void setNow(std::function<QDateTime()> now);
    /** Whose mailbox it is; without it no choice about a sender is remembered. */
    void setAccountFinder(std::function<AccountId(MailboxId)> find) { m_accountOf = std::move(find); }
    [[nodiscard]] const std::function<AccountId(MailboxId)> &accountFinder() const { return m_accountOf; }
    /** ReaderBody::warmUp(). */
    void warmUp();
    [[nodiscard]] const std::function<QDateTime()> &now() const;

    [[nodiscard]] QMenu *menu() const { return m_menu; }
    [[nodiscard]] PlainTextView &plainView();
    [[nodiscard]] HtmlView *htmlView() const; ///< null before the first HTML message
    [[nodiscard]] AttachmentBar &attachments() { return *m_attachments; }
    [[nodiscard]] InviteCard &inviteCard() { return *m_invite; }
    [[nodiscard]] EmptyState &emptyState() { return *m_empty; }

Q_SIGNALS:
    void nextUnreadRequested();
    void pageRequested(); ///< Space in the HTML view
    void linkActivated(const QUrl &target);
    void stateChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildButtons();
    void buildFindBar();
    void showExtras();
    void updateEmptyText();
    void clearExtras();
    void keepPosition();
    void fetch();
    void takeContent(const Result<mime::MessageContent> &content);
    void updateBanners();
    void activateLink(const QUrl &target);
    void updateButtons();
    void setState(State state);

    MailSource &m_source;
    State m_state = State::Empty;
    bool m_isUnreadAvailable = false;
    bool m_showsSeveral = false;
    store::MessageRow m_row;
    mime::MessageContent m_content;
    QFuture<Result<mime::MessageContent>> m_fetch;
    QTimer m_fetchDelay;
    QElapsedTimer m_sinceChosen; ///< since the last message was chosen
    QTimer m_loadingDelay;
    quint64 m_serial = 0;
    int m_zoomPercent = 100;
    ReadingPositions m_positions;

    HeaderCard *m_card;
    QWidget *m_cardArea;
    Banner *m_senderBanner;
    Banner *m_remoteBanner;
    Banner *m_linkBanner;
    RemoteContent *m_remote;
    SenderNotes *m_senderNotes;
    QUrl m_doubtfulLink;
    std::function<AccountId(MailboxId)> m_accountOf;
    Banner *m_defectBanner;
    Banner *m_errorBanner;
    AttachmentBar *m_attachments;
    ReaderBody *m_body;
    FindBar *m_findBar;
    InviteCard *m_invite;
    Banner *m_listBanner;
    ListLeaving *m_leaving;
    QStackedLayout *m_stack;
    EmptyState *m_empty;
    QToolButton *m_pageButton;
    QToolButton *m_moreButton;
    QMenu *m_menu;
    QAction *m_plainAction;
    TextMenu *m_textMenu;
};

} // namespace kittiwake::ui
