// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/servers/serverprocess.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace kittiwake::tests
{

enum class ServerCertificate { Good, WrongHost, Expired, SelfSigned, Untrusted };
enum class MailFormat { Mdbox, Sdbox, Maildir };

struct ServerUser {
    QString user;
    QString password;
};

struct DovecotOptions {
    /// Empty: anna, ben and clara @kittiwake.example, each with a mailbox of their own.
    QList<ServerUser> users{};
    ServerCertificate certificate = ServerCertificate::Good;
    /// Mdbox is the fastest to fill (100,000 messages in about 3 s), Maildir the most common one.
    MailFormat format = MailFormat::Mdbox;
    /// Capabilities that are not announced, e.g. {"CONDSTORE", "QRESYNC"}.
    QStringList hideCapabilities{};
    /// Announces exactly this line instead.
    QString capabilities{};
    /// SASL mechanisms, e.g. "plain"; empty: plain login scram-sha-1 scram-sha-256.
    QString mechanisms{};
    /// Drafts, Sent, Archive, Junk and Trash always exist; this announces their roles.
    bool specialUse = true;
    QString separator = QStringLiteral("/");
    QString prefix{};
    /// Storage quota such as "1M".
    QString quota{};
    /// Let a client sign in without TLS.
    bool allowPlaintext = false;
    /// Further options of dovecot.py.
    QStringList moreArguments{};
};

/// A private Dovecot on loopback, TLS by a certificate authority of its own (caFile()), in a temporary
/// folder that vanishes with this object; also when the test is killed. Nothing here runs an event loop.
///
///     DovecotServer server;
///     QVERIFY2(server.start(), qPrintable(server.errorText()));
class DovecotServer
{
public:
    explicit DovecotServer(DovecotOptions options = {});

    /// Starts and waits until the server greets (about 0.2 s).
    [[nodiscard]] bool start();
    /// Ends the server and removes its folder. The destructor does the same.
    void stop() { m_process.stop(); }
    /// Why the last call failed.
    [[nodiscard]] QString errorText() const { return m_process.errorText(); }

    [[nodiscard]] QString host() const { return QStringLiteral("127.0.0.1"); }
    [[nodiscard]] quint16 imapsPort() const { return port(QStringLiteral("imaps_port")); }
    /// STARTTLS is offered here.
    [[nodiscard]] quint16 imapPort() const { return port(QStringLiteral("imap_port")); }
    [[nodiscard]] quint16 lmtpPort() const { return port(QStringLiteral("lmtp_port")); }
    /// The authority to trust, PEM. With ServerCertificate::Untrusted it is not the one that signed.
    [[nodiscard]] QString caFile() const { return text(QStringLiteral("ca_file")); }
    [[nodiscard]] QString directory() const { return text(QStringLiteral("directory")); }
    [[nodiscard]] QString logFile() const { return text(QStringLiteral("log_file")); }
    [[nodiscard]] QString user(qsizetype index = 0) const;
    [[nodiscard]] QString password(qsizetype index = 0) const;
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

    // An empty `user` means the first one.

    /// Delivers one message (RFC 5322, any line ends) by LMTP into INBOX; returns when Dovecot has accepted it.
    [[nodiscard]] bool deliver(const QByteArray &message, const QString &user = {});
    /// Appends one message; flags as in IMAP ("\\Seen $Forwarded"), INTERNALDATE `date` (now, when invalid).
    [[nodiscard]] bool append(const QString &mailbox, const QByteArray &message, const QString &flags = {},
                              const QDateTime &date = {}, const QString &user = {});
    /// Appends `count` generated messages, the same for the same seed; creates the mailbox.
    [[nodiscard]] bool fill(const QString &mailbox, int count, int seed = 1, const QString &user = {});
    /// Runs doveadm; its standard output, or nothing when it failed.
    [[nodiscard]] std::optional<QString> doveadm(const QStringList &arguments);
    /// Cuts all connections.
    [[nodiscard]] bool kick() { return command(QStringLiteral("kick")); }
    /// Freezes all IMAP processes: open connections stay open and say nothing.
    [[nodiscard]] bool pause() { return command(QStringLiteral("pause")); }
    [[nodiscard]] bool resume() { return command(QStringLiteral("resume")); }
    /// Takes the server down (connections are refused) and up again, mail and ports unchanged.
    [[nodiscard]] bool takeDown() { return command(QStringLiteral("stop")); }
    [[nodiscard]] bool bringUp() { return command(QStringLiteral("start")); }
    /// Starts again with another certificate.
    [[nodiscard]] bool restart(ServerCertificate certificate);

private:
    [[nodiscard]] quint16 port(const QString &key) const;
    [[nodiscard]] QString text(const QString &key) const;
    [[nodiscard]] bool command(const QString &name, QJsonObject arguments = {});

    DovecotOptions m_options;
    ServerProcess m_process;
};

/// The name of a certificate kind on the command lines of the scripts.
[[nodiscard]] QString certificateName(ServerCertificate certificate);

} // namespace kittiwake::tests
