// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/invitecard.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/findbar.h"
#include "ui/reader/listleaving.h"
#include "ui/reader/readerbody.h"
#include "ui/reader/readerpane.h"
#include "ui/widgets/banner.h"

/** The part of ReaderPane that passes on what is done with the text. */
namespace kittiwake::ui
{

const std::vector<mime::InlineImage> &ReaderPane::pictures() const
{
    return m_body->pictures();
}

/** What comes with the text: files, an event, a list to leave. */
void ReaderPane::showExtras()
{
    m_attachments->setAttachments(m_row.id, m_content.attachments);
    m_invite->setFiles(m_attachments->opener(), m_attachments->files());
    m_leaving->setList(m_content.unsubscribe);
}

void ReaderPane::clearExtras()
{
    m_attachments->setAttachments(m_row.id, {});
    m_invite->clear();
    m_leaving->clear();
}

void ReaderPane::buildFindBar()
{
    m_listBanner->setObjectName(QStringLiteral("listBanner"));
    connect(m_leaving, &ListLeaving::openRequested, this, &ReaderPane::linkActivated);
    connect(m_findBar, &FindBar::findRequested, m_body, &ReaderBody::find);
    connect(m_findBar, &FindBar::closed, this, &ReaderPane::focusText);
    connect(m_body, &ReaderBody::found, m_findBar, &FindBar::setResult);
}

/** Whoever comes back to a message goes on reading where it was left. */
void ReaderPane::keepPosition()
{
    if (m_state == State::Showing)
        m_positions.keep(m_row.id, m_body->position());
}

bool ReaderPane::pageDown()
{
    if (m_state != State::Showing)
        return m_state == State::Loading; // do not run past a message that has not come yet
    return m_body->pageDown();
}

void ReaderPane::setZoomPercent(int percent)
{
    m_zoomPercent = qBound(50, percent, 300);
    m_body->setZoom(m_zoomPercent / 100.0);
}

void ReaderPane::changeZoom(int steps)
{
    setZoomPercent(steps == 0 ? 100 : m_zoomPercent + 10 * steps);
}

void ReaderPane::copy()
{
    m_body->copy();
}

void ReaderPane::selectAll()
{
    m_body->selectAll();
}

void ReaderPane::focusText()
{
    if (m_state == State::Showing)
        m_body->focusText();
    else
        setFocus(Qt::OtherFocusReason); // until the text is there
}

QString ReaderPane::selectedText() const
{
    return m_state == State::Showing ? m_body->selectedText() : QString();
}

PlainTextView &ReaderPane::plainView()
{
    return m_body->plainView();
}

HtmlView *ReaderPane::htmlView() const
{
    return m_body->htmlView();
}

} // namespace kittiwake::ui
