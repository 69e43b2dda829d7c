// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/dovecotserver.h"

#include <QJsonArray>
#include <QTemporaryFile>

namespace kittiwake::tests
{

namespace
{

QString formatName(MailFormat format)
{
    switch (format) {
    case MailFormat::Mdbox:
        return QStringLiteral("mdbox");
    case MailFormat::Sdbox:
        return QStringLiteral("sdbox");
    case MailFormat::Maildir:
        return QStringLiteral("maildir");
    }
    Q_UNREACHABLE();
}

QStringList arguments(const DovecotOptions &options)
{
    QStringList list{QStringLiteral("--certificate"), certificateName(options.certificate), QStringLiteral("--format"),
                     formatName(options.format),      QStringLiteral("--separator"),        options.separator};
    for (const ServerUser &user : options.users)
        list << QStringLiteral("--user") << user.user + QLatin1Char(':') + user.password;
    const auto add = [&list](const QString &option, const QString &value) {
        // One word, so that a value which begins with a dash is no option.
        if (!value.isEmpty())
            list << option + QLatin1Char('=') + value;
    };
    add(QStringLiteral("--hide-capability"), options.hideCapabilities.join(QLatin1Char(',')));
    add(QStringLiteral("--capability"), options.capabilities);
    add(QStringLiteral("--mechanisms"), options.mechanisms);
    add(QStringLiteral("--prefix"), options.prefix);
    add(QStringLiteral("--quota"), options.quota);
    if (!options.specialUse)
        list << QStringLiteral("--no-special-use");
    if (options.allowPlaintext)
        list << QStringLiteral("--allow-plaintext");
    return list + options.moreArguments;
}

} // namespace

QString certificateName(ServerCertificate certificate)
{
    switch (certificate) {
    case ServerCertificate::Good:
        return QStringLiteral("good");
    case ServerCertificate::WrongHost:
        return QStringLiteral("wronghost");
    case ServerCertificate::Expired:
        return QStringLiteral("expired");
    case ServerCertificate::SelfSigned:
        return QStringLiteral("selfsigned");
    case ServerCertificate::Untrusted:
        return QStringLiteral("untrusted");
    }
    Q_UNREACHABLE();
}

DovecotServer::DovecotServer(DovecotOptions options) : m_options(std::move(options)) { }

bool DovecotServer::start()
{
    return m_process.start(QStringLiteral("dovecot.py"), arguments(m_options));
}

QString DovecotServer::user(qsizetype index) const
{
    const QJsonArray users = m_process.ready().value(QStringLiteral("users")).toArray();
    return users.at(index).toObject().value(QStringLiteral("user")).toString();
}

QString DovecotServer::password(qsizetype index) const
{
    const QJsonArray users = m_process.ready().value(QStringLiteral("users")).toArray();
    return users.at(index).toObject().value(QStringLiteral("password")).toString();
}

quint16 DovecotServer::port(const QString &key) const
{
    return static_cast<quint16>(m_process.ready().value(key).toInt());
}

QString DovecotServer::text(const QString &key) const
{
    return m_process.ready().value(key).toString();
}

bool DovecotServer::command(const QString &name, QJsonObject arguments)
{
    arguments.insert(QStringLiteral("cmd"), name);
    return m_process.request(arguments).value(QStringLiteral("ok")).toBool();
}

namespace
{

// JSON carries text, a message is bytes: it goes through a file.
bool writeMessage(QTemporaryFile &file, const QByteArray &message)
{
    return file.open() && file.write(message) == message.size() && file.flush();
}

} // namespace

bool DovecotServer::deliver(const QByteArray &message, const QString &user)
{
    QTemporaryFile file;
    return writeMessage(file, message)
        && command(QStringLiteral("deliver"),
                   {{QStringLiteral("user"), user}, {QStringLiteral("message_file"), file.fileName()}});
}

bool DovecotServer::append(const QString &mailbox, const QByteArray &message, const QString &flags,
                           const QDateTime &date, const QString &user)
{
    QTemporaryFile file;
    const QDateTime received = date.isValid() ? date : QDateTime::currentDateTimeUtc();
    return writeMessage(file, message)
        && command(QStringLiteral("append"),
                   {{QStringLiteral("user"), user},
                    {QStringLiteral("mailbox"), mailbox},
                    {QStringLiteral("message_file"), file.fileName()},
                    {QStringLiteral("flags"), flags},
                    {QStringLiteral("date"), received.toSecsSinceEpoch()}});
}

bool DovecotServer::fill(const QString &mailbox, int count, int seed, const QString &user)
{
    return command(QStringLiteral("fill"),
                   {{QStringLiteral("user"), user},
                    {QStringLiteral("mailbox"), mailbox},
                    {QStringLiteral("count"), count},
                    {QStringLiteral("seed"), seed}});
}

std::optional<QString> DovecotServer::doveadm(const QStringList &arguments)
{
    const QJsonObject answer = m_process.request({{QStringLiteral("cmd"), QStringLiteral("doveadm")},
                                                  {QStringLiteral("args"), QJsonArray::fromStringList(arguments)}});
    if (!answer.value(QStringLiteral("ok")).toBool() || answer.value(QStringLiteral("code")).toInt() != 0)
        return std::nullopt;
    return answer.value(QStringLiteral("output")).toString();
}

bool DovecotServer::restart(ServerCertificate certificate)
{
    return command(QStringLiteral("start"), {{QStringLiteral("certificate"), certificateName(certificate)}});
}

} // namespace kittiwake::tests
