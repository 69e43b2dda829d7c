// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/terminal.h"

#include <QCommandLineParser>
#include <QFileInfo>

namespace kittiwake::ctl
{

namespace
{

/** "host:port", "[::1]:993" or "host" with the mode's standard port. */
std::optional<net::Endpoint> parseEndpoint(const QString &text, std::uint16_t standardPort)
{
    net::Endpoint endpoint;
    endpoint.port = standardPort;
    QString host = text;
    const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
    const bool isBareIpv6 = text.count(QLatin1Char(':')) > 1 && !text.contains(QLatin1Char(']'));
    if (colon >= 0 && !isBareIpv6 && !text.endsWith(QLatin1Char(']'))) {
        bool ok = false;
        const uint port = QStringView(text).mid(colon + 1).toUInt(&ok);
        if (!ok || port == 0 || port > 65535)
            return std::nullopt;
        endpoint.port = static_cast<std::uint16_t>(port);
        host = text.left(colon);
    }
    if (host.startsWith(QLatin1Char('[')) && host.endsWith(QLatin1Char(']')))
        host = host.mid(1, host.size() - 2);
    if (host.isEmpty())
        return std::nullopt;
    endpoint.host = host;
    return endpoint;
}

std::optional<net::TlsMode> parseTlsMode(const QString &text)
{
    if (text == QLatin1String("implicit"))
        return net::TlsMode::Implicit;
    if (text == QLatin1String("starttls"))
        return net::TlsMode::StartTls;
    return std::nullopt;
}

QString serverText(const accounts::Server &server)
{
    return QStringLiteral("%1 (%2)").arg(server.endpoint.text(),
                                         server.tls == net::TlsMode::Implicit ? QStringLiteral("implicit")
                                                                              : QStringLiteral("starttls"));
}

QJsonObject accountJson(const accounts::Account &account)
{
    return {{QStringLiteral("id"), static_cast<qint64>(account.id.value())},
            {QStringLiteral("email"), account.email},
            {QStringLiteral("imap"), account.imap.endpoint.text()},
            {QStringLiteral("smtp"), account.smtp ? QJsonValue(account.smtp->endpoint.text()) : QJsonValue()}};
}

void addAccount(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    const auto option = [&parser](const char *name) {
        parser.addOption({QString::fromLatin1(name), {}, QStringLiteral("value")});
    };
    for (const char *name :
         {"email", "name", "user", "imap", "imap-tls", "smtp", "smtp-tls", "auth", "ca-file", "password-command"})
        option(name);
    parser.addOption({QStringLiteral("password-stdin"), {}});
    const QString synopsis = QStringLiteral(
        "account add --email A [--name N] [--user U] --imap H:P [--imap-tls implicit|starttls] [--smtp H:P] "
        "[--smtp-tls implicit|starttls] [--auth MECH] [--ca-file F] [--password-stdin | --password-command CMD]");
    if (!context.parse(parser, arguments, 0, 0, synopsis))
        return;
    const auto value = [&parser](const char *name) { return parser.value(QString::fromLatin1(name)); };
    accounts::Account account;
    account.email = value("email");
    account.displayName = value("name");
    account.userName = value("user");
    account.saslMechanism = value("auth").toUpper();
    account.passwordCommand = value("password-command");
    if (account.email.isEmpty())
        return context.usage(QObject::tr("account add needs --email"));
    const bool fromStdin = parser.isSet(QStringLiteral("password-stdin"));
    if (fromStdin == !account.passwordCommand.isEmpty())
        return context.usage(QObject::tr("account add needs either --password-stdin or --password-command"));
    if (!parser.isSet(QStringLiteral("imap")))
        return context.usage(QObject::tr("account add needs --imap HOST:PORT; servers are not discovered yet"));

    const auto server = [&](const char *name, const char *tlsName, std::uint16_t implicitPort,
                            std::uint16_t startTlsPort) -> std::optional<accounts::Server> {
        const QString tlsText
            = parser.isSet(QString::fromLatin1(tlsName)) ? value(tlsName) : QStringLiteral("implicit");
        const auto tls = parseTlsMode(tlsText);
        if (!tls) {
            context.usage(QObject::tr("--%1 is \"implicit\" or \"starttls\"").arg(QString::fromLatin1(tlsName)));
            return std::nullopt;
        }
        const auto endpoint = parseEndpoint(value(name), *tls == net::TlsMode::Implicit ? implicitPort : startTlsPort);
        if (!endpoint) {
            context.usage(QObject::tr("--%1 wants HOST:PORT").arg(QString::fromLatin1(name)));
            return std::nullopt;
        }
        return accounts::Server{*endpoint, *tls};
    };
    const auto imap = server("imap", "imap-tls", 993, 143);
    if (!imap)
        return;
    account.imap = *imap;
    if (parser.isSet(QStringLiteral("smtp"))) {
        const auto smtp = server("smtp", "smtp-tls", 465, 587);
        if (!smtp)
            return;
        account.smtp = *smtp;
    }
    if (const QString file = value("ca-file"); !file.isEmpty())
        account.tlsPolicy.caFile = QFileInfo(file).absoluteFilePath();

    Secret password;
    if (fromStdin) {
        QByteArray line = readStandardInput(64 * 1024);
        if (const qsizetype end = line.indexOf('\n'); end >= 0)
            line.truncate(end);
        if (line.endsWith('\r'))
            line.chop(1);
        if (line.isEmpty())
            return context.usage(QObject::tr("no password came on standard input"));
        password = Secret(line);
    }

    engine::Engine *engine = context.openEngine();
    if (engine == nullptr)
        return;
    engine->checkAccount(account, password)
        .then(&context, [&context, engine, account, password](const Result<engine::SignInReport> &report) {
            if (!report)
                return context.fail(report.error());
            engine->addAccount(account, password)
                .then(&context, [&context, account, report](const Result<AccountId> &id) {
                    if (!id)
                        return context.fail(id.error());
                    if (context.json()) {
                        context.printJson(QJsonObject{
                            {QStringLiteral("account"), static_cast<qint64>(id->value())},
                            {QStringLiteral("imap"), account.imap.endpoint.text()},
                            {QStringLiteral("smtp"),
                             account.smtp ? QJsonValue(account.smtp->endpoint.text()) : QJsonValue()},
                            {QStringLiteral("capabilities"), QJsonArray::fromStringList(report->capabilities)}});
                    } else {
                        context.printText(QObject::tr("Account %1 added: %2 at %3.\n")
                                              .arg(QString::number(id->value()), account.email, report->imap));
                    }
                    context.finish();
                });
        });
}

void listAccounts(Context &context)
{
    const auto accounts = context.readAccounts();
    if (!accounts)
        return;
    if (context.json()) {
        QJsonArray list;
        for (const accounts::Account &account : *accounts)
            list.append(accountJson(account));
        context.printJson(QJsonObject{{QStringLiteral("accounts"), list}});
    } else {
        for (const accounts::Account &account : *accounts) {
            context.printText(QStringLiteral("%1  %2  %3\n")
                                  .arg(QString::number(account.id.value()), account.email, serverText(account.imap)));
        }
        if (accounts->empty())
            context.printText(QObject::tr("No accounts.\n"));
    }
    context.finish();
}

void removeAccount(Context &context, const QString &name)
{
    const auto account = context.pickAccount(name);
    if (!account)
        return;
    engine::Engine *engine = context.openEngine();
    if (engine == nullptr)
        return;
    engine->removeAccount(account->id).then(&context, [&context, account](const Result<void> &removed) {
        if (!removed)
            return context.fail(removed.error());
        if (context.json())
            context.printJson(QJsonObject{{QStringLiteral("removed"), static_cast<qint64>(account->id.value())}});
        else
            context.printText(QObject::tr("Account %1 removed; nothing changed on the server.\n").arg(account->email));
        context.finish();
    });
}

} // namespace

void runAccount(Context &context, const QStringList &arguments)
{
    const QString verb = arguments.value(0);
    if (verb == QLatin1String("add"))
        return addAccount(context, arguments.mid(1));
    if (verb == QLatin1String("list") && arguments.size() == 1)
        return listAccounts(context);
    if (verb == QLatin1String("remove") && arguments.size() == 2)
        return removeAccount(context, arguments[1]);
    context.usage(QObject::tr("usage: kittiwakectl account add ... | list | remove ID"));
}

} // namespace kittiwake::ctl
