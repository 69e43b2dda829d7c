// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/windowsettings.h"

#include <QDir>

namespace kittiwake::ui
{

namespace
{

template <typename Enum>
Enum readEnum(const QSettings &settings, const QString &key, Enum fallback, Enum last)
{
    const int value = settings.value(key, static_cast<int>(fallback)).toInt();
    return value >= 0 && value <= static_cast<int>(last) ? static_cast<Enum>(value) : fallback;
}

} // namespace

WindowSettings::WindowSettings(const QString &profile)
    : m_settings(profile.isEmpty() ? QString() : QDir(profile).filePath(QStringLiteral("window.ini")),
                 QSettings::IniFormat)
{
}

LayoutChoice WindowSettings::layout() const
{
    return readEnum(m_settings, QStringLiteral("window/layout"), LayoutChoice::Automatic, LayoutChoice::Compact);
}

void WindowSettings::setLayout(LayoutChoice layout)
{
    m_settings.setValue(QStringLiteral("window/layout"), static_cast<int>(layout));
}

theme::Scheme WindowSettings::scheme() const
{
    return readEnum(m_settings, QStringLiteral("window/colours"), theme::Scheme::System, theme::Scheme::Dark);
}

void WindowSettings::setScheme(theme::Scheme scheme)
{
    m_settings.setValue(QStringLiteral("window/colours"), static_cast<int>(scheme));
}

QByteArray WindowSettings::splitter(const QString &name) const
{
    return m_settings.value(QLatin1String("splitters/") + name).toByteArray();
}

void WindowSettings::setSplitter(const QString &name, const QByteArray &state)
{
    m_settings.setValue(QLatin1String("splitters/") + name, state);
}

QStringList WindowSettings::foldedFolders() const
{
    return m_settings.value(QStringLiteral("folders/folded")).toStringList();
}

void WindowSettings::setFoldedFolders(const QStringList &keys)
{
    m_settings.setValue(QStringLiteral("folders/folded"), keys);
}

store::SortKey WindowSettings::sortKey() const
{
    return readEnum(m_settings, QStringLiteral("list/sort"), store::SortKey::Date, store::SortKey::Size);
}

bool WindowSettings::isAscending() const
{
    return m_settings.value(QStringLiteral("list/ascending"), false).toBool();
}

void WindowSettings::setSort(store::SortKey key, bool ascending)
{
    m_settings.setValue(QStringLiteral("list/sort"), static_cast<int>(key));
    m_settings.setValue(QStringLiteral("list/ascending"), ascending);
}

bool WindowSettings::isThreaded() const
{
    return m_settings.value(QStringLiteral("list/conversations"), true).toBool();
}

void WindowSettings::setThreaded(bool threaded)
{
    m_settings.setValue(QStringLiteral("list/conversations"), threaded);
}

int WindowSettings::zoomPercent() const
{
    return m_settings.value(QStringLiteral("reader/zoom"), 100).toInt();
}

void WindowSettings::setZoomPercent(int percent)
{
    m_settings.setValue(QStringLiteral("reader/zoom"), percent);
}

int WindowSettings::readDelay() const
{
    constexpr int usual = 1000;
    return std::clamp(m_settings.value(QStringLiteral("reader/readDelay"), usual).toInt(), -1, 60000);
}

void WindowSettings::setReadDelay(int milliseconds)
{
    m_settings.setValue(QStringLiteral("reader/readDelay"), milliseconds);
}

QByteArray WindowSettings::readerGeometry() const
{
    return m_settings.value(QStringLiteral("reader/geometry")).toByteArray();
}

void WindowSettings::setReaderGeometry(const QByteArray &geometry)
{
    m_settings.setValue(QStringLiteral("reader/geometry"), geometry);
}

WindowSettings::OpenMailbox WindowSettings::lastMailbox() const
{
    return {AccountId(m_settings.value(QStringLiteral("folders/lastAccount")).toLongLong()),
            m_settings.value(QStringLiteral("folders/last")).toString()};
}

void WindowSettings::setLastMailbox(const OpenMailbox &mailbox)
{
    m_settings.setValue(QStringLiteral("folders/lastAccount"), QVariant::fromValue(mailbox.account.value()));
    m_settings.setValue(QStringLiteral("folders/last"), mailbox.name);
}

QByteArray WindowSettings::composerGeometry() const
{
    return m_settings.value(QStringLiteral("composer/geometry")).toByteArray();
}

void WindowSettings::setComposerGeometry(const QByteArray &geometry)
{
    m_settings.setValue(QStringLiteral("composer/geometry"), geometry);
}

bool WindowSettings::hasComposerFixedPitch() const
{
    return m_settings.value(QStringLiteral("composer/fixedPitch"), false).toBool();
}

void WindowSettings::setComposerFixedPitch(bool on)
{
    m_settings.setValue(QStringLiteral("composer/fixedPitch"), on);
}

bool WindowSettings::isComposerRich() const
{
    return m_settings.value(QStringLiteral("composer/rich"), false).toBool();
}

std::optional<QStringList> WindowSettings::spellLanguages(AccountId account) const
{
    const QString last = QStringLiteral("composer/spelling");
    const QString own = last + QString::number(account.value());
    const QString key = m_settings.contains(own) ? own : last;
    return m_settings.contains(key) ? std::optional(m_settings.value(key).toStringList()) : std::nullopt;
}

void WindowSettings::setSpellLanguages(AccountId account, const QStringList &languages)
{
    m_settings.setValue(QStringLiteral("composer/spelling"), languages);
    m_settings.setValue(QStringLiteral("composer/spelling") + QString::number(account.value()), languages);
}

void WindowSettings::setComposerRich(bool on)
{
    m_settings.setValue(QStringLiteral("composer/rich"), on);
}

int WindowSettings::undoSeconds() const
{
    return qBound(0, m_settings.value(QStringLiteral("composer/undoSeconds"), 10).toInt(), 60);
}

void WindowSettings::setUndoSeconds(int seconds)
{
    m_settings.setValue(QStringLiteral("composer/undoSeconds"), qBound(0, seconds, 60));
}

} // namespace kittiwake::ui
