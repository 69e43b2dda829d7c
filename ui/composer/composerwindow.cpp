// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/composerwindow.h"

#include "ui/composer/composertext.h"
#include "ui/composer/draftkeeper.h"
#include "ui/composer/offered.h"
#include "ui/composer/outgoingbar.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/quotestrip.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/composer/richeditor.h"
#include "ui/composer/signature.h"
#include "ui/reader/links.h"
#include "ui/spell/composerspelling.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/inworker.h"
#include "ui/widgets/safetext.h"

#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QRandomGenerator>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

void askWithDialog(QWidget *parent, bool pictures, const std::function<void(const QStringList &)> &answer)
{
    auto *dialog = new QFileDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    if (pictures)
        dialog->setNameFilter(ComposerWindow::tr("Pictures (*.png *.jpg *.jpeg *.gif *.webp)"));
    QObject::connect(dialog, &QFileDialog::filesSelected, parent, answer);
    dialog->open();
}

/** Content ids of different messages must not be the same (RFC 2392 section 2). */
QByteArray newContentId()
{
    return QByteArray::number(QRandomGenerator::system()->generate64(), 16) + "@kittiwake.invalid";
}

} // namespace

ComposerWindow::ComposerWindow(ComposerBackend &backend, WindowSettings &settings, const Writing &writing,
                               QWidget *parent)
    : QWidget(parent, Qt::Window), m_backend(backend), m_settings(settings),
      m_draft(writing.draft.isValid() ? writing.draft : backend.newDraft()), m_chooseFiles(askWithDialog)
{
    build();
    m_keeper = new DraftKeeper(
        backend, m_draft, [this] { return draftOf(this->writing()); }, this);
    connect(m_keeper, &DraftKeeper::changed, this, &ComposerWindow::updateState);
    connect(m_recipients, &RecipientRows::changed, this, &ComposerWindow::handleChange);
    connect(m_recipients, &RecipientRows::suggestionsWanted, this, [this](RecipientField *field, const QString &typed) {
        m_backend.suggestPeople(typed).then(field, [field, typed](const Result<mail::AddressList> &people) {
            if (people)
                field->setSuggestions(typed, *people);
        });
    });
    connect(m_subject, &QLineEdit::textEdited, this, &ComposerWindow::handleChange);
    connect(m_text, &ComposerText::changed, this, &ComposerWindow::handleChange);
    connect(m_text, &ComposerText::filesOffered, m_files, &OutgoingBar::addFiles);
    connect(m_text, &ComposerText::pictureOffered, this, &ComposerWindow::takePicture);
    connect(m_files, &OutgoingBar::changed, this, [this](bool byPerson) {
        fitHead();
        if (byPerson)
            handleChange();
        else if (m_keeper->wasSaved())
            m_keeper->touch();
    });
    connect(m_files, &OutgoingBar::refused, this, &ComposerWindow::showTrouble);
    connect(m_from, &QComboBox::activated, this, &ComposerWindow::chooseIdentity);
    connect(m_trouble, &Banner::actionTriggered, m_trouble, &QWidget::hide);
    connect(m_versions, &Banner::actionTriggered, this, [this] {
        if (m_rival != nullptr)
            keepThisVersion();
        else
            Q_EMIT otherVersionWanted(m_keeper->state().otherMailbox, m_keeper->state().otherUid);
    });
    connect(m_question, &Banner::actionTriggered, this, [this] { answerQuestion(true); });
    connect(m_question, &Banner::secondActionTriggered, this, [this] { answerQuestion(false); });
    connect(&m_backend, &ComposerBackend::identitiesChanged, this, &ComposerWindow::fillIdentities);
    load(writing);
    if (!restoreGeometry(m_settings.composerGeometry()))
        resize(800, 640);
}

ComposerWindow::~ComposerWindow() = default;

void ComposerWindow::setSpelling(Spelling &spelling)
{
    m_spelling = new ComposerSpelling(*m_text, spelling, m_settings, this);
    if (const WriterIdentity *who = identity())
        m_spelling->setAccount(who->account);
    connect(m_spelling, &ComposerSpelling::failed, this, &ComposerWindow::showTrouble);
    m_menu->insertMenu(m_menu->actions().value(m_menu->actions().indexOf(m_deliveryReport) + 1), m_spelling->menu());
}

void ComposerWindow::load(const Writing &writing)
{
    m_loading = true;
    m_loaded = writing;
    m_loaded.draft = m_draft;
    fillIdentities();
    const auto isMeant = [&writing](const WriterIdentity &one) {
        if (!writing.context.identity.isEmpty())
            return one.account == writing.context.account && one.key == writing.context.identity;
        return !writing.composition.from.address.isEmpty()
            && one.from.address.compare(writing.composition.from.address, Qt::CaseInsensitive) == 0;
    };
    auto meant = std::find_if(m_identities.begin(), m_identities.end(), isMeant);
    if (meant == m_identities.end())
        meant = std::find_if(m_identities.begin(), m_identities.end(),
                             [&writing](const WriterIdentity &one) { return one.account == writing.context.account; });
    if (meant == m_identities.end())
        meant = m_identities.begin();
    m_from->setCurrentIndex(m_identities.empty() ? -1 : static_cast<int>(meant - m_identities.begin()));
    if (const WriterIdentity *who = identity()) {
        m_files->setLimit(who->sizeLimit);
        m_signature = signatureOf(*who);
    }

    if (isTemplate()) {
        m_sendButton->setText(tr("Save template"));
        m_sendButton->setToolTip(tr("Keeps the template and closes it"));
        m_laterButton->setVisible(false);
        m_saveTemplate->setVisible(false);
    }
    m_recipients->setRecipients(writing.composition);
    m_subject->setText(writing.composition.subject);
    m_text->setWriting(writing);
    m_rich->setChecked(m_text->isRich());
    m_fixedPitch->setChecked(m_settings.hasComposerFixedPitch());
    m_text->plain().setFixedPitch(m_fixedPitch->isChecked());
    std::vector<mime::OutgoingPart> files;
    for (const mime::OutgoingPart &part : writing.composition.attachments) {
        const auto *file = std::get_if<mime::OutgoingFile>(&part);
        if (file == nullptr || !file->isInline() || !writing.context.isRich)
            files.push_back(part);
    }
    m_files->setParts(files);
    for (QAction *action : m_priorities->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(writing.composition.priority));
    m_receipt->setChecked(writing.composition.wantsReceipt);
    m_deliveryReport->setChecked(writing.context.wantsDeliveryReport);
    m_keeper->setState(writing.state);
    updateTitle();
    fitHead();
    m_loading = false;
}

Writing ComposerWindow::writing() const
{
    Writing result = m_loaded;
    mime::Composition &mail = result.composition;
    if (const WriterIdentity *who = identity()) {
        result.context.account = who->account;
        result.context.identity = who->key;
        mail.from = who->from;
    }
    m_recipients->takeRecipients(mail);
    mail.subject = m_subject->text();
    mail.attachments = m_files->parts();
    m_text->takeInto(result);
    if (const QAction *priority = m_priorities->checkedAction())
        mail.priority = static_cast<mime::Composition::Priority>(priority->data().toInt());
    mail.wantsReceipt = m_receipt->isChecked();
    result.context.wantsDeliveryReport = m_deliveryReport->isChecked();
    result.state = m_keeper->state();
    return result;
}

const WriterIdentity *ComposerWindow::identity() const
{
    const int index = m_from->currentIndex();
    return index >= 0 && index < static_cast<int>(m_identities.size()) ? &m_identities[static_cast<std::size_t>(index)]
                                                                       : nullptr;
}

void ComposerWindow::chooseIdentity(int)
{
    if (const WriterIdentity *who = identity()) {
        m_files->setLimit(who->sizeLimit);
        const QString signature = signatureOf(*who);
        QuotedOriginal quote = m_text->quote().quote();
        if (m_text->isRich() && changeSignature(quote, m_signature, signature))
            m_text->quote().setQuote(quote);
        else
            changeSignature(m_text->isRich() ? *m_text->rich().document() : *m_text->plain().document(), m_signature,
                            signature);
        m_signature = signature;
        if (m_spelling != nullptr)
            m_spelling->setAccount(who->account);
    }
    handleChange();
}

void ComposerWindow::focusFirst()
{
    if (m_recipients->isEmpty())
        m_recipients->field(RecipientRows::Row::To).lineEdit()->setFocus();
    else if (m_subject->text().isEmpty())
        m_subject->setFocus();
    else
        m_text->focusText();
}

void ComposerWindow::handleChange()
{
    if (m_loading || m_isOver)
        return;
    m_changed = true;
    m_question->setVisible(false);
    m_keeper->touch();
    updateTitle();
}

void ComposerWindow::updateTitle()
{
    const QString subject = oneLine(m_subject->text(), 100);
    if (isTemplate()) {
        setWindowTitle(
            tr("Template: %1 – Kittiwake", "subject").arg(subject.isEmpty() ? tr("without subject") : subject));
        return;
    }
    setWindowTitle(tr("%1 – Kittiwake", "subject").arg(subject.isEmpty() ? tr("New message") : subject));
}

void ComposerWindow::updateState()
{
    const QString line = m_keeper->line(locale());
    const bool failed = m_keeper->error().has_value();
    QPalette colours = palette();
    if (failed)
        colours.setColor(QPalette::PlaceholderText, theme::toneMark(colours, theme::Tone::Error));
    m_state->setPalette(colours);
    m_state->setText(m_state->fontMetrics().elidedText(line, Qt::ElideRight, m_state->width()));
    m_state->setToolTip(line.toHtmlEscaped());
    m_state->setAccessibleName(line);
    QString symbol;
    if (failed)
        symbol = QStringLiteral("cloud-alert");
    else if (m_keeper->state().place == engine::DraftState::Place::Server)
        symbol = QStringLiteral("cloud-check");
    m_stateIcon->setPixmap(
        symbol.isEmpty() ? QPixmap() : icon(symbol, IconTint::Secondary).pixmap(theme::smallIcon, theme::smallIcon));
    m_stateIcon->setVisible(!symbol.isEmpty());
    updateVersions();
}

void ComposerWindow::showTrouble(const QString &sentence)
{
    m_trouble->showMessage(theme::Tone::Error, sentence, tr("Close"));
}

void ComposerWindow::attach()
{
    m_chooseFiles(this, false, [this](const QStringList &paths) { m_files->addFiles(paths); });
}

void ComposerWindow::attachPicture()
{
    m_chooseFiles(this, true, [this](const QStringList &paths) {
        for (const QString &path : paths.mid(0, 20)) {
            inWorker([path] { return QImage(path); }).then(this, [this](const QImage &picture) {
                if (picture.isNull())
                    showTrouble(tr("This file holds no picture that can be shown. Attach it instead."));
                else
                    takePicture(picture);
            });
        }
    });
}

/** Into the text where that can show it, else beside it. */
void ComposerWindow::takePicture(const QImage &picture)
{
    if (!m_text->isRich()) {
        m_files->addPicture(picture);
        return;
    }
    inWorker([picture, name = tr("Picture")] {
        return pictureFile(picture, name);
    }).then(this, [this](mime::OutgoingFile file) {
        file.contentId = newContentId();
        m_text->insertPicture(file);
    });
}

void ComposerWindow::askForLink()
{
    auto *dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("linkDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Link"));
    dialog->setLabelText(tr("Where does it lead? Empty: no link."));
    dialog->setTextValue(m_text->rich().linkAtCursor());
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &typed) {
        QString address = typed.trimmed();
        const bool isMail = address.contains(u'@') && !address.contains(u'/') && !address.contains(u':');
        if (!address.isEmpty() && !address.contains(QLatin1String(":")))
            address.prepend(isMail ? QLatin1String("mailto:") : QLatin1String("https://"));
        if (address.isEmpty() || mayOpen(QUrl(address, QUrl::StrictMode)))
            m_text->rich().setLink(address);
        else
            showTrouble(tr("A link in a message leads to a web page or to a mail address. This one would not be opened "
                           "by anybody."));
        m_text->focusText();
    });
    dialog->open();
}

void ComposerWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!offeredFiles(*event->mimeData()).isEmpty() || event->mimeData()->hasImage())
        event->acceptProposedAction();
}

void ComposerWindow::dropEvent(QDropEvent *event)
{
    const QStringList files = offeredFiles(*event->mimeData());
    if (!files.isEmpty())
        m_files->addFiles(files);
    else if (const QImage picture = offeredPicture(*event->mimeData()); !picture.isNull())
        takePicture(picture);
    event->acceptProposedAction();
}

} // namespace kittiwake::ui
