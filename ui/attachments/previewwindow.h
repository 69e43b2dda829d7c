// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/attachments/attachmentopener.h"

#include <QImage>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedLayout;

namespace kittiwake::ui
{

/**
 * A look at an attached picture, text, or first page of a PDF, in a window of its own. The file is fetched into memory
 * and looked into by the helper; nothing is written anywhere. The opener must live longer.
 */
class PreviewWindow final : public QWidget
{
    Q_OBJECT

public:
    PreviewWindow(AttachmentOpener &opener, const AttachedFile &file, QWidget *parent);

    [[nodiscard]] const QImage &image() const { return m_image; }
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString factsText() const; ///< "1,200 × 800 pixels", "Page 1 of 12"
    [[nodiscard]] QString noticeText() const; ///< while there is nothing to see: why

Q_SIGNALS:
    void shown(); ///< or said why not
    void openRequested(const kittiwake::ui::AttachedFile &file);
    void saveRequested(const kittiwake::ui::AttachedFile &file);

private:
    class Picture;
    void look(const QByteArray &bytes);
    void showText(const QByteArray &bytes);
    void showImage(const QCborMap &answer);
    void showNotice(const QString &sentence);

    AttachmentOpener &m_opener;
    AttachedFile m_file;
    QImage m_image;
    QLabel *m_facts;
    QLabel *m_notice;
    Picture *m_picture;
    QPlainTextEdit *m_text;
    QStackedLayout *m_stack;
};

} // namespace kittiwake::ui
