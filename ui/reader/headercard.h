// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QDateTime>
#include <QWidget>

#include <functional>

class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace kittiwake::ui
{

class PlainLabel;

/**
 * Above the text of a message: its subject, who sent it (name and address, both always in sight), to whom, and when in
 * the time zone of this computer. Everything here is text of others and shown as plain text.
 */
class HeaderCard final : public QWidget
{
    Q_OBJECT

public:
    explicit HeaderCard(QWidget *parent = nullptr);

    void setHeader(const mail::MessageHeader &header);
    /** What the own mail service says of the sender, one sentence; empty: nothing. */
    void setTrust(const QString &sentence);
    void setNow(std::function<QDateTime()> now) { m_now = std::move(now); }
    [[nodiscard]] const std::function<QDateTime()> &now() const { return m_now; }
    /** Where the reader puts its buttons, at the end of the subject. */
    [[nodiscard]] QHBoxLayout *buttons() const { return m_buttons; }

    [[nodiscard]] QString subjectText() const;
    [[nodiscard]] QString senderText() const; ///< name and address as shown
    [[nodiscard]] QString recipientsText() const;
    [[nodiscard]] QString trustText() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyFonts();
    void showRecipients();

    mail::MessageHeader m_header;
    std::function<QDateTime()> m_now;
    PlainLabel *m_subject;
    PlainLabel *m_senderName;
    PlainLabel *m_senderAddress;
    PlainLabel *m_date;
    PlainLabel *m_recipients;
    PlainLabel *m_trust;
    QToolButton *m_unfold;
    QHBoxLayout *m_buttons;
    bool m_unfolded = false;
};

} // namespace kittiwake::ui
