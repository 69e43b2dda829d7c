// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/mainwindow/windowsettings.h"
#include "ui/models/mailsource.h"

#include <QDialog>

class QListWidget;
class QPushButton;

namespace kittiwake::ui
{

/** Accounts and looks. What is chosen holds at once; there is nothing to apply. */
class SettingsDialog final : public QDialog
{
    Q_OBJECT

public:
    SettingsDialog(MailSource &source, const WindowSettings &settings, QWidget *parent = nullptr);

Q_SIGNALS:
    void addAccountRequested();
    void passwordRequested(kittiwake::AccountId account);
    void identitiesRequested(kittiwake::AccountId account);
    void schemeChosen(kittiwake::ui::theme::Scheme scheme);
    void layoutChosen(kittiwake::ui::LayoutChoice layout);
    void readDelayChosen(int milliseconds); ///< as WindowSettings::readDelay()
    void undoChosen(int seconds); ///< as WindowSettings::undoSeconds()
    void richChosen(bool on); ///< as WindowSettings::isComposerRich()

private:
    QWidget *buildAccounts();
    QWidget *buildLooks(const WindowSettings &settings);
    QWidget *buildReading(const WindowSettings &settings);
    QWidget *buildWriting(const WindowSettings &settings);
    void fillAccounts();
    void updateButtons();
    [[nodiscard]] AccountId selectedAccount() const;
    void confirmRemoval();

    MailSource &m_source;
    QListWidget *m_accounts;
    QPushButton *m_password;
    QPushButton *m_identities;
    QPushButton *m_remove;
};

} // namespace kittiwake::ui
