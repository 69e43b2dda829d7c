// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/panelayout.h"

#include <QHBoxLayout>
#include <QSplitter>

namespace kittiwake::ui
{

PaneLayout::PaneLayout(QWidget *folders, QWidget *messages, QWidget *reader, WindowSettings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_folders(folders), m_messages(messages), m_reader(reader),
      m_outer(new QSplitter(Qt::Horizontal, this)), m_inner(new QSplitter(Qt::Horizontal, this))
{
    m_inner->addWidget(messages);
    m_inner->addWidget(reader);
    m_outer->addWidget(folders);
    m_outer->addWidget(m_inner);
    for (QSplitter *splitter : {m_outer, m_inner}) {
        splitter->setHandleWidth(1);
        splitter->setChildrenCollapsible(false);
        splitter->setStretchFactor(0, 0);
        splitter->setStretchFactor(1, 1);
    }
    folders->setMinimumWidth(150);
    messages->setMinimumSize(220, 120);
    reader->setMinimumSize(280, 160);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_outer);
}

PaneLayout::Mode PaneLayout::wantedMode() const
{
    switch (m_choice) {
    case LayoutChoice::Wide:
        return Mode::Wide;
    case LayoutChoice::Classic:
        return Mode::Classic;
    case LayoutChoice::Compact:
        return Mode::Compact;
    case LayoutChoice::Automatic:
        break;
    }
    if (width() >= wideFrom)
        return Mode::Wide;
    return width() >= compactBelow ? Mode::Classic : Mode::Compact;
}

void PaneLayout::setChoice(LayoutChoice choice)
{
    m_choice = choice;
    setMode(wantedMode());
}

void PaneLayout::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    setMode(wantedMode());
}

void PaneLayout::setMode(Mode mode)
{
    if (m_started && mode == m_mode)
        return;
    save();
    m_started = true;
    m_mode = mode;
    m_inner->setOrientation(mode == Mode::Classic ? Qt::Vertical : Qt::Horizontal);
    showPanes();
    restore();
    Q_EMIT modeChanged();
}

void PaneLayout::showPanes()
{
    const bool all = m_mode != Mode::Compact;
    m_folders->setVisible(all || m_pane == Pane::Folders);
    m_messages->setVisible(all || m_pane == Pane::Messages);
    m_reader->setVisible(all || m_pane == Pane::Reader);
    m_inner->setVisible(all || m_pane != Pane::Folders);
}

void PaneLayout::save()
{
    if (!m_started || m_mode == Mode::Compact)
        return;
    const bool wide = m_mode == Mode::Wide;
    m_settings.setSplitter(wide ? QStringLiteral("wideFolders") : QStringLiteral("classicFolders"),
                           m_outer->saveState());
    m_settings.setSplitter(wide ? QStringLiteral("wideReader") : QStringLiteral("classicReader"), m_inner->saveState());
}

void PaneLayout::restore()
{
    if (m_mode == Mode::Compact)
        return;
    const bool wide = m_mode == Mode::Wide;
    const int character = fontMetrics().averageCharWidth();
    const int folders = qBound(180, 28 * character, 260);
    const int list = qBound(320, 50 * character, 440);
    const QByteArray outer
        = m_settings.splitter(wide ? QStringLiteral("wideFolders") : QStringLiteral("classicFolders"));
    if (outer.isEmpty() || !m_outer->restoreState(outer))
        m_outer->setSizes({folders, qMax(1, width() - folders)});
    const QByteArray inner = m_settings.splitter(wide ? QStringLiteral("wideReader") : QStringLiteral("classicReader"));
    if (inner.isEmpty() || !m_inner->restoreState(inner)) {
        if (wide)
            m_inner->setSizes({list, qMax(1, width() - folders - list)});
        else
            m_inner->setSizes({height() * 2 / 5, height() * 3 / 5});
    }
    // The orientation is part of the saved state; a file that was changed by hand must not turn the panes round.
    m_inner->setOrientation(wide ? Qt::Horizontal : Qt::Vertical);
    m_outer->setOrientation(Qt::Horizontal);
    for (QSplitter *splitter : {m_outer, m_inner}) {
        splitter->setHandleWidth(1);
        splitter->setChildrenCollapsible(false);
    }
}

void PaneLayout::showPane(Pane pane)
{
    if (pane == m_pane)
        return;
    m_pane = pane;
    showPanes();
    Q_EMIT paneChanged();
}

bool PaneLayout::goBack()
{
    if (m_mode != Mode::Compact || m_pane == Pane::Folders)
        return false;
    showPane(m_pane == Pane::Reader ? Pane::Messages : Pane::Folders);
    return true;
}

} // namespace kittiwake::ui
