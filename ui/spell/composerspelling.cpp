// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/spell/composerspelling.h"

#include "ui/composer/composertext.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/richeditor.h"
#include "ui/mainwindow/windowsettings.h"
#include "ui/spell/editorspelling.h"
#include "ui/spell/spelling.h"

#include <QMenu>

namespace kittiwake::ui
{

ComposerSpelling::ComposerSpelling(ComposerText &text, Spelling &spelling, WindowSettings &settings, QWidget *parent)
    : QObject(parent), m_spelling(spelling), m_settings(settings), m_menu(new QMenu(tr("Check spelling"), parent)),
      m_editors{new EditorSpelling(spelledEditor(text.plain()), spelling, this),
                new EditorSpelling(spelledEditor(text.rich()), spelling, this)}
{
    m_menu->setObjectName(QStringLiteral("spellingMenu"));
    for (EditorSpelling *editor : m_editors) {
        editor->setMenuTail([this](QMenu &menu) { menu.addMenu(m_menu); });
        connect(editor, &EditorSpelling::ignored, this, [this](const QString &word) {
            m_ignored.insert(word);
            for (EditorSpelling *one : m_editors)
                one->setIgnored(m_ignored);
        });
    }
    connect(&m_spelling, &Spelling::failed, this, &ComposerSpelling::failed);
    connect(&m_spelling, &Spelling::ready, this, &ComposerSpelling::guess);
    connect(m_menu, &QMenu::aboutToShow, this, &ComposerSpelling::fillMenu);
    guess();
}

void ComposerSpelling::setAccount(AccountId account)
{
    m_account = account;
    guess();
}

void ComposerSpelling::guess()
{
    if (m_isChosen || !m_spelling.isReady())
        return;
    const auto known = m_settings.spellLanguages(m_account);
    setLanguages(known ? m_spelling.available(*known) : m_spelling.usualLanguages());
}

void ComposerSpelling::setLanguages(const QStringList &languages)
{
    m_languages = languages;
    for (EditorSpelling *editor : m_editors)
        editor->setLanguages(languages);
}

void ComposerSpelling::fillMenu()
{
    m_menu->clear();
    for (const SpellLanguage &language : m_spelling.languages()) {
        QAction *action = m_menu->addAction(language.title);
        action->setObjectName(language.name);
        action->setCheckable(true);
        action->setChecked(m_languages.contains(language.name));
        connect(action, &QAction::triggered, this, [this, name = language.name](bool on) { toggle(name, on); });
    }
    if (m_spelling.languages().empty()) {
        QAction *none = m_menu->addAction(tr("No dictionaries are installed"));
        none->setToolTip(tr("Install Hunspell dictionaries for your languages with your system's packages."));
        none->setEnabled(false);
    }
}

void ComposerSpelling::toggle(const QString &language, bool on)
{
    QStringList languages = m_languages;
    languages.removeAll(language);
    if (on)
        languages.append(language);
    m_isChosen = true;
    m_settings.setSpellLanguages(m_account, languages);
    setLanguages(languages);
}

} // namespace kittiwake::ui
