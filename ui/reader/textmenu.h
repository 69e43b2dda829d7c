// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>

class QAction;
class QActionGroup;
class QMenu;

namespace kittiwake::ui
{

class ReaderBody;

/** What the reader's menu offers for the text of a message: letters of one width, folded quotes, its charset. */
class TextMenu final : public QObject
{
    Q_OBJECT

public:
    /** Adds its actions to menu; both outlive it. */
    TextMenu(QMenu &menu, ReaderBody &body, QObject *parent = nullptr);

    /** Another message is shown, or none. */
    void reset();
    /** charset: in which the text was read; empty where nothing but ASCII is in it. */
    void setText(const QByteArray &charset);
    /** The charset that the person chose for this message; empty: none. */
    [[nodiscard]] QByteArray chosenCharset() const;

Q_SIGNALS:
    /** The message is to be read in it; empty: in its own. */
    void charsetChosen(const QByteArray &charset);

private:
    void buildCharsets(QMenu &menu);
    void updateActions();

    ReaderBody &m_body;
    QAction *m_fixedWidth;
    QAction *m_fold;
    QAction *m_automatic = nullptr;
    QMenu *m_charsets = nullptr;
    QActionGroup *m_group;
    bool m_hasText = false;
};

} // namespace kittiwake::ui
