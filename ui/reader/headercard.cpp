// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/headercard.h"

#include "ui/messagelist/datetext.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

constexpr std::size_t foldedRecipients = 2;
constexpr std::size_t maxRecipients = 200; // a list of thousands says nothing more

QString inFull(const mail::Address &person)
{
    if (person.name.isEmpty())
        return oneLine(person.address, 320);
    return HeaderCard::tr("%1 <%2>", "name, address").arg(isolated(person.name, 100), oneLine(person.address, 320));
}

QString shortly(const mail::Address &person)
{
    return isolated(person.shortText(), 60);
}

} // namespace

HeaderCard::HeaderCard(QWidget *parent)
    : QWidget(parent), m_now([] { return QDateTime::currentDateTime(); }), m_subject(new PlainLabel(this)),
      m_senderName(new PlainLabel(this)), m_senderAddress(new PlainLabel(this)), m_date(new PlainLabel(this)),
      m_recipients(new PlainLabel(this)), m_trust(new PlainLabel(this)), m_unfold(new QToolButton(this)),
      m_buttons(new QHBoxLayout)
{
    m_subject->setObjectName(QStringLiteral("subject"));
    m_senderName->setObjectName(QStringLiteral("senderName"));
    m_senderAddress->setObjectName(QStringLiteral("senderAddress"));
    m_recipients->setObjectName(QStringLiteral("recipients"));
    m_date->setObjectName(QStringLiteral("date"));
    m_subject->setMaxLines(3);
    m_senderAddress->setMaxLines(6); // 320 characters at most: all of an address is in sight
    m_senderAddress->setInk(PlainLabel::Ink::Secondary);
    m_date->setInk(PlainLabel::Ink::Secondary);
    m_recipients->setInk(PlainLabel::Ink::Secondary);
    m_recipients->setMaxLines(2);
    m_trust->setObjectName(QStringLiteral("trust"));
    m_trust->setInk(PlainLabel::Ink::Secondary);
    m_trust->setMaxLines(2);
    m_trust->setVisible(false);
    m_unfold->setObjectName(QStringLiteral("unfoldRecipients"));
    m_unfold->setAutoRaise(true);
    m_unfold->setIconSize({14, 14});
    connect(m_unfold, &QToolButton::clicked, this, [this] {
        m_unfolded = !m_unfolded;
        showRecipients();
    });
    m_buttons->setSpacing(2);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::margins(24, 14, 12, 12));
    layout->setSpacing(6);
    auto *top = new QHBoxLayout;
    top->setSpacing(theme::padding);
    top->addWidget(m_subject, 1, Qt::AlignTop);
    auto *corner = new QVBoxLayout;
    corner->addLayout(m_buttons);
    corner->addStretch();
    top->addLayout(corner);
    layout->addLayout(top);

    auto *middle = new QHBoxLayout;
    middle->setSpacing(theme::padding);
    auto *sender = new QWidget(this);
    auto *flow = new FlowLayout(6, sender);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->addWidget(m_senderName);
    flow->addWidget(m_senderAddress);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    sender->setSizePolicy(policy);
    middle->addWidget(sender, 1, Qt::AlignTop);
    m_date->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    middle->addWidget(m_date, 0, Qt::AlignTop);
    middle->addSpacing(8);
    layout->addLayout(middle);

    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(4);
    bottom->addWidget(m_recipients, 1, Qt::AlignTop);
    bottom->addWidget(m_unfold, 0, Qt::AlignTop);
    layout->addLayout(bottom);
    layout->addWidget(m_trust);
    applyFonts();
}

void HeaderCard::applyFonts()
{
    m_subject->setFont(theme::scaled(font(), 1.4, QFont::DemiBold));
    m_senderName->setFont(theme::scaled(font(), 1.0, QFont::DemiBold));
    m_recipients->setFont(theme::scaled(font(), 0.95));
    m_trust->setFont(theme::scaled(font(), 0.95));
    m_date->setFont(theme::scaled(font(), 0.95));
}

void HeaderCard::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_subject)
        applyFonts();
}

void HeaderCard::setHeader(const mail::MessageHeader &header)
{
    m_header = header;
    m_unfolded = false;
    const QString subject = oneLine(header.subject, 2000);
    m_subject->setText(subject.isEmpty() ? tr("(no subject)") : subject);

    const mail::Address sender = header.from.empty() ? mail::Address() : header.from.front();
    const QString name = oneLine(sender.name, 120);
    const QString address = oneLine(sender.address, 320);
    m_senderName->setText(name);
    m_senderName->setVisible(!name.isEmpty());
    m_senderAddress->setInk(name.isEmpty() ? PlainLabel::Ink::Text : PlainLabel::Ink::Secondary);
    if (address.isEmpty())
        m_senderAddress->setText(tr("(no sender's address)"));
    else if (!sender.isValid())
        m_senderAddress->setText(tr("%1 (not a valid address)").arg(address));
    else
        m_senderAddress->setText(address);
    m_senderAddress->setCopyText(address);
    // Several senders are rare and allowed (RFC 5322 section 3.6.2); none of them is hidden.
    for (std::size_t i = 1; i < header.from.size() && i < 10; ++i)
        m_senderAddress->setText(
            tr("%1, %2", "a list of senders").arg(m_senderAddress->text(), inFull(header.from[i])));

    // A file may hold a message without a date; those of a server have at least that of their arrival.
    m_date->setText(header.date > 0 ? cardDate(header.date, m_now(), locale()) : QString());
    m_date->setToolTip(header.date > 0 ? fullDate(header.date, locale()) : QString());
    showRecipients();
    updateGeometry();
}

void HeaderCard::showRecipients()
{
    const std::size_t count = m_header.to.size() + m_header.cc.size();
    const bool foldable = count > foldedRecipients;
    m_unfold->setVisible(count > 0);
    m_unfold->setIcon(
        icon(m_unfolded ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down"), IconTint::Secondary));
    const QString hint = m_unfolded ? tr("Show fewer details") : tr("Show all recipients with their addresses");
    m_unfold->setToolTip(hint);
    m_unfold->setAccessibleName(hint);
    if (count == 0) {
        m_recipients->setMaxLines(1);
        m_recipients->setText(tr("No recipients are named"));
        return;
    }
    if (m_unfolded) {
        QStringList lines;
        const auto add = [&lines](const mail::AddressList &people, const QString &pattern) {
            QStringList texts;
            for (std::size_t i = 0; i < people.size() && i < maxRecipients; ++i)
                texts.append(inFull(people[i]));
            if (people.size() > maxRecipients)
                texts.append(tr("and %Ln more", nullptr, static_cast<int>(people.size() - maxRecipients)));
            if (!texts.isEmpty())
                lines.append(pattern.arg(texts.join(QLatin1String(", "))));
        };
        add(m_header.to, tr("To: %1"));
        add(m_header.cc, tr("Cc: %1"));
        if (m_header.replyTo.size() > 1
            || (m_header.replyTo.size() == 1 && !m_header.from.empty()
                && m_header.replyTo.front().address != m_header.from.front().address))
            add(m_header.replyTo, tr("Replies go to: %1"));
        m_recipients->setMaxLines(12);
        m_recipients->setText(lines.join(QChar(QChar::LineSeparator)));
        return;
    }
    QStringList names;
    for (const auto *list : {&m_header.to, &m_header.cc}) {
        for (const mail::Address &person : *list) {
            if (names.size() < static_cast<qsizetype>(foldedRecipients))
                names.append(shortly(person));
        }
    }
    const QString shown = locale().createSeparatedList(names);
    m_recipients->setMaxLines(1);
    if (foldable) {
        m_recipients->setText(
            tr("To %1 and %Ln more", "names of recipients", static_cast<int>(count - foldedRecipients))
                .arg(names.join(QLatin1String(", "))));
    } else {
        m_recipients->setText(tr("To %1", "names of recipients").arg(shown));
    }
}

QString HeaderCard::subjectText() const
{
    return m_subject->text();
}

QString HeaderCard::senderText() const
{
    return m_senderName->text() + QLatin1Char(' ') + m_senderAddress->text();
}

void HeaderCard::setTrust(const QString &sentence)
{
    m_trust->setText(sentence);
    m_trust->setVisible(!sentence.isEmpty());
}

QString HeaderCard::trustText() const
{
    return m_trust->text();
}

QString HeaderCard::recipientsText() const
{
    return m_recipients->text();
}

} // namespace kittiwake::ui
