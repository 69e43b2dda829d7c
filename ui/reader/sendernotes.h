// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QFuture>
#include <QObject>

namespace kittiwake::ui
{

class Banner;
class HeaderCard;

/**
 * What is said of a message's sender: at once what its row in the list tells, then what the engine finds out. Words
 * that are doubtful stand in a banner, what the own mail service says in the card. UI thread; what it is given outlives
 * it.
 */
class SenderNotes final : public QObject
{
    Q_OBJECT

public:
    SenderNotes(MailSource &source, Banner *banner, HeaderCard *card, QObject *parent = nullptr);
    ~SenderNotes() override;

    /** Another message is shown from here on. */
    void setHeader(const mail::MessageHeader &header);
    /** Its text has come: the rest is asked for, after it. */
    void inspect(MessageId message);
    void clear();

Q_SIGNALS:
    /** All is known that can be. trustworthy: nothing speaks against the sender being who they say. */
    void inspected(bool trustworthy);
    /** The account's own server says whose signatures it found valid (SenderReport::validSigners). */
    void signersKnown(const QStringList &domains);

private:
    void show(const std::vector<mime::SenderRemark> &remarks, const QString &refuted);

    MailSource &m_source;
    Banner *m_banner;
    HeaderCard *m_card;
    bool m_doubtful = false;
    quint64 m_serial = 0;
    QFuture<Result<engine::SenderReport>> m_inspection;
};

} // namespace kittiwake::ui
