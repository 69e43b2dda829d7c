// SPDX-License-Identifier: GPL-3.0-or-later
// Templates, and drafts of which two devices have written versions.
#include "ui/composer/composertext.h"
#include "ui/composer/composerwindow.h"
#include "ui/composer/draftkeeper.h"
#include "ui/composer/outgoingbar.h"
#include "ui/widgets/banner.h"

namespace kittiwake::ui
{

void ComposerWindow::showNote(const QString &sentence)
{
    m_trouble->showMessage(theme::Tone::Info, sentence, tr("Close"));
}

void ComposerWindow::saveAsTemplate()
{
    if (m_isSending || m_isOver)
        return;
    if (m_files->isBusy()) {
        connect(m_files, &OutgoingBar::ready, this, &ComposerWindow::saveAsTemplate, Qt::SingleShotConnection);
        return;
    }
    if (isTemplate()) {
        close(); // keeps it, and comes back where that fails
        return;
    }
    Writing copy = writing();
    copy.draft = m_backend.newDraft();
    copy.context.kind = engine::DraftContext::Kind::Template;
    // It answers nobody.
    copy.context.origins.clear();
    copy.composition.inReplyTo.clear();
    copy.composition.references.clear();
    const mail::DraftId id = copy.draft;
    m_backend.saveDraft(draftOf(copy)).then(this, [this, id](const Result<engine::DraftState> &saved) {
        if (!saved) {
            showTrouble(saved.error().userText);
            return;
        }
        m_backend.closeDraft(id);
        showNote(tr("It is kept as a template, in the folder Templates. You go on writing a message of its own."));
    });
}

void ComposerWindow::setRival(ComposerWindow *rival)
{
    m_rival = rival;
    if (rival != nullptr)
        connect(rival, &QObject::destroyed, this, [this] { updateVersions(); });
    updateVersions();
}

/** Both are kept until somebody chooses. */
void ComposerWindow::updateVersions()
{
    if (m_isOver)
        return;
    if (m_rival != nullptr && !m_rival->m_isOver) {
        m_versions->showMessage(
            theme::Tone::Warning,
            tr("There are two versions of this draft, from two devices. Which one do you go on with?"),
            tr("Keep this one"));
        return;
    }
    const engine::DraftState &state = m_keeper->state();
    if (state.isConflict && state.otherUid.isValid())
        m_versions->showMessage(theme::Tone::Warning,
                                tr("This draft was also changed on another device. Both versions are kept."),
                                tr("Show the other one"));
    else
        m_versions->setVisible(false);
}

void ComposerWindow::keepThisVersion()
{
    ComposerWindow *other = m_rival;
    m_rival = nullptr;
    if (other != nullptr) {
        other->m_rival = nullptr;
        other->m_changed = false; // chosen, and not thrown away by mistake
        other->discard();
    }
    updateVersions();
}

} // namespace kittiwake::ui
