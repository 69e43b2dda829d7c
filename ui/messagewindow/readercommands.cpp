// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagewindow/readercommands.h"

#include "ui/messagelist/datetext.h"
#include "ui/messagewindow/readercontext.h"
#include "ui/messagewindow/readerwindow.h"
#include "ui/print/printpreview.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/links.h"
#include "ui/reader/readerpane.h"
#include "ui/reader/sourcewindow.h"
#include "ui/widgets/safetext.h"

namespace kittiwake::ui
{

ReaderCommands::ReaderCommands(MailSource &source, ReaderPane &reader, ReaderContext &context, QObject *parent)
    : QObject(parent), m_source(source), m_reader(reader), m_context(context)
{
    AttachmentBar &files = m_reader.attachments();
    files.opener().setOpenedFiles(&context.files);
    files.setDragStarter([this](QWidget *from, const QString &path) {
        if (m_context.startDrag)
            m_context.startDrag(from, path);
    });
    connect(&files, &AttachmentBar::messageOpened, this, &ReaderCommands::openAttached);
}

void ReaderCommands::openInWindow()
{
    if (!m_reader.message().isValid())
        return;
    auto *window = new ReaderWindow(m_source, m_reader.row(), m_context, m_reader.window());
    window->reader().setNow(m_reader.now());
    window->reader().setAccountFinder(m_reader.accountFinder());
    window->show();
}

void ReaderCommands::openAttached(const SharedMessage &message)
{
    auto source = std::make_unique<LocalSource>(message, &m_source);
    auto *window = new ReaderWindow(std::move(source), m_context, m_reader.window());
    window->reader().setNow(m_reader.now());
    window->show();
}

void ReaderCommands::showSource()
{
    openSource(false);
}

void ReaderCommands::showHeaders()
{
    openSource(true);
}

void ReaderCommands::openSource(bool headers)
{
    if (!m_reader.message().isValid())
        return;
    auto *window
        = new SourceWindow(m_source, m_reader.message(), oneLine(m_reader.row().header.subject, 100),
                           headers ? SourceWindow::Show::Headers : SourceWindow::Show::Everything, m_reader.window());
    window->show();
}

void ReaderCommands::answer(Answer how)
{
    if (m_context.composers == nullptr || m_reader.state() != ReaderPane::State::Showing)
        return;
    ReadMessage message;
    message.row = m_reader.row();
    message.content = m_reader.content();
    message.selection = m_reader.selectedText();
    message.account = m_reader.accountFinder() ? m_reader.accountFinder()(message.row.mailbox) : AccountId();
    message.date = fullDate(message.row.header.date, m_reader.locale());
    m_context.composers->answer(m_source, message, how);
}

void ReaderCommands::followLink(const QUrl &target)
{
    const bool isMail = target.scheme() == QLatin1String("mailto");
    if (!isMail || m_context.composers == nullptr || !m_context.composers->openMailto(target.toEncoded()))
        openLink(target);
}

void ReaderCommands::print()
{
    openPreview(false);
}

void ReaderCommands::savePdf()
{
    openPreview(true);
}

void ReaderCommands::openPreview(bool saveAtOnce)
{
    if (m_reader.state() != ReaderPane::State::Showing)
        return;
    auto *preview
        = new PrintPreview({m_reader.row().header, m_reader.content(), m_reader.pictures()}, m_reader.window());
    if (saveAtOnce)
        connect(preview, &PrintPreview::ready, preview, &PrintPreview::savePdf, Qt::SingleShotConnection);
    preview->show();
}

void ReaderCommands::zoom(int steps)
{
    m_reader.changeZoom(steps);
    m_context.settings.setZoomPercent(m_reader.zoomPercent());
}

} // namespace kittiwake::ui
