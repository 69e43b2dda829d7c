// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/listunsubscribe.h"
#include "ui/models/mailsource.h"

#include <QUrl>
#include <QWidget>

class QAction;

#include <optional>

namespace kittiwake::ui
{

class Banner;

/**
 * Leaving the mailing list that a message came from: a button that is there when there is a way, one question that says
 * what will happen and which host is told, and a banner with what came of it. UI thread; the source, and the banner
 * outlive it.
 */
class ListLeaving final : public QObject
{
    Q_OBJECT

public:
    ListLeaving(MailSource &source, Banner *banner, QWidget *window);

    void setList(const mime::ListUnsubscribe &list);
    void clear() { setList({}); }
    /**
     * What the account's own server says of this message's signatures. The one click goes only to whom one of them
     * vouches for (RFC 8058 section 4); where the server says nothing, the question says so.
     */
    void setValidSigners(const QStringList &domains) { m_validSigners = domains; }
    /** For a button and a menu; visible where there is a list to leave. */
    [[nodiscard]] QAction *action() const { return m_action; }

Q_SIGNALS:
    /** A page or a mailto: address that the person has agreed to. */
    void openRequested(const QUrl &url);

private:
    void ask();
    void leave(const mime::ListUnsubscribe &list, bool byOneClick);
    [[nodiscard]] bool mayBeOneClick() const;

    MailSource &m_source;
    Banner *m_banner;
    QWidget *m_window;
    QAction *m_action;
    mime::ListUnsubscribe m_list;
    std::optional<QStringList> m_validSigners;
    quint64 m_serial = 0;
};

} // namespace kittiwake::ui
