// SPDX-License-Identifier: GPL-3.0-or-later
// The buttons of the reader's card, and its menu.
#include "ui/reader/headercard.h"
#include "ui/reader/listleaving.h"
#include "ui/reader/readerbody.h"
#include "ui/reader/readerpane.h"
#include "ui/reader/remotecontent.h"
#include "ui/reader/textmenu.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>

namespace kittiwake::ui
{

void ReaderPane::buildButtons()
{
    m_menu->setObjectName(QStringLiteral("readerMenu"));
    m_plainAction = m_menu->addAction(tr("Show as plain text"));
    m_plainAction->setCheckable(true);
    connect(m_plainAction, &QAction::toggled, this, [this](bool on) {
        m_body->setPreferPlain(on);
        updateButtons();
    });
    m_menu->addAction(m_remote->alwaysAction());
    m_menu->addSeparator();
    m_textMenu = new TextMenu(*m_menu, *m_body, this);
    connect(m_textMenu, &TextMenu::charsetChosen, this, &ReaderPane::fetch);

    m_pageButton->setObjectName(QStringLiteral("pageColoursButton"));
    m_pageButton->setAutoRaise(true);
    m_pageButton->setIconSize({theme::smallIcon, theme::smallIcon});
    connect(m_pageButton, &QToolButton::clicked, this, [this] {
        m_body->setOwnColours(!m_body->hasOwnColours());
        updateButtons();
    });
    m_moreButton->setObjectName(QStringLiteral("readerMenuButton"));
    m_moreButton->setAutoRaise(true);
    m_moreButton->setIcon(icon(QStringLiteral("ellipsis")));
    m_moreButton->setIconSize({theme::smallIcon, theme::smallIcon});
    m_moreButton->setPopupMode(QToolButton::InstantPopup);
    m_moreButton->setMenu(m_menu);
    m_moreButton->setToolTip(tr("More about this message"));
    m_moreButton->setAccessibleName(tr("More about this message"));
    auto *leaveButton = new QToolButton(this);
    leaveButton->setObjectName(QStringLiteral("leaveListButton"));
    leaveButton->setAutoRaise(true);
    leaveButton->setDefaultAction(m_leaving->action());
    leaveButton->setIconSize({theme::smallIcon, theme::smallIcon});
    leaveButton->setVisible(false);
    connect(m_leaving->action(), &QAction::changed, leaveButton,
            [this, leaveButton] { leaveButton->setVisible(m_leaving->action()->isVisible()); });
    m_menu->addAction(m_leaving->action());
    m_card->buttons()->addWidget(leaveButton);
    m_card->buttons()->addWidget(m_pageButton);
    m_card->buttons()->addWidget(m_moreButton);
    updateButtons();
}

void ReaderPane::updateButtons()
{
    const bool hasHtml = m_state == State::Showing && m_body->hasHtml();
    const bool showsHtml = hasHtml && !m_body->prefersPlain();
    const bool ownColours = m_body->hasOwnColours();
    m_pageButton->setVisible(showsHtml && theme::isDark(palette()));
    m_pageButton->setIcon(icon(ownColours ? QStringLiteral("moon") : QStringLiteral("sun")));
    const QString hint
        = ownColours ? tr("Show this message in dark colours") : tr("Show this message in its own colours");
    m_pageButton->setToolTip(hint);
    m_pageButton->setAccessibleName(hint);
    m_plainAction->setEnabled(hasHtml);
    const QSignalBlocker quiet(m_plainAction);
    m_plainAction->setChecked(m_body->prefersPlain() || (m_state == State::Showing && !hasHtml));
}

} // namespace kittiwake::ui
