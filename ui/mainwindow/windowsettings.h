// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "ui/widgets/theme.h"

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

#include <optional>

namespace kittiwake::ui
{

enum class LayoutChoice { Automatic, Wide, Classic, Compact };

/**
 * What the window remembers, in window.ini of the profile: places and choices, never anything of a message. Names of
 * mailboxes are the only words of the server in it.
 */
class WindowSettings
{
public:
    /** profile: the folder; empty: nothing is kept (tests). */
    explicit WindowSettings(const QString &profile);

    [[nodiscard]] QByteArray geometry() const
    {
        return m_settings.value(QStringLiteral("window/geometry")).toByteArray();
    }
    void setGeometry(const QByteArray &geometry) { m_settings.setValue(QStringLiteral("window/geometry"), geometry); }
    [[nodiscard]] LayoutChoice layout() const;
    void setLayout(LayoutChoice layout);
    [[nodiscard]] theme::Scheme scheme() const;
    void setScheme(theme::Scheme scheme);
    /** Sizes of a splitter in one of the layouts. */
    [[nodiscard]] QByteArray splitter(const QString &name) const;
    void setSplitter(const QString &name, const QByteArray &state);
    [[nodiscard]] QStringList foldedFolders() const;
    void setFoldedFolders(const QStringList &keys);
    [[nodiscard]] store::SortKey sortKey() const;
    [[nodiscard]] bool isAscending() const;
    void setSort(store::SortKey key, bool ascending);
    [[nodiscard]] bool isThreaded() const;
    void setThreaded(bool threaded);
    [[nodiscard]] int zoomPercent() const;
    void setZoomPercent(int percent);
    /** Milliseconds until a message that is looked at counts as read; 0: at once; negative: never by itself. */
    [[nodiscard]] int readDelay() const;
    void setReadDelay(int milliseconds);
    [[nodiscard]] QByteArray readerGeometry() const; ///< of windows with one message
    void setReaderGeometry(const QByteArray &geometry);
    [[nodiscard]] QByteArray composerGeometry() const;
    void setComposerGeometry(const QByteArray &geometry);
    /** Plain text is written in letters of one width. */
    [[nodiscard]] bool hasComposerFixedPitch() const;
    void setComposerFixedPitch(bool on);
    /** Whether new messages begin with formatting, as the last one that was begun. */
    [[nodiscard]] bool isComposerRich() const;
    void setComposerRich(bool on);
    /**
     * In which languages messages of an account are checked, by their dictionaries' names; empty: in none. Nothing
     * where the person has not chosen, neither for it nor for any other account.
     */
    [[nodiscard]] std::optional<QStringList> spellLanguages(AccountId account) const;
    void setSpellLanguages(AccountId account, const QStringList &languages);
    /** How long a sent message can be taken back, in seconds; 0 to 60. */
    [[nodiscard]] int undoSeconds() const;
    void setUndoSeconds(int seconds);
    [[nodiscard]] QByteArray columns() const { return m_settings.value(QStringLiteral("list/columns")).toByteArray(); }
    void setColumns(const QByteArray &state) { m_settings.setValue(QStringLiteral("list/columns"), state); }

    struct OpenMailbox {
        AccountId account;
        QString name;
    };
    [[nodiscard]] OpenMailbox lastMailbox() const;
    void setLastMailbox(const OpenMailbox &mailbox);

private:
    QSettings m_settings;
};

} // namespace kittiwake::ui
