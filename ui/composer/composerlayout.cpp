// SPDX-License-Identifier: GPL-3.0-or-later
// How a ComposerWindow is put together.
#include "ui/composer/addresstext.h"
#include "ui/composer/composertext.h"
#include "ui/composer/composerwindow.h"
#include "ui/composer/formatbar.h"
#include "ui/composer/outgoingbar.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/composer/richeditor.h"
#include "ui/composer/sendlater.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/chromebar.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/menubutton.h"
#include "ui/widgets/safetext.h"

#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>

namespace kittiwake::ui
{

namespace
{

/** A line of the head: its name, its field, a hairline below. */
class HeadRow final : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(QRect(12, height() - 1, width() - 24, 1), theme::border(palette()));
    }
};

QLabel *nameOf(QWidget *row, const QString &name)
{
    auto *label = new QLabel(name, row);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

QHBoxLayout *lineOf(QWidget *row)
{
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(theme::margins(20, 2, 12, 3));
    line->setSpacing(theme::padding);
    return line;
}

QScrollArea *scrolling(QWidget *content, QWidget *parent)
{
    auto *area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setBackgroundRole(QPalette::Base);
    content->setBackgroundRole(QPalette::Base);
    area->setWidget(content);
    return area;
}

} // namespace

void ComposerWindow::build()
{
    setObjectName(QStringLiteral("composerWindow"));
    setWindowIcon(applicationIcon());
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAcceptDrops(true);
    setMinimumSize(360, 360);
    // In the order in which Tab goes through them: who, what about, the text, and what can be done.
    m_head = buildHead();
    m_headArea = scrolling(m_head, this);
    m_headArea->setObjectName(QStringLiteral("composerHead"));
    m_headArea->setAccessibleName(tr("Recipients and subject"));
    m_text = new ComposerText(this);
    m_files = new OutgoingBar(this);
    m_filesArea = scrolling(m_files, this);
    m_filesArea->setAccessibleName(tr("Attachments"));
    m_filesArea->setObjectName(QStringLiteral("composerFiles"));
    m_files->setVisible(false); // QScrollArea has shown it
    m_filesArea->setVisible(false);
    m_trouble = new Banner(this);
    m_trouble->setObjectName(QStringLiteral("composerTrouble"));
    m_question = new Banner(this);
    m_question->setObjectName(QStringLiteral("composerQuestion"));
    m_versions = new Banner(this);
    m_versions->setObjectName(QStringLiteral("composerVersions"));
    m_versions->setVisible(false);
    buildActions();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (QWidget *part : {buildBar(), static_cast<QWidget *>(m_versions), static_cast<QWidget *>(m_trouble),
                          static_cast<QWidget *>(m_question), static_cast<QWidget *>(m_headArea)})
        layout->addWidget(part);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_filesArea);
    for (QWidget *watched : {m_head, static_cast<QWidget *>(m_recipients), static_cast<QWidget *>(m_files)})
        watched->installEventFilter(this);
}

QWidget *ComposerWindow::buildHead()
{
    auto *head = new QWidget;
    auto *layout = new QVBoxLayout(head);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(0);
    m_fromRow = new HeadRow(head);
    QHBoxLayout *from = lineOf(m_fromRow);
    m_fromLabel = nameOf(m_fromRow, tr("From"));
    m_from = new QComboBox(m_fromRow);
    m_from->setObjectName(QStringLiteral("identity"));
    m_from->setAccessibleName(tr("From"));
    m_from->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_from->setFrame(false);
    m_from->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_fromLabel->setBuddy(m_from);
    from->addWidget(m_fromLabel);
    from->addWidget(m_from);
    from->addStretch(1);
    m_recipients = new RecipientRows(head);

    auto *subjectRow = new HeadRow(head);
    QHBoxLayout *subject = lineOf(subjectRow);
    m_subjectLabel = nameOf(subjectRow, tr("Subject"));
    m_subject = new QLineEdit(subjectRow);
    m_subject->setObjectName(QStringLiteral("subject"));
    m_subject->setAccessibleName(tr("Subject"));
    m_subject->setFrame(false);
    m_subject->setMaxLength(2000);
    m_subject->setFont(theme::scaled(font(), 1.0, QFont::DemiBold));
    m_subjectLabel->setBuddy(m_subject);
    subject->addWidget(m_subjectLabel);
    subject->addWidget(m_subject, 1);

    // One column of names.
    const int widest
        = qMax(m_recipients->labelWidth(), qMax(m_fromLabel->sizeHint().width(), m_subjectLabel->sizeHint().width()));
    m_recipients->setLabelWidth(widest);
    m_fromLabel->setFixedWidth(widest);
    m_subjectLabel->setFixedWidth(widest);
    layout->addWidget(m_fromRow);
    layout->addWidget(m_recipients);
    layout->addWidget(subjectRow);
    return head;
}

QToolButton *ComposerWindow::barButton(QAction *action)
{
    auto *button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QLatin1String("Button"));
    button->setAutoRaise(true);
    button->setIconSize({theme::toolIcon, theme::toolIcon});
    button->setMinimumSize(34, 32);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    return button;
}

QWidget *ComposerWindow::buildBar()
{
    auto *bar = new ChromeBar(this);
    bar->setFixedHeight(qMax(44, fontMetrics().height() + 24));
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(theme::margins(12, 0, 8, 1));
    row->setSpacing(2);
    m_sendButton = new QPushButton(tr("Send"), bar);
    m_sendButton->setObjectName(QStringLiteral("sendButton"));
    m_sendButton->setDefault(true);
    m_sendButton->setToolTip(
        tr("Send (%1)").arg(QKeySequence(Qt::CTRL | Qt::Key_Return).toString(QKeySequence::NativeText)));
    connect(m_sendButton, &QPushButton::clicked, this, &ComposerWindow::send);
    m_laterButton = new QToolButton(bar);
    m_laterButton->setObjectName(QStringLiteral("sendLaterButton"));
    m_laterButton->setAutoRaise(true);
    m_laterButton->setIcon(icon(QStringLiteral("calendar-clock")));
    m_laterButton->setIconSize({theme::toolIcon, theme::toolIcon});
    m_laterButton->setMinimumSize(34, 32);
    m_laterButton->setPopupMode(QToolButton::InstantPopup);
    m_laterButton->setFocusPolicy(Qt::TabFocus);
    m_laterButton->setAccessibleName(tr("Send later"));
    m_laterButton->setToolTip(tr("Send later"));
    auto *later = new SendLaterMenu(this);
    connect(later, &SendLaterMenu::chosen, this, &ComposerWindow::sendAt);
    m_laterButton->setMenu(later);
    row->addWidget(m_sendButton);
    row->addWidget(m_laterButton);
    row->addSpacing(8);
    for (QAction *action : m_barActions)
        row->addWidget(barButton(action));
    row->addStretch(1);
    m_stateIcon = new QLabel(bar);
    m_state = new QLabel(bar);
    m_state->setObjectName(QStringLiteral("draftState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setForegroundRole(QPalette::PlaceholderText);
    m_state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_state->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    row->addWidget(m_state, 20);
    row->addSpacing(4);
    row->addWidget(m_stateIcon);
    row->addSpacing(8);
    auto *discard = add("discard", tr("Discard"), QStringLiteral("trash-2"),
                        {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)}, [this] { this->discard(); });
    row->addWidget(barButton(discard));
    buildMenu();
    row->addWidget(makeMenuButton(bar, m_menu, QStringLiteral("ellipsis"), tr("More")));
    return bar;
}

QAction *ComposerWindow::add(const char *name, const QString &title, const QString &iconName,
                             const QList<QKeySequence> &keys, const std::function<void()> &run)
{
    auto *action = new QAction(title, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcuts(keys);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    if (!keys.isEmpty())
        action->setToolTip(
            tr("%1 (%2)", "command, shortcut").arg(title, keys.first().toString(QKeySequence::NativeText)));
    connect(action, &QAction::triggered, this, run);
    addAction(action);
    return action;
}

void ComposerWindow::buildActions()
{
    add("send", tr("Send"), {}, {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)},
        [this] { send(); });
    QAction *attachment = add("attach", tr("Attach files…"), QStringLiteral("paperclip"),
                              {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A)}, [this] { attach(); });
    m_rich = add("rich", tr("Formatted text"), QStringLiteral("type"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F)},
                 [this] { m_text->setRich(m_rich->isChecked()); });
    m_rich->setCheckable(true);
    m_barActions = {attachment, m_rich};
    connect(m_text, &ComposerText::modeChanged, this, [this] { m_rich->setChecked(m_text->isRich()); });
    connect(&m_text->formatBar(), &FormatBar::linkWanted, this, &ComposerWindow::askForLink);
    connect(&m_text->formatBar(), &FormatBar::pictureWanted, this, &ComposerWindow::attachPicture);
}

void ComposerWindow::buildMenu()
{
    using Row = RecipientRows::Row;
    m_menu = new QMenu(this);
    const auto ctrlShift = [](int key) { return QList<QKeySequence>{QKeySequence(int(Qt::CTRL | Qt::SHIFT) | key)}; };
    m_menu->addAction(
        add("addCc", tr("Add Cc"), {}, ctrlShift(Qt::Key_C), [this] { m_recipients->showRow(Row::Cc, true); }));
    m_menu->addAction(
        add("addBcc", tr("Add Bcc"), {}, ctrlShift(Qt::Key_B), [this] { m_recipients->showRow(Row::Bcc, true); }));
    m_menu->addAction(
        add("addReplyTo", tr("Answers go to…"), {}, {}, [this] { m_recipients->showRow(Row::ReplyTo, true); }));
    m_menu->addSeparator();
    m_menu->addAction(
        add("pasteQuotation", tr("Paste as quotation"), QStringLiteral("text-quote"), ctrlShift(Qt::Key_O), [this] {
            if (!m_text->isRich())
                m_text->plain().pasteAsQuotation();
        }));
    m_menu->addAction(add("pastePlain", tr("Paste without formatting"), {}, ctrlShift(Qt::Key_V), [this] {
        if (m_text->isRich())
            m_text->rich().pasteAsPlainText();
        else
            m_text->plain().paste();
    }));
    m_fixedPitch = add("fixedPitch", tr("Letters of one width"), {}, {}, [this] {
        m_text->plain().setFixedPitch(m_fixedPitch->isChecked());
        m_settings.setComposerFixedPitch(m_fixedPitch->isChecked());
    });
    m_fixedPitch->setCheckable(true);
    m_menu->addAction(m_fixedPitch);
    m_menu->addSeparator();
    QMenu *priority = m_menu->addMenu(tr("Priority"));
    m_priorities = new QActionGroup(this);
    const struct {
        mime::Composition::Priority value;
        QString title;
    } priorities[]{{mime::Composition::Priority::High, tr("High")},
                   {mime::Composition::Priority::Normal, tr("Usual")},
                   {mime::Composition::Priority::Low, tr("Low")}};
    for (const auto &one : priorities) {
        QAction *action = priority->addAction(one.title);
        action->setCheckable(true);
        action->setData(static_cast<int>(one.value));
        m_priorities->addAction(action);
    }
    connect(m_priorities, &QActionGroup::triggered, this, &ComposerWindow::handleChange);
    m_receipt = add("receipt", tr("Ask for a receipt"), {}, {}, [this] { handleChange(); });
    m_receipt->setCheckable(true);
    m_receipt->setToolTip(tr("Asks the reader's mail program to say that the message was read. Many people refuse."));
    m_menu->addAction(m_receipt);
    m_deliveryReport = add("deliveryReport", tr("Ask for a delivery report"), {}, {}, [this] { handleChange(); });
    m_deliveryReport->setCheckable(true);
    m_deliveryReport->setToolTip(
        tr("Asks the mail servers on the way to say that the message has arrived, is late, or was "
           "given up. Not every provider can."));
    m_menu->addAction(m_deliveryReport);
    m_menu->addSeparator();
    m_saveTemplate
        = add("saveTemplate", tr("Save as template"), {}, ctrlShift(Qt::Key_T), [this] { saveAsTemplate(); });
    m_menu->addAction(m_saveTemplate);
    m_menu->addSeparator();
    m_menu->addAction(
        add("close", tr("Close and keep as draft"), {}, {QKeySequence(Qt::CTRL | Qt::Key_W)}, [this] { close(); }));
}

void ComposerWindow::fillIdentities()
{
    const QSignalBlocker quiet(m_from);
    const int before = m_from->currentIndex();
    m_identities = m_backend.identities();
    m_from->clear();
    for (const WriterIdentity &one : m_identities) {
        m_from->addItem(shownAddress(one.from));
    }
    m_from->setCurrentIndex(qBound(-1, before, static_cast<int>(m_identities.size()) - 1));
    m_fromRow->setVisible(m_identities.size() > 1);
}

/** The head is as high as it wants, up to nearly half of the window. */
void ComposerWindow::fitHead()
{
    const auto fit = [this](QScrollArea *area, QWidget *content, int most) {
        const int width = area->viewport()->width() > 0 ? this->width() : 0;
        const int wanted = content->layout()->hasHeightForWidth() ? content->layout()->heightForWidth(width)
                                                                  : content->layout()->sizeHint().height();
        area->setFixedHeight(qMin(wanted, most));
    };
    fit(m_headArea, m_head, qMax(160, height() * 45 / 100));
    const bool any = !m_files->isHidden();
    m_filesArea->setVisible(any);
    if (any)
        fit(m_filesArea, m_files, 2 * 40 + 16);
}

bool ComposerWindow::eventFilter(QObject *watched, QEvent *event)
{
    const auto kind = event->type();
    if (kind == QEvent::LayoutRequest
        || (watched == m_files && (kind == QEvent::ShowToParent || kind == QEvent::HideToParent)))
        fitHead();
    return QWidget::eventFilter(watched, event);
}

void ComposerWindow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitHead();
    if (m_keeper != nullptr)
        updateState(); // as much of it as there is room for
}

} // namespace kittiwake::ui
