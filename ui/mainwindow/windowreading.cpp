// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/mainwindow.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/messagewindow/readercommands.h"
#include "ui/reader/findbar.h"
#include "ui/reader/readerpane.h"

/** The part of MainWindow that is about the message in the reader. */
namespace kittiwake::ui
{

void MainWindow::connectReading()
{
    const WindowActions &a = *m_actions;
    m_reading = new ReaderCommands(m_source, *m_reader, m_context, this);
    connect(a.openInWindow, &QAction::triggered, m_reading, &ReaderCommands::openInWindow);
    connect(a.find, &QAction::triggered, this, [this] {
        m_panes->showPane(PaneLayout::Pane::Reader);
        m_reader->findBar().open();
    });
    connect(a.findNext, &QAction::triggered, this, [this] { m_reader->findBar().findNext(); });
    connect(a.findPrevious, &QAction::triggered, this, [this] { m_reader->findBar().findPrevious(); });
    connect(a.print, &QAction::triggered, m_reading, &ReaderCommands::print);
    connect(a.savePdf, &QAction::triggered, m_reading, &ReaderCommands::savePdf);
    connect(a.viewHeaders, &QAction::triggered, m_reading, &ReaderCommands::showHeaders);
    connect(a.viewSource, &QAction::triggered, m_reading, &ReaderCommands::showSource);
    connect(a.zoomIn, &QAction::triggered, m_reading, [this] { m_reading->zoom(1); });
    connect(a.zoomOut, &QAction::triggered, m_reading, [this] { m_reading->zoom(-1); });
    connect(a.zoomReset, &QAction::triggered, m_reading, [this] { m_reading->zoom(0); });
    connect(a.fullScreen, &QAction::triggered, this, &MainWindow::toggleFullScreen);
    connect(&m_messages->view(), &QAbstractItemView::doubleClicked, this, [this] {
        if (!openAsDraft())
            m_reading->openInWindow();
    });
}

/** Enter: a window of its own where the message is in sight already, else the reader. */
void MainWindow::openChosen()
{
    if (openAsDraft())
        return;
    if (m_panes->mode() != PaneLayout::Mode::Compact) {
        m_reading->openInWindow();
        return;
    }
    m_panes->showPane(PaneLayout::Pane::Reader);
    m_reader->focusText();
}

void MainWindow::toggleFullScreen()
{
    setWindowState(windowState() ^ Qt::WindowFullScreen);
}

} // namespace kittiwake::ui
