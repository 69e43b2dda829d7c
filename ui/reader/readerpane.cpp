// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/readerpane.h"

#include "ui/models/abandon.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/headercard.h"
#include "ui/reader/htmlview.h"
#include "ui/reader/plaintextview.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
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

// Holding a cursor key down passes many messages; only the one that it stops at is fetched.
constexpr int fetchDelayMs = 40;
// A text that comes sooner than this is shown without saying that it is on its way.
constexpr int loadingDelayMs = 250;

} // namespace

ReaderPane::ReaderPane(MailSource &source, QWidget *parent)
    : QWidget(parent), m_source(source), m_card(new HeaderCard(this)), m_cardArea(new QWidget(this)),
      m_remoteBanner(new Banner(this)), m_defectBanner(new Banner(this)), m_errorBanner(new Banner(this)),
      m_attachments(new AttachmentBar(source, this)), m_body(new QWidget(this)),
      m_bodyStack(new QStackedLayout(m_body)), m_stack(new QStackedLayout), m_plain(new PlainTextView(this)),
      m_notice(new QLabel(this)), m_empty(new EmptyState(this)), m_linkTarget(new QLabel(this)),
      m_pageButton(new QToolButton(this)), m_moreButton(new QToolButton(this)), m_menu(new QMenu(this)),
      m_plainAction(nullptr)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setFocusPolicy(Qt::ClickFocus);
    setAccessibleName(tr("Message"));
    m_card->setObjectName(QStringLiteral("headerCard"));
    m_remoteBanner->setObjectName(QStringLiteral("remoteBanner"));
    m_defectBanner->setObjectName(QStringLiteral("defectBanner"));
    m_errorBanner->setObjectName(QStringLiteral("errorBanner"));
    m_plain->setObjectName(QStringLiteral("plainText"));
    m_plain->setAccessibleName(tr("Message text"));
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

    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_notice->setContentsMargins(24, 32, 24, 24);
    m_notice->setForegroundRole(QPalette::PlaceholderText);
    m_notice->setText(tr("Fetching the message…"));
    auto *blank = new QWidget(this);
    m_bodyStack->addWidget(blank);
    m_bodyStack->addWidget(m_plain);
    m_bodyStack->addWidget(m_notice);

    auto *reading = new QWidget(this);
    auto *layout = new QVBoxLayout(reading);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_cardArea);
    for (Banner *banner : {m_errorBanner, m_defectBanner, m_remoteBanner})
        layout->addWidget(banner);
    layout->addWidget(m_body, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(reading);
    setLayout(m_stack);

    m_linkTarget->setObjectName(QStringLiteral("linkTarget"));
    m_linkTarget->setTextFormat(Qt::PlainText);
    m_linkTarget->setAutoFillBackground(true);
    m_linkTarget->setBackgroundRole(QPalette::Window);
    m_linkTarget->setContentsMargins(10, 4, 10, 4);
    m_linkTarget->setVisible(false);
    m_linkTarget->setAttribute(Qt::WA_TransparentForMouseEvents);

    setUnreadAvailable(false);
    connect(m_empty, &EmptyState::actionTriggered, this, &ReaderPane::nextUnreadRequested);
    connect(m_errorBanner, &Banner::actionTriggered, this, &ReaderPane::fetch);
    connect(m_attachments, &AttachmentBar::failed, this,
            [this](const QString &sentence) { m_errorBanner->showMessage(theme::Tone::Error, sentence); });
    connect(m_plain, &PlainTextView::linkHovered, this, &ReaderPane::showLinkTarget);
    connect(m_plain, &PlainTextView::linkActivated, this, &ReaderPane::linkActivated);
    m_fetchDelay.setSingleShot(true);
    m_fetchDelay.setInterval(fetchDelayMs);
    connect(&m_fetchDelay, &QTimer::timeout, this, &ReaderPane::fetch);
    m_loadingDelay.setSingleShot(true);
    m_loadingDelay.setInterval(loadingDelayMs);
    connect(&m_loadingDelay, &QTimer::timeout, this, [this] {
        if (m_state == State::Loading)
            m_bodyStack->setCurrentWidget(m_notice);
    });
    buildButtons();
    m_plain->setZoom(1.0);
    setState(State::Empty);
}

ReaderPane::~ReaderPane()
{
    abandon(m_fetch);
}

void ReaderPane::buildButtons()
{
    m_menu->setObjectName(QStringLiteral("readerMenu"));
    m_plainAction = m_menu->addAction(tr("Show as plain text"));
    m_plainAction->setCheckable(true);
    connect(m_plainAction, &QAction::toggled, this, [this](bool on) {
        m_preferPlain = on;
        if (m_state == State::Showing)
            showBody();
    });
    m_menu->addSeparator();

    m_pageButton->setObjectName(QStringLiteral("pageColoursButton"));
    m_pageButton->setAutoRaise(true);
    m_pageButton->setIconSize({theme::smallIcon, theme::smallIcon});
    connect(m_pageButton, &QToolButton::clicked, this, [this] {
        m_lightPage = !m_lightPage;
        showBody();
    });
    m_moreButton->setObjectName(QStringLiteral("readerMenuButton"));
    m_moreButton->setAutoRaise(true);
    m_moreButton->setIcon(icon(QStringLiteral("ellipsis")));
    m_moreButton->setIconSize({theme::smallIcon, theme::smallIcon});
    m_moreButton->setPopupMode(QToolButton::InstantPopup);
    m_moreButton->setMenu(m_menu);
    m_moreButton->setToolTip(tr("More about this message"));
    m_moreButton->setAccessibleName(tr("More about this message"));
    m_card->buttons()->addWidget(m_pageButton);
    m_card->buttons()->addWidget(m_moreButton);
    updateButtons();
}

void ReaderPane::updateButtons()
{
    const bool hasHtml = m_state == State::Showing && !m_content.html.isEmpty();
    const bool showsHtml = hasHtml && !m_preferPlain;
    m_pageButton->setVisible(showsHtml && theme::isDark(palette()));
    m_pageButton->setIcon(icon(m_lightPage ? QStringLiteral("moon") : QStringLiteral("sun")));
    const QString hint
        = m_lightPage ? tr("Show this message in dark colours") : tr("Show this message in its own colours");
    m_pageButton->setToolTip(hint);
    m_pageButton->setAccessibleName(hint);
    m_plainAction->setEnabled(hasHtml);
    const QSignalBlocker quiet(m_plainAction);
    m_plainAction->setChecked(m_preferPlain || (m_state == State::Showing && !hasHtml));
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

void ReaderPane::setUnreadAvailable(bool available)
{
    m_empty->setContent(QStringLiteral("mail-open"), tr("Choose a message to read it here."),
                        available ? tr("Go to the next unread message") : QString());
}

void ReaderPane::showNothing()
{
    ++m_serial;
    m_fetchDelay.stop();
    abandon(m_fetch);
    m_row = {};
    m_content = {};
    m_plain->setMessageText({});
    if (m_html)
        m_html->clear();
    showLinkTarget({});
    setState(State::Empty);
}

void ReaderPane::showMessage(const store::MessageRow &row)
{
    if (row.id == m_row.id && m_state != State::Failed) {
        m_row = row;
        return;
    }
    ++m_serial;
    abandon(m_fetch);
    m_row = row;
    m_content = {};
    m_preferPlain = false;
    m_lightPage = false;
    m_card->setHeader(row.header);
    m_attachments->setAttachments(row.id, {});
    m_bodyStack->setCurrentIndex(0);
    showLinkTarget({});
    setState(State::Loading);
    updateBanners();
    m_loadingDelay.start();
    m_fetchDelay.start();
}

void ReaderPane::fetch()
{
    if (!m_row.id.isValid())
        return;
    const quint64 serial = ++m_serial;
    m_errorBanner->setVisible(false);
    if (m_state == State::Failed) {
        setState(State::Loading);
        m_loadingDelay.start();
    }
    m_fetch = m_source.fetchContent(m_row.id);
    m_fetch.then(this, [this, serial](const Result<mime::MessageContent> &content) {
        if (serial == m_serial)
            takeContent(content);
    });
}

void ReaderPane::takeContent(const Result<mime::MessageContent> &content)
{
    m_loadingDelay.stop();
    if (!content) {
        m_bodyStack->setCurrentIndex(0);
        setState(State::Failed);
        m_errorBanner->showMessage(theme::Tone::Error, content.error().userText, tr("Try again"));
        return;
    }
    m_content = *content;
    setState(State::Showing);
    m_attachments->setAttachments(m_row.id, m_content.attachments);
    updateBanners();
    showBody();
    if (hasFocus())
        focusText();
}

void ReaderPane::updateBanners()
{
    m_errorBanner->setVisible(false);
    m_remoteBanner->setVisible(false);
    m_defectBanner->setVisible(false);
    if (m_state != State::Showing)
        return;
    if (!m_content.blocked.empty()) {
        const int count = static_cast<int>(std::min<std::size_t>(m_content.blocked.size(), 100000));
        m_remoteBanner->showMessage(
            theme::Tone::Info,
            tr("%Ln item(s) that this message wanted to load from the Internet were left out to protect your privacy.",
               nullptr, count));
    }
    if (!m_content.defects.isEmpty())
        m_defectBanner->showMessage(theme::Tone::Warning, m_content.defects.join(QLatin1Char(' ')));
}

void ReaderPane::showBody()
{
    updateButtons();
    if (!m_content.html.isEmpty() && !m_preferPlain) {
        showHtml(theme::isDark(palette()) && !m_lightPage);
        return;
    }
    m_plain->setMessageText(m_content.plainText);
    m_bodyStack->setCurrentWidget(m_plain);
    if (m_content.plainText.trimmed().isEmpty()) {
        m_plain->setMessageText({});
        m_plain->setPlaceholderText(tr("This message has no text."));
    }
}

void ReaderPane::showHtml(bool dark)
{
    if (!m_html) {
        keepActivation();
        m_html = new HtmlView(m_body);
        m_html->setObjectName(QStringLiteral("htmlView"));
        m_bodyStack->addWidget(m_html);
        connect(m_html, &HtmlView::linkHovered, this, &ReaderPane::showLinkTarget);
        connect(m_html, &HtmlView::linkActivated, this, &ReaderPane::linkActivated);
        connect(m_html, &HtmlView::keyIgnored, this, &ReaderPane::pageRequested);
    }
    m_html->setZoom(m_zoomPercent / 100.0);
    m_html->setMessage(m_content.html, m_content.inlineImages, dark);
    m_bodyStack->setCurrentWidget(m_html);
}

/**
 * The first view with a page in it turns the window into one that is drawn through the graphics card, for which Qt
 * makes the native window anew. The keyboard must stay where it was.
 */
void ReaderPane::keepActivation()
{
    if (!window()->isActiveWindow())
        return;
    const QPointer<QWidget> focus = QApplication::focusWidget();
    QTimer::singleShot(0, this, [this, focus] {
        window()->activateWindow();
        if (focus)
            focus->setFocus();
    });
}

bool ReaderPane::pageDown()
{
    if (m_state != State::Showing)
        return m_state == State::Loading; // do not run past a message that has not come yet
    if (m_html && m_bodyStack->currentWidget() == m_html)
        return m_html->pageDown();
    return m_plain->pageDown();
}

void ReaderPane::setZoomPercent(int percent)
{
    m_zoomPercent = qBound(50, percent, 300);
    m_plain->setZoom(m_zoomPercent / 100.0);
    if (m_html)
        m_html->setZoom(m_zoomPercent / 100.0);
}

void ReaderPane::changeZoom(int steps)
{
    setZoomPercent(steps == 0 ? 100 : m_zoomPercent + 10 * steps);
}

void ReaderPane::copy()
{
    if (m_html && m_bodyStack->currentWidget() == m_html)
        m_html->copy();
    else
        m_plain->copy();
}

void ReaderPane::selectAll()
{
    if (m_html && m_bodyStack->currentWidget() == m_html)
        m_html->selectAll();
    else
        m_plain->selectAll();
}

void ReaderPane::focusText()
{
    if (m_state != State::Showing) {
        setFocus(Qt::OtherFocusReason); // until the text is there
        return;
    }
    if (m_html && m_bodyStack->currentWidget() == m_html)
        m_html->setFocus(Qt::OtherFocusReason);
    else
        m_plain->setFocus(Qt::OtherFocusReason);
}

void ReaderPane::showLinkTarget(const QString &target)
{
    m_linkTarget->setVisible(!target.isEmpty());
    if (target.isEmpty())
        return;
    m_linkTarget->setText(m_linkTarget->fontMetrics().elidedText(target, Qt::ElideMiddle, width() - 40));
    placeLinkTarget();
}

void ReaderPane::placeLinkTarget()
{
    m_linkTarget->adjustSize();
    const int x = layoutDirection() == Qt::RightToLeft ? width() - m_linkTarget->width() : 0;
    m_linkTarget->move(x, height() - m_linkTarget->height());
    m_linkTarget->raise();
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
        showBody();
}

void ReaderPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_linkTarget->isVisible())
        placeLinkTarget();
    QCoreApplication::postEvent(m_attachments, new QEvent(QEvent::LayoutRequest));
}

} // namespace kittiwake::ui
