// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/sendernotes.h"

#include "core/mime/sendersentences.h"
#include "ui/models/abandon.h"
#include "ui/reader/headercard.h"
#include "ui/reader/sendertext.h"
#include "ui/widgets/banner.h"

namespace kittiwake::ui
{

SenderNotes::SenderNotes(MailSource &source, Banner *banner, HeaderCard *card, QObject *parent)
    : QObject(parent), m_source(source), m_banner(banner), m_card(card)
{
}

SenderNotes::~SenderNotes()
{
    abandon(m_inspection);
}

void SenderNotes::clear()
{
    ++m_serial;
    abandon(m_inspection);
    m_card->setTrust({});
    m_banner->setVisible(false);
}

void SenderNotes::setHeader(const mail::MessageHeader &header)
{
    clear();
    QStringList ownDomains;
    for (const accounts::Account &account : m_source.accounts())
        ownDomains.append(account.email.section(QLatin1Char('@'), -1));
    show(mime::remarksOnSender(header, ownDomains), {});
}

void SenderNotes::inspect(MessageId message)
{
    const quint64 serial = ++m_serial;
    abandon(m_inspection);
    m_inspection = m_source.inspectSender(message);
    m_inspection.then(this, [this, serial](const Result<engine::SenderReport> &report) {
        if (serial != m_serial)
            return;
        // Without an answer what the list tells stays, and nobody is trusted with anything.
        if (!report)
            return;
        const QString sentence = mime::sentenceOf(report->authenticity, report->domain);
        const bool refuted = report->authenticity == mime::Authenticity::Refuted;
        m_card->setTrust(refuted ? QString() : sentence);
        show(report->remarks, refuted ? sentence : QString());
        const bool unproved = refuted || report->authenticity == mime::Authenticity::Unverified;
        if (report->validSigners)
            Q_EMIT signersKnown(*report->validSigners);
        Q_EMIT inspected(!m_doubtful && !unproved);
    });
}

void SenderNotes::show(const std::vector<mime::SenderRemark> &remarks, const QString &refuted)
{
    SenderNotice notice = noticeOf(remarks);
    m_doubtful = notice.tone != theme::Tone::Info;
    if (!refuted.isEmpty()) {
        notice.text = notice.text.isEmpty() ? refuted : QString(refuted + QLatin1Char(' ') + notice.text);
        notice.tone = theme::Tone::Warning;
    }
    if (notice.text.isEmpty())
        m_banner->setVisible(false);
    else
        m_banner->showMessage(notice.tone, notice.text);
}

} // namespace kittiwake::ui
