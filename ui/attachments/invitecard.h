// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/invitation.h"
#include "ui/attachments/attachmentopener.h"

#include <QWidget>

class QGridLayout;
class QToolButton;

namespace kittiwake::ui
{

class PlainLabel;

/**
 * An event that came with a message, as a card: what, when in the time zone of this computer, where, who asks, who
 * comes. Everything on it is text of others, shown as plain text. Hidden where there is no event.
 */
class InviteCard final : public QWidget
{
    Q_OBJECT

public:
    explicit InviteCard(QWidget *parent = nullptr);

    /** Fetches the first calendar among the files and has the helper read it. The opener lives longer. */
    void setFiles(AttachmentOpener &opener, const std::vector<AttachedFile> &files);
    void setInvitation(const mime::Invitation &event);
    void clear();
    [[nodiscard]] const std::optional<mime::Invitation> &invitation() const { return m_event; }
    /** All that it says, line by line. */
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void ready(); ///< shown, or found to hold no event

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void addRow(const QString &iconName, const QString &text, int maxLines = 3);
    void showAttendees();
    void applyFonts();

    std::optional<mime::Invitation> m_event;
    quint64 m_serial = 0;
    PlainLabel *m_kind;
    PlainLabel *m_title;
    PlainLabel *m_attendees = nullptr;
    QToolButton *m_unfold = nullptr;
    QGridLayout *m_rows;
    QWidget *m_details;
    std::vector<PlainLabel *> m_lines;
    bool m_unfolded = false;
};

} // namespace kittiwake::ui
