// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composerwindow.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QPushButton;

namespace kittiwake::ui
{

class Banner;
class RecipientRows;

/**
 * Asks who is to get a message that somebody else wrote, and sends it to them as it is (RFC 5322 section 3.6.6).
 * Nothing is kept before it is sent: the message stays where it is. Deletes itself when it is closed.
 */
class RedirectWindow final : public QWidget
{
    Q_OBJECT

public:
    /**
     * redirect: its context says so, subject and otherwise the recipients are taken; the message itself is its only
     * attachment, or follows by setOriginal(). about: whose message it is, for the window. Both references must live
     * longer.
     */
    RedirectWindow(ComposerBackend &backend, WindowSettings &settings, const Writing &redirect, const QString &about,
                   QWidget *parent = nullptr);
    ~RedirectWindow() override;

    /** As the server has it. */
    void setOriginal(const QByteArray &bytes);
    /** It could not be fetched, or was refused: a sentence. */
    void showTrouble(const QString &sentence);
    void send();

    [[nodiscard]] const mail::DraftId &draft() const { return m_writing.draft; }
    [[nodiscard]] RecipientRows &recipients() { return *m_recipients; }

Q_SIGNALS:
    void sent(const kittiwake::ui::SentMessage &message);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void build(const QString &about);
    void fillIdentities();
    void updateState();
    void setBusy(bool busy);
    void hasFailed(const QString &sentence);
    void handleSaved(const Result<engine::DraftState> &state);

    ComposerBackend &m_backend;
    WindowSettings &m_settings;
    Writing m_writing;
    std::vector<WriterIdentity> m_identities;
    RecipientRows *m_recipients = nullptr;
    QComboBox *m_from = nullptr;
    QWidget *m_fromRow = nullptr;
    QLabel *m_state = nullptr;
    QPushButton *m_send = nullptr;
    Banner *m_trouble = nullptr;
    bool m_isBusy = false;
    bool m_isSaved = false; ///< it is in the journal, and goes from there where it is not sent
};

} // namespace kittiwake::ui
