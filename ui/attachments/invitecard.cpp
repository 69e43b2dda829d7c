// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/invitecard.h"

#include "ui/attachments/invitetext.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

constexpr int tearOff = 60; // width of the leaf of the calendar
constexpr std::size_t foldedAttendees = 3;

/** An icon that keeps to the palette. */
class RowIcon final : public QWidget
{
public:
    RowIcon(QString name, QWidget *parent) : QWidget(parent), m_name(std::move(name)) { setFixedSize(16, 18); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintIcon(painter, rect(), m_name, theme::secondaryText(palette()));
    }

private:
    QString m_name;
};

} // namespace

InviteCard::InviteCard(QWidget *parent)
    : QWidget(parent), m_kind(new PlainLabel(this)), m_title(new PlainLabel(this)), m_rows(nullptr),
      m_details(new QWidget(this))
{
    setObjectName(QStringLiteral("inviteCard"));
    setAccessibleName(tr("Event"));
    m_kind->setInk(PlainLabel::Ink::Accent);
    m_title->setMaxLines(3);
    auto *outer = new QHBoxLayout(this);
    outer->setContentsMargins(theme::margins(40 + tearOff, 20, 40, 22));
    auto *texts = new QVBoxLayout;
    texts->setSpacing(4);
    texts->addWidget(m_kind);
    texts->addWidget(m_title);
    texts->addSpacing(2);
    texts->addWidget(m_details);
    outer->addLayout(texts, 1);
    applyFonts();
    setVisible(false);
}

void InviteCard::applyFonts()
{
    m_kind->setFont(theme::scaled(font(), 0.9, QFont::DemiBold));
    m_title->setFont(theme::scaled(font(), 1.15, QFont::DemiBold));
}

void InviteCard::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        applyFonts();
}

void InviteCard::clear()
{
    ++m_serial;
    m_event.reset();
    setVisible(false);
}

void InviteCard::setFiles(AttachmentOpener &opener, const std::vector<AttachedFile> &files)
{
    clear();
    const auto calendar = std::find_if(files.begin(), files.end(), [](const AttachedFile &file) {
        return file.attachment.mimeType == "text/calendar" || file.attachment.mimeType == "application/ics"
            || file.rule().extension == u"ics";
    });
    if (calendar == files.end() || calendar->attachment.size > static_cast<std::uint64_t>(mime::Invitation::maxBytes))
        return;
    const quint64 serial = m_serial;
    opener.bytes(*calendar)
        .then(this,
              [&opener](const Result<QByteArray> &bytes) {
                  if (!bytes || bytes->size() > mime::Invitation::maxBytes)
                      return opener.helper().run({QStringLiteral("invitation")}, {});
                  return opener.helper().run({QStringLiteral("invitation")}, *bytes);
              })
        .unwrap()
        .then(this, [this, serial](const Result<QCborMap> &answer) {
            if (serial != m_serial)
                return; // another message is shown by now
            // What holds no event is a file among the others.
            if (const auto event = answer ? mime::invitationFromCbor(*answer) : std::nullopt)
                setInvitation(*event);
            Q_EMIT ready();
        });
}

void InviteCard::addRow(const QString &iconName, const QString &text, int maxLines)
{
    auto *label = new PlainLabel(m_details);
    label->setMaxLines(maxLines);
    label->setText(text);
    const int row = m_rows->rowCount();
    m_rows->addWidget(new RowIcon(iconName, m_details), row, 0, Qt::AlignTop);
    m_rows->addWidget(label, row, 1);
    m_lines.push_back(label);
}

void InviteCard::setInvitation(const mime::Invitation &event)
{
    m_event = event;
    m_unfolded = false;
    const auto visible = [](const QString &text, qsizetype limit) { return oneLine(text, limit); };
    m_kind->setText(methodText(event));
    const QString title = visible(event.title, 500);
    m_title->setText(title.isEmpty() ? tr("(no title)") : title);

    // Rows are made anew: which there are differs from event to event.
    qDeleteAll(m_details->findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
    delete m_rows;
    m_lines.clear();
    m_rows = new QGridLayout(m_details);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setHorizontalSpacing(theme::padding);
    m_rows->setVerticalSpacing(theme::grid);
    m_rows->setColumnStretch(1, 1);
    addRow(QStringLiteral("clock"), whenText(event, locale()));
    if (event.recurrence)
        addRow(QStringLiteral("repeat"), recurrenceText(*event.recurrence, locale()));
    if (const QString place = visible(event.place, 500); !place.isEmpty())
        addRow(QStringLiteral("map-pin"), place);
    if (event.organiser)
        addRow(QStringLiteral("circle-user"),
               tr("Organised by %1", "name and address").arg(personText(*event.organiser)));
    m_attendees = nullptr;
    if (!event.attendees.empty() && event.method != mime::Invitation::Method::Reply) {
        addRow(QStringLiteral("users"), {}, 12);
        m_attendees = m_lines.back();
        m_unfold = new QToolButton(m_details);
        m_unfold->setObjectName(QStringLiteral("unfoldAttendees"));
        m_unfold->setAutoRaise(true);
        m_unfold->setIconSize({14, 14});
        m_rows->addWidget(m_unfold, m_rows->rowCount() - 1, 2, Qt::AlignTop);
        connect(m_unfold, &QToolButton::clicked, this, [this] {
            m_unfolded = !m_unfolded;
            showAttendees();
        });
        showAttendees();
    }
    if (event.otherEvents > 0)
        addRow(QStringLiteral("info"), tr("%Ln more event(s) in the attached calendar", nullptr, event.otherEvents));
    setVisible(true);
    updateGeometry();
    update();
}

void InviteCard::showAttendees()
{
    const auto &people = m_event->attendees;
    const bool foldable = people.size() > foldedAttendees;
    m_unfold->setVisible(foldable);
    m_unfold->setIcon(
        icon(m_unfolded ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down"), IconTint::Secondary));
    const QString hint = m_unfolded ? tr("Show fewer people") : tr("Show everybody who is invited");
    m_unfold->setToolTip(hint);
    m_unfold->setAccessibleName(hint);
    const std::size_t shown = m_unfolded ? people.size() : std::min(people.size(), foldedAttendees);
    QStringList texts;
    for (std::size_t i = 0; i < shown; ++i) {
        const QString who = m_unfolded ? personText(people[i])
                                       : isolated(people[i].name.isEmpty() ? people[i].address : people[i].name, 60);
        const QString answer = answerText(people[i].answer);
        texts.append(answer.isEmpty() ? who : tr("%1 (%2)", "person, answer").arg(who, answer));
    }
    const int more = m_event->attendeesInAll - static_cast<int>(shown);
    QString text = m_unfolded ? texts.join(QChar(QChar::LineSeparator)) : texts.join(QLatin1String(", "));
    if (more > 0)
        text = tr("%1 and %Ln more", "names", more).arg(text);
    m_attendees->setMaxLines(m_unfolded ? 40 : 2);
    m_attendees->setText(text);
    updateGeometry();
}

QString InviteCard::text() const
{
    QStringList lines{m_kind->text(), m_title->text()};
    for (const PlainLabel *line : m_lines)
        lines.append(line->text());
    return lines.join(QLatin1Char('\n'));
}

/** A leaf of a calendar beside the texts: the month, the day, the weekday. */
void InviteCard::paintEvent(QPaintEvent *)
{
    if (!m_event)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor base = palette().color(QPalette::Base);
    painter.fillRect(rect(), base);
    const QRectF card = QRectF(rect()).adjusted(24.5, 8.5, -24.5, -10.5);
    painter.setPen(theme::border(palette()));
    painter.setBrush(theme::mix(base, palette().color(QPalette::Window), 0.45));
    painter.drawRoundedRect(card, theme::radius, theme::radius);

    const bool cancelled = m_event->method == mime::Invitation::Method::Cancel;
    const QColor colour = cancelled ? theme::secondaryText(palette()) : theme::accent(palette());
    const QRect leaf
        = QStyle::visualRect(layoutDirection(), rect(), QRect(36, 20, tearOff - 8, tearOff + 4)); // of the card
    QPainterPath outline;
    outline.addRoundedRect(QRectF(leaf).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    painter.setBrush(base);
    painter.drawPath(outline);
    const QRect head(leaf.x(), leaf.y(), leaf.width(), 19);
    painter.save();
    painter.setClipPath(outline);
    painter.fillRect(head, colour);
    painter.restore();
    const QDate date = m_event->begins.toLocalTime().date();
    painter.setFont(theme::scaled(font(), 0.8, QFont::DemiBold));
    painter.setPen(base);
    painter.drawText(head, Qt::AlignCenter, locale().standaloneMonthName(date.month(), QLocale::ShortFormat));
    painter.setPen(palette().color(QPalette::Text));
    painter.setFont(theme::scaled(font(), 1.6, QFont::DemiBold));
    painter.drawText(QRect(leaf.x(), leaf.y() + 18, leaf.width(), 27), Qt::AlignCenter, locale().toString(date.day()));
    painter.setFont(theme::scaled(font(), 0.75));
    painter.setPen(theme::secondaryText(palette()));
    painter.drawText(QRect(leaf.x(), leaf.y() + 43, leaf.width(), 17), Qt::AlignCenter,
                     locale().standaloneDayName(date.dayOfWeek(), QLocale::ShortFormat));
}

} // namespace kittiwake::ui
