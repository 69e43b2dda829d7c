// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/preparetls.h"

#include <QSslConfiguration>
#include <QSslSocket>
#include <QThreadPool>

namespace kittiwake::net
{

void prepareTls()
{
    QThreadPool::globalInstance()->start([] {
        // Each of them behind a mutex of Qt's. The default configuration also lists the folder of the system's
        // certificates.
        if (QSslSocket::supportsSsl()) [[maybe_unused]]
            const QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    });
}

} // namespace kittiwake::net
