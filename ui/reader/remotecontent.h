// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QFuture>
#include <QObject>

class QAction;

namespace kittiwake::ui
{

class Banner;

/**
 * What a message wants from the Internet: says in a banner what was left out, has its pictures fetched when the person
 * asks ("Load once", "Always for this sender") or has asked before, and forgets them with the message. What looks like
 * a tracker is never fetched. UI thread; the source and the banner outlive it.
 */
class RemoteContent final : public QObject
{
    Q_OBJECT

public:
    RemoteContent(MailSource &source, Banner *banner, QObject *parent = nullptr);

    /** Who it is from, as far as that can be said. */
    struct Sender {
        AccountId account; ///< whose mail it is; none: nothing is remembered
        QString address; ///< empty where the message has no single valid sender
    };
    /** A message's text is shown from here on. */
    void setMessage(const Sender &sender, const mime::MessageContent &content);
    /** Whether the sender may be taken for who they say: then what they are always allowed happens. A sender who is
     * imitated is not trusted with what the real one was. */
    void senderInspected(bool trustworthy);
    void clear();

    /** "Always load this sender's pictures", for a menu; takes the permission back as well. */
    [[nodiscard]] QAction *alwaysAction() const { return m_always; }

Q_SIGNALS:
    /** The pictures that came; contentId is the id of mime::RemoteImage. */
    void picturesLoaded(const std::vector<kittiwake::mime::InlineImage> &pictures);
    void failed(const QString &sentence);

private:
    [[nodiscard]] bool isAlwaysAllowed() const;
    [[nodiscard]] bool canBeRemembered() const;
    void load();
    void remember(bool allowed);
    void showBlocked();
    void updateAction();

    MailSource &m_source;
    Banner *m_banner;
    QAction *m_always;
    Sender m_sender;
    std::vector<mime::RemoteImage> m_pictures; ///< that may be asked for
    bool m_trustworthy = false;
    bool m_offering = false; ///< the banner says what was blocked
    int m_trackers = 0;
    int m_others = 0; ///< blocked references that are no pictures
    quint64 m_serial = 0;
    QFuture<Result<engine::Pictures>> m_fetch;
};

} // namespace kittiwake::ui
