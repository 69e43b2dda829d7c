// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/portalcolours.h"

#include "app/window/colourscheme.h"

#ifdef KITTIWAKE_HAS_DBUS

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace kittiwake::app
{

namespace
{

constexpr QLatin1String service("org.freedesktop.portal.Desktop");
constexpr QLatin1String path("/org/freedesktop/portal/desktop");
constexpr QLatin1String settings("org.freedesktop.portal.Settings");
constexpr QLatin1String appearance("org.freedesktop.appearance");
constexpr QLatin1String colourScheme("color-scheme");

class PortalColours final : public QObject
{
    Q_OBJECT

public:
    explicit PortalColours(ColourScheme &scheme) : QObject(&scheme), m_scheme(scheme)
    {
        QDBusConnection bus = QDBusConnection::sessionBus();
        if (!bus.isConnected())
            return;
        bus.connect(service, path, settings, QStringLiteral("SettingChanged"), this,
                    SLOT(settingChanged(QString, QString, QDBusVariant)));
        QDBusMessage question = QDBusMessage::createMethodCall(service, path, settings, QStringLiteral("Read"));
        question << QString(appearance) << QString(colourScheme);
        question.setAutoStartService(false); // a portal that is not running is not started for a colour
        constexpr int timeoutMs = 2000;
        auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(question, timeoutMs), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
            const QDBusPendingReply<QDBusVariant> reply = *watcher;
            if (reply.isValid())
                settingChanged(appearance, colourScheme, reply.value());
            watcher->deleteLater();
        });
    }

private Q_SLOTS:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value)
    {
        if (group != appearance || key != colourScheme)
            return;
        // "Read" wraps its answer in one variant more than the signal does.
        QVariant inner = value.variant();
        if (inner.canConvert<QDBusVariant>())
            inner = inner.value<QDBusVariant>().variant();
        constexpr uint noPreference = 0;
        constexpr uint prefersDark = 1;
        if (inner.toUInt() != noPreference)
            m_scheme.setSystemIsDark(inner.toUInt() == prefersDark);
    }

private:
    ColourScheme &m_scheme;
};

} // namespace

void followPortal(ColourScheme &scheme)
{
    new PortalColours(scheme);
}

} // namespace kittiwake::app

#include "portalcolours.moc"

#else

namespace kittiwake::app
{

void followPortal(ColourScheme &) { }

} // namespace kittiwake::app

#endif
