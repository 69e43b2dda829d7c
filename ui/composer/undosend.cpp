// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/undosend.h"

#include "ui/messagelist/datetext.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/safetext.h"

#include <utility>

namespace kittiwake::ui
{

namespace
{

constexpr int toldForSeconds = 10; // what needs no countdown
constexpr qsizetype longestSubject = 60;

} // namespace

UndoSend::UndoSend(Banner &banner, QObject *parent) : QObject(parent), m_banner(banner)
{
    m_second.setInterval(250);
    connect(&m_second, &QTimer::timeout, this, &UndoSend::tick);
    connect(&m_banner, &Banner::actionTriggered, this, &UndoSend::undo);
}

void UndoSend::show(const SentMessage &message)
{
    m_message = message;
    m_discarded.reset();
    m_since.start();
    m_second.start();
    tick();
}

void UndoSend::showDiscarded(const Writing &writing)
{
    m_discarded = writing;
    m_since.start();
    m_second.start();
    tick();
}

void UndoSend::tick()
{
    const int passed = static_cast<int>(m_since.elapsed() / 1000);
    const bool isLater = m_message.notBefore > QDateTime::currentMSecsSinceEpoch();
    const int whole = m_discarded || isLater || m_message.undoSeconds == 0 ? toldForSeconds : m_message.undoSeconds;
    const int left = whole - passed;
    if (left <= 0) {
        m_second.stop();
        m_banner.setVisible(false);
        return;
    }
    if (m_discarded) {
        m_banner.showMessage(theme::Tone::Info, tr("The message was thrown away."), tr("Undo"));
        return;
    }
    QString subject = isolated(m_message.subject, longestSubject);
    if (m_message.subject.trimmed().isEmpty())
        subject = tr("Your message");
    if (isLater) {
        m_banner.showMessage(theme::Tone::Info,
                             tr("%1 will be sent: %2.", "subject, date and time")
                                 .arg(subject, fullDate(m_message.notBefore / 1000, QLocale())),
                             tr("Undo"));
    } else if (m_message.undoSeconds == 0) {
        m_banner.showMessage(theme::Tone::Info, tr("%1 is on its way.", "subject").arg(subject));
    } else {
        m_banner.showMessage(theme::Tone::Info, tr("%1 is sent in %Ln second(s).", "subject", left).arg(subject),
                             tr("Undo"));
    }
}

void UndoSend::undo()
{
    m_second.stop();
    m_banner.setVisible(false);
    if (const auto discarded = std::exchange(m_discarded, std::nullopt))
        Q_EMIT writingWanted(*discarded);
    else
        Q_EMIT takeBackWanted(m_message.operation);
}

} // namespace kittiwake::ui
