// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <QObject>
#include <QSet>
#include <QStringList>

#include <array>

class QAction;
class QMenu;
class QWidget;

namespace kittiwake::ui
{

class ComposerText;
class EditorSpelling;
class Spelling;
class WindowSettings;

/** In which languages one composer is checked, and its menu for that. What is chosen holds for the account's next one.
 */
class ComposerSpelling final : public QObject
{
    Q_OBJECT

public:
    /** All must live longer; text is of the window parent. */
    ComposerSpelling(ComposerText &text, Spelling &spelling, WindowSettings &settings, QWidget *parent);

    /** Who writes; while nothing was chosen in this window, that account's languages are taken. */
    void setAccount(AccountId account);
    void setLanguages(const QStringList &languages);
    [[nodiscard]] const QStringList &languages() const { return m_languages; }
    [[nodiscard]] QMenu *menu() const { return m_menu; }
    [[nodiscard]] EditorSpelling &plain() { return *m_editors[0]; }
    [[nodiscard]] EditorSpelling &rich() { return *m_editors[1]; }

Q_SIGNALS:
    /** A sentence about a word that could not be kept. */
    void failed(const QString &sentence);

private:
    void guess();
    void fillMenu();
    void toggle(const QString &language, bool on);

    Spelling &m_spelling;
    WindowSettings &m_settings;
    QMenu *m_menu;
    std::array<EditorSpelling *, 2> m_editors;
    AccountId m_account;
    QStringList m_languages;
    QSet<QString> m_ignored;
    bool m_isChosen = false; ///< in this window
};

} // namespace kittiwake::ui
