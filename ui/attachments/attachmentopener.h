// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/openedfiles.h"
#include "ui/attachments/attachedfile.h"
#include "ui/attachments/helper.h"
#include "ui/messagewindow/localsource.h"
#include "ui/models/mailsource.h"

#include <QObject>
#include <QUrl>

#include <functional>

namespace kittiwake::ui
{

/**
 * Brings the files of one message where people want them: into memory for a look, into the folder of opened files for
 * another program, into a message window. Judges before it does (mime::openRule). UI thread; the source, and the opened
 * files where they are set, live longer.
 */
class AttachmentOpener final : public QObject
{
    Q_OBJECT

public:
    explicit AttachmentOpener(MailSource &source, QObject *parent = nullptr);

    void setMessage(MessageId message) { m_message = message; }
    /** Without it nothing is opened by other programs. */
    void setOpenedFiles(OpenedFiles *files) { m_files = files; }
    /** What opens a file that is on the disk; the system's choice unless set. */
    void setUrlOpener(std::function<bool(const QUrl &)> open) { m_openUrl = std::move(open); }
    [[nodiscard]] Helper &helper() { return m_helper; }

    using Progress = std::function<void(const engine::PartProgress &progress)>;
    [[nodiscard]] QFuture<Result<QByteArray>> bytes(const AttachedFile &file);
    /** Complete or not at all; marked as come from the network. progress is called in this thread. */
    [[nodiscard]] QFuture<Result<QString>> save(const AttachedFile &file, const QString &path,
                                                const Progress &progress = {});
    /** To a place among the opened files. */
    [[nodiscard]] QFuture<Result<QString>> place(const AttachedFile &file, const Progress &progress = {});

    /**
     * Opens it: a message in a window (messageOpened), a winmail.dat by what is in it (unpacked), others by the
     * program that the system has for them. What must not be opened is not: Errors: Input. Answers when it is done.
     */
    [[nodiscard]] QFuture<Result<void>> open(const AttachedFile &file, const Progress &progress = {});

Q_SIGNALS:
    void messageOpened(const kittiwake::ui::SharedMessage &message);
    void unpacked(const QByteArray &section, const std::vector<kittiwake::ui::AttachedFile> &files);

private:
    QFuture<Result<void>> openMessage(const AttachedFile &file);
    QFuture<Result<void>> unpack(const AttachedFile &file);

    MailSource &m_source;
    OpenedFiles *m_files = nullptr;
    Helper m_helper;
    std::function<bool(const QUrl &)> m_openUrl;
    MessageId m_message;
};

} // namespace kittiwake::ui
