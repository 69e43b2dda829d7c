// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QAbstractButton>
#include <QWidget>

#include <functional>

class QPushButton;

namespace kittiwake::ui
{

class FlowLayout;

/** One attachment: its kind as an icon, its name with the extension apart, its size. A click saves it. */
class AttachmentChip final : public QAbstractButton
{
    Q_OBJECT

public:
    enum class State { Idle, Saving, Saved, Failed };

    AttachmentChip(const mime::Attachment &attachment, QWidget *parent = nullptr);

    [[nodiscard]] const mime::Attachment &attachment() const { return m_attachment; }
    void setState(State state);
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QString note() const;
    void updateTexts();

    mime::Attachment m_attachment;
    State m_state = State::Idle;
};

/** The attachments of the message in the reader. Saving fetches the part and writes it where the person says. */
class AttachmentBar final : public QWidget
{
    Q_OBJECT

public:
    explicit AttachmentBar(MailSource &source, QWidget *parent = nullptr);

    void setAttachments(MessageId message, const std::vector<mime::Attachment> &attachments);
    [[nodiscard]] const std::vector<AttachmentChip *> &chips() const { return m_chips; }

    /** Asks where to save a file, or for a folder where suggestion is empty; calls back with a path or not at all. */
    using Chooser = std::function<void(QWidget *parent, const QString &suggestion, std::function<void(QString)>)>;
    void setChooser(Chooser chooser) { m_chooser = std::move(chooser); }

Q_SIGNALS:
    void failed(const QString &sentence);

private:
    void save(AttachmentChip *chip, const QString &path);
    void saveAll();

    MailSource &m_source;
    MessageId m_message;
    std::vector<AttachmentChip *> m_chips;
    QPushButton *m_saveAll;
    FlowLayout *m_flow;
    Chooser m_chooser;
};

} // namespace kittiwake::ui
