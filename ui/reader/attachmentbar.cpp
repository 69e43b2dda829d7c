// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/attachmentbar.h"

#include "ui/attachments/previewwindow.h"
#include "ui/reader/savefile.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QStandardPaths>

namespace kittiwake::ui
{

namespace
{

QString lastFolder(const QString &set = {})
{
    static QString folder; // of this run: paths are nothing to remember for longer
    if (!set.isEmpty())
        folder = set;
    if (folder.isEmpty() || !QDir(folder).exists())
        folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return folder;
}

void askWithDialog(QWidget *parent, const QString &suggestion, std::function<void(QString)> chosen)
{
    auto *dialog = new QFileDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setDirectory(lastFolder());
    if (suggestion.isEmpty()) {
        dialog->setWindowTitle(AttachmentBar::tr("Save all attachments in a folder"));
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
    } else {
        dialog->setWindowTitle(AttachmentBar::tr("Save attachment"));
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->selectFile(suggestion);
    }
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [chosen = std::move(chosen)](const QString &path) {
        const QFileInfo info(path);
        lastFolder(info.isDir() ? path : info.absolutePath());
        chosen(path);
    });
    dialog->open();
}

} // namespace

AttachmentBar::AttachmentBar(MailSource &source, QWidget *parent)
    : QWidget(parent), m_opener(new AttachmentOpener(source, this)), m_saveAll(new QPushButton(tr("Save all…"), this)),
      m_flow(new FlowLayout(theme::padding, this)), m_chooser(askWithDialog)
{
    m_flow->setContentsMargins(0, 0, 0, 0);
    m_saveAll->setObjectName(QStringLiteral("saveAllButton"));
    m_saveAll->setFlat(true);
    m_saveAll->setIcon(icon(QStringLiteral("folder-down")));
    connect(m_saveAll, &QPushButton::clicked, this, &AttachmentBar::saveAll);
    connect(m_opener, &AttachmentOpener::messageOpened, this, &AttachmentBar::messageOpened);
    connect(m_opener, &AttachmentOpener::unpacked, this, &AttachmentBar::showUnpacked);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void AttachmentBar::setAttachments(MessageId message, const std::vector<mime::Attachment> &attachments)
{
    m_message = message;
    m_opener->setMessage(message);
    for (AttachmentChip *chip : m_chips)
        delete chip;
    m_chips.clear();
    for (const mime::Attachment &attachment : attachments)
        addChip({attachment, nullptr}, m_chips.size());
    layOut();
}

std::vector<AttachedFile> AttachmentBar::files() const
{
    std::vector<AttachedFile> all;
    all.reserve(m_chips.size());
    for (const AttachmentChip *chip : m_chips)
        all.push_back(chip->file());
    return all;
}

void AttachmentBar::addChip(const AttachedFile &file, std::size_t at)
{
    auto *chip = new AttachmentChip(file, this);
    m_chips.insert(m_chips.begin() + static_cast<std::ptrdiff_t>(at), chip);
    connect(chip, &QAbstractButton::clicked, this, [this, chip] { open(chip); });
    connect(chip, &AttachmentChip::menuRequested, this,
            [this, chip](const QPoint &global) { menuOf(chip)->popup(global); });
    connect(chip, &AttachmentChip::dragRequested, this, [this, chip] { drag(chip); });
    chip->show();
}

void AttachmentBar::layOut()
{
    for (AttachmentChip *chip : m_chips)
        m_flow->removeWidget(chip);
    m_flow->removeWidget(m_saveAll);
    for (AttachmentChip *chip : m_chips)
        m_flow->addWidget(chip);
    // By keyboard as by eye: chip after chip, then "Save all".
    QWidget *before = m_saveAll;
    for (AttachmentChip *chip : m_chips) {
        setTabOrder(before, chip);
        before = chip;
    }
    if (!m_chips.empty())
        setTabOrder(before, m_saveAll);
    m_saveAll->setVisible(m_chips.size() > 1);
    if (m_chips.size() > 1)
        m_flow->addWidget(m_saveAll);
    setVisible(!m_chips.empty());
    updateGeometry();
}

QMenu *AttachmentBar::menuOf(AttachmentChip *chip)
{
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("attachmentMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QPointer<AttachmentChip> guard(chip);
    const auto add = [this, menu, guard](const QString &iconName, const QString &title,
                                         void (AttachmentBar::*run)(AttachmentChip *)) {
        return menu->addAction(icon(iconName), title, this, [this, guard, run] {
            if (guard)
                (this->*run)(guard);
        });
    };
    using Verdict = mime::OpenRule::Verdict;
    const Verdict verdict = chip->file().rule().verdict;
    if (previewKind(chip->file()) != PreviewKind::None)
        add(QStringLiteral("eye"), tr("Preview"), &AttachmentBar::preview);
    if (verdict == Verdict::Winmail)
        add(QStringLiteral("package-open"), tr("Show what is in it"), &AttachmentBar::openElsewhere);
    else if (verdict == Verdict::Message)
        add(QStringLiteral("app-window"), tr("Open"), &AttachmentBar::openElsewhere);
    else if (verdict == Verdict::Open)
        add(QStringLiteral("external-link"), tr("Open"), &AttachmentBar::openElsewhere);
    add(QStringLiteral("save"), tr("Save as…"),
        verdict == Verdict::Refuse ? &AttachmentBar::ask : &AttachmentBar::saveAs);
    if (m_chips.size() > 1) {
        menu->addSeparator();
        menu->addAction(icon(QStringLiteral("folder-down")), tr("Save all…"), this, &AttachmentBar::saveAll);
    }
    return menu;
}

void AttachmentBar::open(AttachmentChip *chip)
{
    if (chip->file().rule().verdict == mime::OpenRule::Verdict::Refuse)
        ask(chip);
    else if (previewKind(chip->file()) != PreviewKind::None)
        preview(chip);
    else
        openElsewhere(chip);
}

void AttachmentBar::preview(AttachmentChip *chip)
{
    auto *window = new PreviewWindow(*m_opener, chip->file(), this);
    const QPointer<AttachmentChip> guard(chip);
    connect(window, &PreviewWindow::openRequested, this, [this, guard] {
        if (guard)
            openElsewhere(guard);
    });
    connect(window, &PreviewWindow::saveRequested, this, [this, guard] {
        if (guard)
            saveAs(guard);
    });
    window->show();
}

void AttachmentBar::openElsewhere(AttachmentChip *chip)
{
    const QPointer<AttachmentChip> guard(chip);
    chip->setState(AttachmentChip::State::Opening);
    const auto progress = [guard](const engine::PartProgress &now) {
        if (guard)
            guard->setProgress(now);
    };
    m_opener->open(chip->file(), progress).then(this, [this, guard](const Result<void> &opened) {
        if (guard)
            guard->setState(opened ? AttachmentChip::State::Idle : AttachmentChip::State::Failed);
        if (!opened)
            Q_EMIT failed(opened.error().userText);
    });
}

/** What must not be opened may still be wanted: to be looked at by somebody who knows. */
void AttachmentBar::ask(AttachmentChip *chip)
{
    const AttachedFile &file = chip->file();
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Dangerous attachment"),
                                mime::openRuleText(file.rule(), isolated(file.attachment.fileName)),
                                QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("dangerousAttachment"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("Kittiwake does not open such files. Save it only if you expected it from this sender, "
                               "and know what it is for."));
    QPushButton *save = box->addButton(tr("Save…"), QMessageBox::AcceptRole);
    save->setObjectName(QStringLiteral("saveAnyway"));
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(save, &QPushButton::clicked, this, [this, guard = QPointer<AttachmentChip>(chip)] {
        if (guard)
            saveAs(guard);
    });
    box->open();
}

void AttachmentBar::drag(AttachmentChip *chip)
{
    // What must not be opened is not put where a program might: it is saved, after the question.
    if (!m_startDrag || chip->file().rule().verdict == mime::OpenRule::Verdict::Refuse)
        return;
    const QPointer<AttachmentChip> guard(chip);
    m_opener->place(chip->file()).then(this, [this, guard](const Result<QString> &path) {
        if (!path) {
            Q_EMIT failed(path.error().userText);
            return;
        }
        // Who has let go meanwhile drags nothing any more; the file is there when it is dragged again.
        if (guard && (QApplication::mouseButtons() & Qt::LeftButton))
            m_startDrag(guard, *path);
    });
}

void AttachmentBar::saveAs(AttachmentChip *chip)
{
    m_chooser(this, safeFileName(chip->attachment().fileName),
              [this, guard = QPointer<AttachmentChip>(chip)](const QString &path) {
                  if (guard)
                      save(guard, path);
              });
}

void AttachmentBar::save(AttachmentChip *chip, const QString &path)
{
    chip->setState(AttachmentChip::State::Saving);
    const QPointer<AttachmentChip> guard(chip);
    const auto progress = [guard](const engine::PartProgress &now) {
        if (guard)
            guard->setProgress(now);
    };
    m_opener->save(chip->file(), path, progress)
        .then(this,
              [this, guard](const Result<QString> &saved) {
                  if (guard)
                      guard->setState(saved ? AttachmentChip::State::Saved : AttachmentChip::State::Failed);
                  if (!saved)
                      Q_EMIT failed(saved.error().userText);
              })
        .onCanceled(this, [guard] {
            if (guard)
                guard->setState(AttachmentChip::State::Idle);
        });
}

void AttachmentBar::saveAll()
{
    const MessageId message = m_message;
    m_chooser(this, {}, [this, message](const QString &folder) {
        if (message != m_message)
            return; // another message is shown by now
        QStringList taken;
        for (AttachmentChip *chip : m_chips) {
            // Dangerous ones are saved one by one, each after its question.
            if (chip->file().rule().verdict == mime::OpenRule::Verdict::Refuse)
                continue;
            const SplitName name = splitName(safeFileName(chip->attachment().fileName));
            QString path = unusedPath(folder, name.stem + name.extension);
            for (int number = 2; taken.contains(path, Qt::CaseInsensitive); ++number)
                path = unusedPath(folder,
                                  QStringLiteral("%1 (%2)%3").arg(name.stem, QString::number(number), name.extension));
            taken.append(path);
            save(chip, path);
        }
    });
}

/** The files of a winmail.dat stand in its place. */
void AttachmentBar::showUnpacked(const QByteArray &section, const std::vector<AttachedFile> &files)
{
    const auto packed = std::find_if(m_chips.begin(), m_chips.end(), [&section](const AttachmentChip *chip) {
        return chip->attachment().section == section;
    });
    if (packed == m_chips.end())
        return; // another message is shown by now
    auto at = static_cast<std::size_t>(packed - m_chips.begin());
    (*packed)->deleteLater();
    (*packed)->hide();
    m_flow->removeWidget(*packed);
    m_chips.erase(packed);
    for (const AttachedFile &file : files)
        addChip(file, at++);
    layOut();
}

} // namespace kittiwake::ui
