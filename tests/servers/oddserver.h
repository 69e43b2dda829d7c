// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/servers/serverprocess.h"

namespace kittiwake::tests
{

/// A server that a mail client must not be fooled or stopped by (tests/servers/oddserver.py):
///   http            answers every line with an HTTP error page     smtp   greets as a submission server
///   hang            accepts the connection and says nothing        hang-after-tls   likewise, after the handshake
///   hang-after-greeting   greets as IMAP over TLS, then says nothing
///   close           closes each connection at once                 close-after-tls
///   wronghost, expired, selfsigned, untrusted   an IMAP greeting behind such a certificate
///   starttls-injection    sends text along with the answer to STARTTLS, before TLS (CVE-2011-0411)
///   no-starttls     IMAP without TLS and without STARTTLS
class OddServer
{
public:
    [[nodiscard]] bool start(const QString &kind)
    {
        return m_process.start(QStringLiteral("oddserver.py"), {QStringLiteral("--kind"), kind});
    }
    void stop() { m_process.stop(); }
    [[nodiscard]] QString errorText() const { return m_process.errorText(); }
    [[nodiscard]] quint16 port() const;
    /// The authority to trust; of use for the kinds that speak TLS.
    [[nodiscard]] QString caFile() const;
    /// Everything that clients have sent so far, over all connections (after TLS: decrypted).
    [[nodiscard]] QByteArray received();

private:
    ServerProcess m_process;
};

} // namespace kittiwake::tests
