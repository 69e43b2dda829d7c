// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/mainwindow/windowsettings.h"

#include <QWidget>

class QSplitter;

namespace kittiwake::ui
{

/**
 * Arranges folders, messages and reader: beside each other (wide), the reader below the messages (classic), or one at a
 * time (compact). Nothing is moved to another parent, so the reader's page survives. Each arrangement remembers its
 * sizes.
 */
class PaneLayout final : public QWidget
{
    Q_OBJECT

public:
    enum class Mode { Wide, Classic, Compact };
    enum class Pane { Folders, Messages, Reader };

    PaneLayout(QWidget *folders, QWidget *messages, QWidget *reader, WindowSettings &settings,
               QWidget *parent = nullptr);

    void setChoice(LayoutChoice choice);
    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] Pane pane() const { return m_pane; }
    void showPane(Pane pane); ///< which one compact shows
    /** One step towards the folders; false where it is there already, or all are shown. */
    bool goBack();
    void save();

    static constexpr int wideFrom = 1200; ///< device-independent pixels
    static constexpr int compactBelow = 800;

Q_SIGNALS:
    void modeChanged();
    void paneChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] Mode wantedMode() const;
    void setMode(Mode mode);
    void showPanes();
    void restore();

    WindowSettings &m_settings;
    QWidget *m_folders;
    QWidget *m_messages;
    QWidget *m_reader;
    QSplitter *m_outer; ///< folders | the rest
    QSplitter *m_inner; ///< messages | reader, or one above the other
    LayoutChoice m_choice = LayoutChoice::Automatic;
    Mode m_mode = Mode::Wide;
    Pane m_pane = Pane::Messages;
    bool m_started = false;
};

} // namespace kittiwake::ui
