// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/imageurl.h"

#include "core/remote/addressrules.h"

#include <algorithm>

namespace kittiwake::remote
{

namespace
{

constexpr qsizetype longestUrl = 8 * 1024;

} // namespace

std::optional<ImageTarget> imageTarget(const QUrl &url)
{
    const QString scheme = url.scheme();
    const bool clear = scheme == QLatin1String("http");
    const bool usualPort = url.port() == -1 || url.port() == 443 || (clear && url.port() == 80);
    if (!url.isValid() || (!clear && scheme != QLatin1String("https")) || !usualPort || !url.userInfo().isEmpty())
        return std::nullopt;
    const auto host = net::HostName::parse(url.host());
    if (!host)
        return std::nullopt;
    const bool allowed = host->isAddress() ? isPublicAddress(QHostAddress(host->wire())) : !isLocalName(host->wire());
    if (!allowed)
        return std::nullopt;
    QUrl encrypted = url;
    encrypted.setScheme(QStringLiteral("https"));
    encrypted.setPort(-1);
    encrypted.setFragment({});
    QByteArray path = encrypted.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment);
    if (!path.startsWith('/'))
        path.prepend('/');
    const bool safe = path.size() <= longestUrl && std::all_of(path.begin(), path.end(), [](char c) {
                          return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F;
                      });
    if (!safe)
        return std::nullopt;
    return ImageTarget{*host, path, encrypted};
}

} // namespace kittiwake::remote
