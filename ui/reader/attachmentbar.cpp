// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/attachmentbar.h"

#include "ui/reader/savefile.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QDir>
#include <QFileDialog>
#include <QPainter>
#include <QPointer>
#include <QPushButton>
#include <QStandardPaths>

namespace kittiwake::ui
{

namespace
{

constexpr int chipHeight = 32;
constexpr int maxChipWidth = 320;

QString iconOf(const mime::Attachment &attachment)
{
    const QByteArray &type = attachment.mimeType;
    if (attachment.isMessage)
        return QStringLiteral("mail");
    if (type.startsWith("image/"))
        return QStringLiteral("file-image");
    if (type.startsWith("audio/"))
        return QStringLiteral("file-headphone");
    if (type.startsWith("video/"))
        return QStringLiteral("file-play");
    if (type == "text/calendar")
        return QStringLiteral("calendar");
    if (type.contains("zip") || type.contains("compressed") || type.contains("x-tar") || type.contains("x-7z"))
        return QStringLiteral("file-archive");
    if (type.contains("spreadsheet") || type.contains("excel") || type == "text/csv")
        return QStringLiteral("file-spreadsheet");
    if (type.startsWith("text/") || type == "application/pdf" || type.contains("wordprocessing")
        || type == "application/msword" || type.contains("opendocument.text"))
        return QStringLiteral("file-text");
    return QStringLiteral("file");
}

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

AttachmentChip::AttachmentChip(const mime::Attachment &attachment, QWidget *parent)
    : QAbstractButton(parent), m_attachment(attachment)
{
    m_attachment.fileName = oneLine(attachment.fileName, 300);
    setObjectName(QStringLiteral("attachmentChip"));
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    updateTexts();
}

QString AttachmentChip::note() const
{
    switch (m_state) {
    case State::Saving:
        return tr("Saving…");
    case State::Saved:
        return tr("Saved");
    case State::Failed:
        return tr("Not saved");
    case State::Idle:
        break;
    }
    return locale().formattedDataSize(static_cast<qint64>(qMin<std::uint64_t>(m_attachment.size, INT64_MAX)), 1,
                                      QLocale::DataSizeSIFormat);
}

void AttachmentChip::updateTexts()
{
    const QString type = QString::fromLatin1(m_attachment.mimeType.left(100)).toHtmlEscaped();
    setAccessibleName(tr("Save attachment %1, %2", "file name, size").arg(m_attachment.fileName, note()));
    setToolTip(QStringLiteral("<p>%1</p><p>%2</p>")
                   .arg(tr("Save %1").arg(isolated(m_attachment.fileName).toHtmlEscaped()), type));
    updateGeometry();
    update();
}

void AttachmentChip::setState(State state)
{
    m_state = state;
    setEnabled(state != State::Saving);
    updateTexts();
}

QSize AttachmentChip::sizeHint() const
{
    const SplitName name = splitName(m_attachment.fileName);
    const QFontMetrics bold(theme::scaled(font(), 1.0, QFont::DemiBold));
    const QFontMetrics small(theme::scaled(font(), 0.9));
    const int width = 34 + fontMetrics().horizontalAdvance(name.stem) + bold.horizontalAdvance(name.extension)
        + small.horizontalAdvance(note()) + 34;
    return {qMin(width, maxChipWidth), qMax(chipHeight, fontMetrics().height() + 12)};
}

void AttachmentChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colours = palette();
    const QColor base = colours.color(QPalette::Base);
    const QColor secondary = theme::secondaryText(colours);
    QColor fill = theme::mix(base, colours.color(QPalette::Window), 0.7);
    if (underMouse() || isDown())
        fill = theme::hover(colours, fill);
    painter.setBrush(fill);
    painter.setPen(hasFocus() ? QPen(theme::accent(colours), 2) : QPen(theme::border(colours), 1));
    const qreal inset = hasFocus() ? 1 : 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), theme::radius, theme::radius);

    const auto mirrored = [this](const QRect &part) { return QStyle::visualRect(layoutDirection(), rect(), part); };
    QString iconName = iconOf(m_attachment);
    QColor iconColour = secondary;
    if (m_state == State::Saved) {
        iconName = QStringLiteral("circle-check");
        iconColour = theme::accent(colours);
    } else if (m_state == State::Failed) {
        iconName = QStringLiteral("circle-alert");
        iconColour = theme::toneMark(colours, theme::Tone::Error);
    }
    paintIcon(painter, mirrored(QRect(10, 0, 16, height())), iconName, iconColour);

    const QFont small = theme::scaled(font(), 0.9);
    const int noteWidth = QFontMetrics(small).horizontalAdvance(note()) + 2;
    const QRect noteRect(width() - 12 - noteWidth, 0, noteWidth, height());
    painter.setFont(small);
    painter.setPen(secondary);
    painter.drawText(mirrored(noteRect), Qt::AlignCenter, note());

    const SplitName name = splitName(m_attachment.fileName);
    const QFont bold = theme::scaled(font(), 1.0, QFont::DemiBold);
    const int extensionWidth = name.extension.isEmpty() ? 0 : QFontMetrics(bold).horizontalAdvance(name.extension) + 2;
    const int left = 34;
    const int room = noteRect.left() - 10 - left;
    const QString stem = fontMetrics().elidedText(name.stem, Qt::ElideMiddle, qMax(0, room - extensionWidth));
    const int stemWidth = fontMetrics().horizontalAdvance(stem) + 1;
    painter.setPen(colours.color(QPalette::Text));
    painter.setFont(font());
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::AlignAbsolute
        | int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft));
    painter.drawText(mirrored(QRect(left, 0, stemWidth, height())), flags, stem);
    painter.setFont(bold);
    painter.drawText(mirrored(QRect(left + stemWidth, 0, extensionWidth, height())), flags, name.extension);
}

AttachmentBar::AttachmentBar(MailSource &source, QWidget *parent)
    : QWidget(parent), m_source(source), m_saveAll(new QPushButton(tr("Save all…"), this)),
      m_flow(new FlowLayout(theme::padding, this)), m_chooser(askWithDialog)
{
    m_flow->setContentsMargins(0, 0, 0, 0);
    m_saveAll->setObjectName(QStringLiteral("saveAllButton"));
    m_saveAll->setFlat(true);
    m_saveAll->setIcon(icon(QStringLiteral("folder-down")));
    connect(m_saveAll, &QPushButton::clicked, this, &AttachmentBar::saveAll);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void AttachmentBar::setAttachments(MessageId message, const std::vector<mime::Attachment> &attachments)
{
    m_message = message;
    m_flow->removeWidget(m_saveAll);
    for (AttachmentChip *chip : m_chips)
        delete chip;
    m_chips.clear();
    for (const mime::Attachment &attachment : attachments) {
        auto *chip = new AttachmentChip(attachment, this);
        m_flow->addWidget(chip);
        m_chips.push_back(chip);
        connect(chip, &QAbstractButton::clicked, this, [this, chip] {
            m_chooser(this, safeFileName(chip->attachment().fileName),
                      [this, guard = QPointer<AttachmentChip>(chip)](const QString &path) {
                          if (guard)
                              save(guard, path);
                      });
        });
        chip->show();
    }
    m_saveAll->setVisible(attachments.size() > 1);
    if (attachments.size() > 1)
        m_flow->addWidget(m_saveAll);
    setVisible(!attachments.empty());
    updateGeometry();
}

void AttachmentBar::save(AttachmentChip *chip, const QString &path)
{
    chip->setState(AttachmentChip::State::Saving);
    const QPointer<AttachmentChip> guard(chip);
    const auto finish = [this, guard](const Result<void> &written) {
        if (guard)
            guard->setState(written ? AttachmentChip::State::Saved : AttachmentChip::State::Failed);
        if (!written)
            Q_EMIT failed(written.error().userText);
    };
    m_source.fetchPart(m_message, chip->attachment().section)
        .then(this,
              [this, path, finish](const Result<QByteArray> &data) {
                  if (!data) {
                      finish(failure(data.error()));
                      return;
                  }
                  saveFile(path, *data).then(this, finish);
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
            const SplitName name = splitName(safeFileName(chip->attachment().fileName));
            QString path = unusedPath(folder, name.stem + name.extension);
            for (int number = 2; taken.contains(path); ++number)
                path = unusedPath(folder,
                                  QStringLiteral("%1 (%2)%3").arg(name.stem, QString::number(number), name.extension));
            taken.append(path);
            save(chip, path);
        }
    });
}

} // namespace kittiwake::ui
