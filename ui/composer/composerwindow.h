// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composerbackend.h"
#include "ui/composer/writing.h"
#include "ui/mainwindow/windowsettings.h"

#include <QPointer>
#include <QWidget>

#include <functional>
#include <set>

class QAction;
class QActionGroup;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace kittiwake::ui
{

class Banner;
class ComposerSpelling;
class ComposerText;
class DraftKeeper;
class OutgoingBar;
class RecipientRows;
class Spelling;

/** A message on its way out, for whoever offers to take it back. */
struct SentMessage {
    OperationId operation; ///< in the outbox
    QString subject;
    int undoSeconds = 0;
    std::int64_t notBefore = 0; ///< milliseconds since 1970 UTC; 0: at once
};

/**
 * The window in which a message is written. It asks nothing on closing, because what was written is kept as a draft;
 * questions before sending are banners above the text. It reads no file and waits for nothing in the UI thread. Deletes
 * itself when it is closed and nothing is left to save.
 */
class ComposerWindow final : public QWidget
{
    Q_OBJECT

public:
    /** Both must live longer. */
    ComposerWindow(ComposerBackend &backend, WindowSettings &settings, const Writing &writing,
                   QWidget *parent = nullptr);
    ~ComposerWindow() override;

    /** All that was written, as it is now. */
    [[nodiscard]] Writing writing() const;
    [[nodiscard]] const mail::DraftId &draft() const { return m_draft; }
    /** The keyboard where it is wanted first: the recipient, the subject, or the text. */
    void focusFirst();
    void send();
    void discard();
    /** Milliseconds since 1970 UTC. */
    void sendAt(std::int64_t time);
    /** What is written becomes a template as well; a template that is edited is kept and closed. */
    void saveAsTemplate();
    [[nodiscard]] bool isTemplate() const { return m_loaded.context.kind == engine::DraftContext::Kind::Template; }
    /** Another version of the same draft is open in that window; none: no more. */
    void setRival(ComposerWindow *rival);
    /** Of two versions this one stays: the other one is thrown away. */
    void keepThisVersion();
    /** A sentence about a message that came back from the server, until it is sent again. */
    void showTrouble(const QString &sentence);

    [[nodiscard]] RecipientRows &recipients() { return *m_recipients; }
    [[nodiscard]] QLineEdit *subjectEdit() const { return m_subject; }
    [[nodiscard]] ComposerText &text() { return *m_text; }
    [[nodiscard]] OutgoingBar &files() { return *m_files; }
    [[nodiscard]] DraftKeeper &keeper() { return *m_keeper; }
    /** Words are checked from now on; spelling must live longer. */
    void setSpelling(Spelling &spelling);
    [[nodiscard]] ComposerSpelling *spelling() { return m_spelling; }
    [[nodiscard]] Banner &questionBanner() { return *m_question; }
    [[nodiscard]] Banner &versionsBanner() { return *m_versions; }

    /** Asks for files, or for a picture; calls back with paths or not at all. */
    using FileChooser = std::function<void(QWidget *parent, bool pictures, std::function<void(const QStringList &)>)>;
    void setFileChooser(FileChooser chooser) { m_chooseFiles = std::move(chooser); }

Q_SIGNALS:
    /** The person wants to see what another device has made of this draft. */
    void otherVersionWanted(kittiwake::MailboxId mailbox, kittiwake::Uid uid);
    void sent(const kittiwake::ui::SentMessage &message);
    /** It was thrown away; this is what it was. */
    void discarded(const kittiwake::ui::Writing &writing);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class Question { NoSubject, NoAttachment, ManySeeEachOther, TooLarge };

    // composerlayout.cpp
    void build();
    QWidget *buildBar();
    QWidget *buildHead();
    QAction *add(const char *name, const QString &title, const QString &iconName, const QList<QKeySequence> &keys,
                 const std::function<void()> &run);
    QToolButton *barButton(QAction *action);
    void buildActions();
    void buildMenu();
    void fitHead();
    void fillIdentities();

    // composerwindow.cpp
    void load(const Writing &writing);
    void handleChange();
    void updateTitle();
    void updateState();
    void chooseIdentity(int index);
    [[nodiscard]] const WriterIdentity *identity() const;
    void attach();
    void attachPicture();
    void askForLink();
    void takePicture(const QImage &picture);

    // composerversions.cpp
    void updateVersions();
    void showNote(const QString &sentence);

    // composersending.cpp
    void sendNow(std::int64_t notBefore);
    [[nodiscard]] bool mayBeSent();
    bool ask(Question question, const QString &text, const QString &go, const QString &other);
    void answerQuestion(bool go);
    void handleSent(const Result<engine::SendReport> &report, std::int64_t notBefore);
    void finishClosing(const Result<void> &saved);
    void setBusy(bool busy);

    ComposerBackend &m_backend;
    WindowSettings &m_settings;
    mail::DraftId m_draft;
    Writing m_loaded; ///< what is carried along unseen: origins, References
    std::vector<WriterIdentity> m_identities;
    FileChooser m_chooseFiles;
    QString m_signature; ///< that of the identity, as it was put in

    RecipientRows *m_recipients = nullptr;
    QComboBox *m_from = nullptr;
    QWidget *m_fromRow = nullptr;
    QLineEdit *m_subject = nullptr;
    QLabel *m_subjectLabel = nullptr;
    QLabel *m_fromLabel = nullptr;
    QWidget *m_head = nullptr;
    QScrollArea *m_headArea = nullptr;
    ComposerText *m_text = nullptr;
    OutgoingBar *m_files = nullptr;
    QScrollArea *m_filesArea = nullptr;
    Banner *m_trouble = nullptr;
    Banner *m_question = nullptr;
    Banner *m_versions = nullptr;
    QPointer<ComposerWindow> m_rival;
    DraftKeeper *m_keeper = nullptr;
    QLabel *m_state = nullptr;
    QLabel *m_stateIcon = nullptr;
    QPushButton *m_sendButton = nullptr;
    QToolButton *m_laterButton = nullptr;
    QMenu *m_menu = nullptr;
    QActionGroup *m_priorities = nullptr;
    QAction *m_receipt = nullptr;
    QAction *m_deliveryReport = nullptr;
    QAction *m_rich = nullptr;
    QAction *m_fixedPitch = nullptr;
    QAction *m_saveTemplate = nullptr;
    ComposerSpelling *m_spelling = nullptr;
    std::vector<QAction *> m_barActions;

    std::set<Question> m_answered; ///< and not to be asked again for this message
    Question m_asked = Question::NoSubject;
    std::int64_t m_askedFor = 0; ///< when the message that was asked about is to go
    bool m_loading = false;
    bool m_changed = false; ///< by the person
    bool m_isSending = false;
    bool m_isOver = false; ///< sent or discarded: nothing is kept on closing
};

} // namespace kittiwake::ui
