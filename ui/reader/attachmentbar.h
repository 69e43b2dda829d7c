// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/attachments/attachmentopener.h"
#include "ui/attachments/filechip.h"
#include "ui/models/mailsource.h"

#include <QAbstractButton>
#include <QWidget>

#include <functional>

class QMenu;
class QPushButton;

namespace kittiwake::ui
{

class FlowLayout;

/**
 * One attachment: its kind as an icon, its name with the extension apart, its size. A click opens it, or shows what is
 * in it; the arrow at its end, a right click and the menu key open its menu; it can be dragged out of the window.
 */
class AttachmentChip final : public QAbstractButton
{
    Q_OBJECT

public:
    enum class State { Idle, Opening, Saving, Waiting, Saved, Failed };

    AttachmentChip(const AttachedFile &file, QWidget *parent = nullptr);

    [[nodiscard]] const mime::Attachment &attachment() const { return m_file.attachment; }
    [[nodiscard]] const AttachedFile &file() const { return m_file; }
    void setState(State state);
    /** While it is opened or saved. */
    void setProgress(const engine::PartProgress &progress);
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString note() const; ///< its size, or what is going on
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void menuRequested(const QPoint &global);
    void dragRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    [[nodiscard]] FileChip look() const;
    [[nodiscard]] QRect arrow() const;
    void updateTexts();

    AttachedFile m_file;
    mime::OpenRule m_rule;
    State m_state = State::Idle;
    int m_percent = -1; ///< -1: not known
    QPoint m_pressed;
    bool m_isPressed = false;
};

/**
 * The files of the message in the reader. Opening and saving bring the part where the person wants it; what must not be
 * opened can be saved after a question.
 */
class AttachmentBar final : public QWidget
{
    Q_OBJECT

public:
    explicit AttachmentBar(MailSource &source, QWidget *parent = nullptr);

    void setAttachments(MessageId message, const std::vector<mime::Attachment> &attachments);
    [[nodiscard]] const std::vector<AttachmentChip *> &chips() const { return m_chips; }
    [[nodiscard]] std::vector<AttachedFile> files() const;
    [[nodiscard]] AttachmentOpener &opener() { return *m_opener; }

    /** Asks where to save a file, or for a folder where suggestion is empty; calls back with a path or not at all. */
    using Chooser = std::function<void(QWidget *parent, const QString &suggestion, std::function<void(QString)>)>;
    void setChooser(Chooser chooser) { m_chooser = std::move(chooser); }
    /** Begins to drag a file that lies there; it comes from the event loop, with nothing of the window's below it. */
    using DragStarter = std::function<void(QWidget *from, const QString &path)>;
    void setDragStarter(DragStarter start) { m_startDrag = std::move(start); }

    void open(AttachmentChip *chip); ///< or preview, or ask
    void preview(AttachmentChip *chip);
    void saveAs(AttachmentChip *chip);
    [[nodiscard]] QMenu *menuOf(AttachmentChip *chip); ///< made anew; deletes itself when it closes

Q_SIGNALS:
    void failed(const QString &sentence);
    void messageOpened(const kittiwake::ui::SharedMessage &message);

private:
    void addChip(const AttachedFile &file, std::size_t at);
    void layOut();
    void openElsewhere(AttachmentChip *chip);
    void ask(AttachmentChip *chip);
    void drag(AttachmentChip *chip);
    void save(AttachmentChip *chip, const QString &path);
    void saveAll();
    void showUnpacked(const QByteArray &section, const std::vector<AttachedFile> &files);

    AttachmentOpener *m_opener;
    MessageId m_message;
    std::vector<AttachmentChip *> m_chips;
    QPushButton *m_saveAll;
    FlowLayout *m_flow;
    Chooser m_chooser;
    DragStarter m_startDrag;
};

} // namespace kittiwake::ui
