// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/readerpane.h"

#include "ui/attachments/invitecard.h"
#include "ui/models/abandon.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/findbar.h"
#include "ui/reader/headercard.h"
#include "ui/reader/linkguard.h"
#include "ui/reader/listleaving.h"
#include "ui/reader/readerbody.h"
#include "ui/reader/remotecontent.h"
#include "ui/reader/sendernotes.h"
#include "ui/reader/textmenu.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QPointer>
#include <QScrollArea>
#include <QStackedLayout>
#include <QToolButton>

namespace kittiwake::ui
{

namespace
{

// Holding a cursor key down passes many messages, one every 30 to 50 ms; of those only the one that it stops at is
// fetched. Who chooses one by itself has it at once, most often from memory.
constexpr int fetchDelayMs = 40;
constexpr int keyRepeatMs = 120;
// A text that comes sooner than this is shown without saying that it is on its way.
constexpr int loadingDelayMs = 250;

} // namespace

ReaderPane::ReaderPane(MailSource &source, QWidget *parent)
    : QWidget(parent), m_source(source), m_card(new HeaderCard(this)), m_cardArea(new QWidget(this)),
      m_senderBanner(new Banner(this)), m_remoteBanner(new Banner(this)), m_linkBanner(new Banner(this)),
      m_remote(new RemoteContent(source, m_remoteBanner, this)),
      m_senderNotes(new SenderNotes(source, m_senderBanner, m_card, this)), m_defectBanner(new Banner(this)),
      m_errorBanner(new Banner(this)), m_attachments(new AttachmentBar(source, this)), m_body(new ReaderBody(this)),
      m_findBar(new FindBar(this)), m_invite(new InviteCard(this)), m_listBanner(new Banner(this)),
      m_leaving(new ListLeaving(source, m_listBanner, this)), m_stack(new QStackedLayout),
      m_empty(new EmptyState(this)), m_pageButton(new QToolButton(this)), m_moreButton(new QToolButton(this)),
      m_menu(new QMenu(this)), m_plainAction(nullptr), m_textMenu(nullptr)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setFocusPolicy(Qt::ClickFocus);
    setAccessibleName(tr("Message"));
    m_card->setObjectName(QStringLiteral("headerCard"));
    m_senderBanner->setObjectName(QStringLiteral("senderBanner"));
    m_remoteBanner->setObjectName(QStringLiteral("remoteBanner"));
    m_linkBanner->setObjectName(QStringLiteral("linkBanner"));
    m_defectBanner->setObjectName(QStringLiteral("defectBanner"));
    m_errorBanner->setObjectName(QStringLiteral("errorBanner"));
    m_empty->setObjectName(QStringLiteral("readerEmptyState"));

    auto *cardLayout = new QVBoxLayout(m_cardArea);
    cardLayout->setContentsMargins(0, 0, 0, 1); // the line below
    cardLayout->setSpacing(0);
    cardLayout->addWidget(m_card);
    // Two lines of attachments at a time: a message with hundreds must leave room for its text.
    auto *attachmentArea = new QScrollArea(m_cardArea);
    attachmentArea->setObjectName(QStringLiteral("attachmentArea"));
    attachmentArea->setFrameShape(QFrame::NoFrame);
    attachmentArea->setWidgetResizable(true);
    attachmentArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    attachmentArea->setBackgroundRole(QPalette::Base);
    attachmentArea->setAccessibleName(tr("Attachments"));
    attachmentArea->setFocusPolicy(Qt::NoFocus);
    m_attachments->setBackgroundRole(QPalette::Base);
    m_attachments->layout()->setContentsMargins(theme::margins(24, 2, 12, 12));
    attachmentArea->setWidget(m_attachments);
    attachmentArea->setVisible(false);
    m_attachments->installEventFilter(this);
    cardLayout->addWidget(attachmentArea);
    m_cardArea->setObjectName(QStringLiteral("cardArea"));
    m_cardArea->installEventFilter(this);

    auto *reading = new QWidget(this);
    auto *layout = new QVBoxLayout(reading);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_cardArea);
    for (Banner *banner : {m_senderBanner, m_errorBanner, m_linkBanner, m_defectBanner, m_remoteBanner})
        layout->addWidget(banner);
    layout->addWidget(m_listBanner);
    layout->addWidget(m_invite);
    layout->addWidget(m_body, 1);
    layout->addWidget(m_findBar);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(reading);
    setLayout(m_stack);

    setUnreadAvailable(false);
    connect(m_empty, &EmptyState::actionTriggered, this, &ReaderPane::nextUnreadRequested);
    connect(m_errorBanner, &Banner::actionTriggered, this, &ReaderPane::fetch);
    connect(m_attachments, &AttachmentBar::failed, this,
            [this](const QString &sentence) { m_errorBanner->showMessage(theme::Tone::Error, sentence); });
    connect(m_body, &ReaderBody::linkActivated, this, &ReaderPane::activateLink);
    connect(m_linkBanner, &Banner::actionTriggered, this, [this] {
        m_linkBanner->setVisible(false);
        Q_EMIT linkActivated(m_doubtfulLink);
    });
    connect(m_linkBanner, &Banner::secondActionTriggered, m_linkBanner, &QWidget::hide);
    connect(m_senderNotes, &SenderNotes::inspected, m_remote, &RemoteContent::senderInspected);
    connect(m_senderNotes, &SenderNotes::signersKnown, m_leaving, &ListLeaving::setValidSigners);
    connect(m_remote, &RemoteContent::picturesLoaded, m_body, &ReaderBody::setPictures);
    connect(m_remote, &RemoteContent::failed, this,
            [this](const QString &sentence) { m_errorBanner->showMessage(theme::Tone::Error, sentence); });
    connect(m_body, &ReaderBody::rendererLost, this, [this] {
        m_errorBanner->showMessage(theme::Tone::Error,
                                   tr("The program that draws HTML messages ended unexpectedly. The message is still "
                                      "there; show it again, or as plain text from the menu."),
                                   tr("Show again"));
    });
    connect(m_body, &ReaderBody::pageRequested, this, &ReaderPane::pageRequested);
    m_fetchDelay.setSingleShot(true);
    m_fetchDelay.setInterval(fetchDelayMs);
    connect(&m_fetchDelay, &QTimer::timeout, this, &ReaderPane::fetch);
    m_loadingDelay.setSingleShot(true);
    m_loadingDelay.setInterval(loadingDelayMs);
    connect(&m_loadingDelay, &QTimer::timeout, this, [this] {
        if (m_state == State::Loading)
            m_body->showNotice(tr("Fetching the message…"));
    });
    buildButtons();
    buildFindBar();
    setState(State::Empty);
}

ReaderPane::~ReaderPane()
{
    abandon(m_fetch);
}

void ReaderPane::setState(State state)
{
    m_state = state;
    m_stack->setCurrentIndex(state == State::Empty ? 0 : 1);
    updateButtons();
    Q_EMIT stateChanged();
}

void ReaderPane::setNow(std::function<QDateTime()> now)
{
    m_card->setNow(std::move(now));
}

const std::function<QDateTime()> &ReaderPane::now() const
{
    return m_card->now();
}

void ReaderPane::setUnreadAvailable(bool available)
{
    m_isUnreadAvailable = available;
    if (!m_showsSeveral)
        updateEmptyText();
}

void ReaderPane::updateEmptyText()
{
    m_empty->setContent(QStringLiteral("mail-open"), tr("Choose a message to read it here."),
                        m_isUnreadAvailable ? tr("Go to the next unread message") : QString());
}

void ReaderPane::showSeveral(qsizetype messages)
{
    showNothing();
    m_showsSeveral = true;
    m_empty->setContent(QStringLiteral("mails"), tr("%Ln message(s) selected.", nullptr, static_cast<int>(messages)));
}

void ReaderPane::showNothing()
{
    if (std::exchange(m_showsSeveral, false))
        updateEmptyText();
    keepPosition();
    ++m_serial;
    m_fetchDelay.stop();
    abandon(m_fetch);
    m_row = {};
    m_content = {};
    m_remote->clear();
    m_senderNotes->clear();
    m_body->clear();
    setState(State::Empty);
}

void ReaderPane::showMessage(const store::MessageRow &row)
{
    if (row.id == m_row.id && m_state != State::Failed) {
        m_row = row;
        return;
    }
    keepPosition();
    ++m_serial;
    abandon(m_fetch);
    m_row = row;
    m_content = {};
    m_remote->clear();
    m_card->setHeader(row.header);
    m_senderNotes->setHeader(row.header); // before the text is there: who is deceived by a sender is so before reading
    clearExtras();
    m_body->showBlank();
    setState(State::Loading);
    updateBanners();
    m_loadingDelay.start();
    m_textMenu->reset();
    const bool isPassing = m_sinceChosen.isValid() && m_sinceChosen.elapsed() < keyRepeatMs;
    m_sinceChosen.start();
    if (isPassing)
        m_fetchDelay.start();
    else
        fetch();
}

void ReaderPane::fetch()
{
    if (!m_row.id.isValid())
        return;
    const quint64 serial = ++m_serial;
    m_fetchDelay.stop();
    m_errorBanner->setVisible(false);
    if (m_state == State::Failed) {
        setState(State::Loading);
        m_loadingDelay.start();
    }
    const QByteArray charset = m_textMenu->chosenCharset();
    m_fetch = charset.isEmpty() ? m_source.fetchContent(m_row.id) : m_source.fetchContentIn(m_row.id, charset);
    m_fetch.then(this, [this, serial](const Result<mime::MessageContent> &content) {
        if (serial == m_serial)
            takeContent(content);
    });
}

void ReaderPane::takeContent(const Result<mime::MessageContent> &content)
{
    m_loadingDelay.stop();
    if (!content) {
        m_body->showBlank();
        setState(State::Failed);
        m_errorBanner->showMessage(theme::Tone::Error, content.error().userText, tr("Try again"));
        return;
    }
    m_content = *content;
    setState(State::Showing);
    showExtras();
    updateBanners();
    m_textMenu->setText(m_content.charset);
    m_body->setContent(m_content);
    const bool oneSender = m_row.header.from.size() == 1 && m_row.header.from.front().isValid();
    m_remote->setMessage({m_accountOf ? m_accountOf(m_row.mailbox) : AccountId(),
                          oneSender ? m_row.header.from.front().address : QString()},
                         m_content);
    m_senderNotes->inspect(m_row.id);
    m_body->setPosition(m_positions.of(m_row.id));
    if (m_findBar->isVisible())
        m_body->find(m_findBar->text(), false, true);
    updateButtons();
    if (hasFocus())
        focusText();
}

void ReaderPane::updateBanners()
{
    m_errorBanner->setVisible(false);
    m_linkBanner->setVisible(false);
    m_defectBanner->setVisible(false);
    if (m_state != State::Showing)
        return;
    if (!m_content.defects.isEmpty())
        m_defectBanner->showMessage(theme::Tone::Warning, m_content.defects.join(QLatin1Char(' ')));
}

void ReaderPane::activateLink(const QUrl &target)
{
    const QString warning = warningBefore(m_content, target);
    m_linkBanner->setVisible(false);
    if (warning.isEmpty()) {
        Q_EMIT linkActivated(target);
        return;
    }
    m_doubtfulLink = target;
    m_linkBanner->showMessage(theme::Tone::Warning, warning, tr("Open anyway"), tr("Do not open"));
}

void ReaderPane::warmUp()
{
    m_body->warmUp();
}

bool ReaderPane::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_cardArea && event->type() == QEvent::Paint) {
        QPainter painter(m_cardArea);
        painter.fillRect(QRect(0, m_cardArea->height() - 1, m_cardArea->width(), 1), theme::border(palette()));
    }
    const auto kind = event->type();
    if (watched == m_attachments
        && (kind == QEvent::LayoutRequest || kind == QEvent::ShowToParent || kind == QEvent::HideToParent)) {
        auto *area = m_cardArea->findChild<QScrollArea *>(QStringLiteral("attachmentArea"));
        const bool any = !m_attachments->chips().empty();
        area->setVisible(any);
        if (any)
            area->setFixedHeight(qMin(m_attachments->layout()->heightForWidth(width()), 2 * 40 + 14));
    }
    return QWidget::eventFilter(watched, event);
}

void ReaderPane::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_state == State::Showing)
        updateButtons();
}

void ReaderPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    QCoreApplication::postEvent(m_attachments, new QEvent(QEvent::LayoutRequest));
}

} // namespace kittiwake::ui
