// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/accounts/accountsfile.h"

#include "core/base/platform.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>

namespace kittiwake::accounts
{

namespace
{

constexpr int currentFormat = 2;
/** Without identities, which a program that does not know them would lose when it writes the file. */
constexpr int plainFormat = 1;
constexpr qint64 largestFile = 4 * 1024 * 1024;
constexpr qsizetype mostAccounts = 1000;
// JSON numbers are doubles: beyond this they are not exact.
constexpr double largestExact = 9007199254740991.0;

QString shownPath(const QString &profile)
{
    return QDir::toNativeSeparators(accountsFilePath(profile));
}

Failure damagedFailure(const QString &profile, const QString &detail)
{
    return failure(ErrorKind::Storage, shownPath(profile),
                   QCoreApplication::translate(
                       "core",
                       "The account settings in %1 are damaged and were left as they are; restore the file from a "
                       "backup, or set it aside and add the accounts again.")
                       .arg(shownPath(profile)),
                   detail);
}

Failure unreadableFailure(const QString &profile, const QString &detail)
{
    return failure(ErrorKind::Storage, shownPath(profile),
                   QCoreApplication::translate(
                       "core", "The account settings in %1 cannot be read (%2); check the permissions of the file.")
                       .arg(shownPath(profile), detail),
                   detail);
}

Failure unwritableFailure(const QString &profile, const QString &detail)
{
    return failure(ErrorKind::Storage, shownPath(profile),
                   QCoreApplication::translate(
                       "core",
                       "The account settings could not be saved in %1 (%2), and nothing was changed; check the free "
                       "space and the permissions.")
                       .arg(shownPath(profile), detail),
                   detail);
}

/** Reads typed fields out of an object and remembers whether any was not what it must be. */
class Fields
{
public:
    explicit Fields(const QJsonObject &object) : m_object(object) { }

    QString text(QLatin1String name)
    {
        const QJsonValue value = m_object.value(name);
        if (!value.isUndefined() && !value.isString())
            m_valid = false;
        return value.toString();
    }
    std::int64_t number(QLatin1String name, double largest)
    {
        const double value = m_object.value(name).toDouble(-1);
        // The comparison is false for what is not a number, too.
        if (!(value >= 1 && value <= largest && value == std::floor(value))) {
            m_valid = false;
            return 0;
        }
        return static_cast<std::int64_t>(value);
    }
    std::optional<Server> server(QLatin1String name)
    {
        const QJsonValue value = m_object.value(name);
        if (value.isUndefined())
            return std::nullopt;
        Fields fields(value.toObject());
        Server server;
        server.endpoint.host = fields.text(QLatin1String("host"));
        server.endpoint.port = static_cast<std::uint16_t>(fields.number(QLatin1String("port"), 65535));
        const QString tls = fields.text(QLatin1String("tls"));
        server.tls = tls == u"starttls" ? net::TlsMode::StartTls : net::TlsMode::Implicit;
        // Anything else is not read as one of the two: how a connection is protected is never guessed.
        if (!fields.m_valid || server.endpoint.host.isEmpty() || (tls != u"starttls" && tls != u"implicit"))
            m_valid = false;
        return server;
    }
    [[nodiscard]] bool isValid() const { return m_valid; }

private:
    QJsonObject m_object;
    bool m_valid = true;
};

std::optional<Identity> identityOf(const QJsonValue &value)
{
    Fields fields(value.toObject());
    Identity identity;
    identity.key = fields.text(QLatin1String("key"));
    identity.name = fields.text(QLatin1String("name"));
    identity.address = fields.text(QLatin1String("address"));
    identity.replyTo = fields.text(QLatin1String("replyTo"));
    identity.signatureText = fields.text(QLatin1String("signatureText"));
    identity.signatureHtml = fields.text(QLatin1String("signatureHtml"));
    identity.signatureBelowQuote = fields.text(QLatin1String("signaturePlace")) == QLatin1String("below");
    if (!fields.isValid() || identity.key.isEmpty() || identity.address.isEmpty())
        return std::nullopt;
    return identity;
}

std::optional<Account> accountOf(const QJsonValue &value)
{
    Fields fields(value.toObject());
    Account account;
    account.id = AccountId(fields.number(QLatin1String("id"), largestExact));
    account.email = fields.text(QLatin1String("email"));
    account.displayName = fields.text(QLatin1String("displayName"));
    account.userName = fields.text(QLatin1String("userName"));
    const std::optional<Server> imap = fields.server(QLatin1String("imap"));
    account.imap = imap.value_or(Server());
    account.smtp = fields.server(QLatin1String("smtp"));
    account.saslMechanism = fields.text(QLatin1String("saslMechanism"));
    account.tlsPolicy.caFile = fields.text(QLatin1String("caFile"));
    account.passwordCommand = fields.text(QLatin1String("passwordCommand"));
    account.credentialKey = fields.text(QLatin1String("credentialKey"));
    if (value.toObject().contains(QLatin1String("submissionLimit")))
        account.submissionLimit
            = static_cast<std::uint64_t>(fields.number(QLatin1String("submissionLimit"), largestExact));
    const QJsonValue identities = value.toObject().value(QLatin1String("identities"));
    const QJsonArray list = identities.toArray();
    if ((!identities.isUndefined() && !identities.isArray()) || list.size() > qsizetype(mostIdentities))
        return std::nullopt;
    for (const QJsonValueConstRef &one : list) {
        std::optional<Identity> identity = identityOf(one);
        if (!identity)
            return std::nullopt;
        account.identities.push_back(std::move(*identity));
    }
    if (!fields.isValid() || !imap || account.email.isEmpty())
        return std::nullopt;
    return account;
}

void put(QJsonObject &object, QLatin1String name, const QString &text)
{
    if (!text.isEmpty())
        object.insert(name, text);
}

QJsonObject objectOf(const Server &server)
{
    return QJsonObject{
        {QStringLiteral("host"), server.endpoint.host},
        {QStringLiteral("port"), server.endpoint.port},
        {QStringLiteral("tls"),
         server.tls == net::TlsMode::StartTls ? QStringLiteral("starttls") : QStringLiteral("implicit")}};
}

QJsonObject objectOf(const Identity &identity)
{
    QJsonObject object{{QStringLiteral("key"), identity.key}, {QStringLiteral("address"), identity.address}};
    put(object, QLatin1String("name"), identity.name);
    put(object, QLatin1String("replyTo"), identity.replyTo);
    put(object, QLatin1String("signatureText"), identity.signatureText);
    put(object, QLatin1String("signatureHtml"), identity.signatureHtml);
    put(object, QLatin1String("signaturePlace"), identity.signatureBelowQuote ? QStringLiteral("below") : QString());
    return object;
}

QJsonObject objectOf(const Account &account)
{
    QJsonObject object{{QStringLiteral("id"), static_cast<double>(account.id.value())},
                       {QStringLiteral("email"), account.email},
                       {QStringLiteral("imap"), objectOf(account.imap)}};
    put(object, QLatin1String("displayName"), account.displayName);
    put(object, QLatin1String("userName"), account.userName);
    if (account.smtp)
        object.insert(QLatin1String("smtp"), objectOf(*account.smtp));
    put(object, QLatin1String("saslMechanism"), account.saslMechanism);
    put(object, QLatin1String("caFile"), account.tlsPolicy.caFile);
    put(object, QLatin1String("passwordCommand"), account.passwordCommand);
    put(object, QLatin1String("credentialKey"), account.credentialKey);
    // What JSON cannot tell exactly is no limit for anybody.
    if (account.submissionLimit > 0 && static_cast<double>(account.submissionLimit) <= largestExact)
        object.insert(QLatin1String("submissionLimit"), static_cast<double>(account.submissionLimit));
    QJsonArray identities;
    for (const Identity &identity : account.identities)
        identities.append(objectOf(identity));
    if (!identities.isEmpty())
        object.insert(QLatin1String("identities"), identities);
    return object;
}

Result<AccountsFile> parse(const QString &profile, const QByteArray &bytes, bool &damaged)
{
    damaged = true;
    if (bytes.size() > largestFile)
        return damagedFailure(profile, QStringLiteral("larger than 4 MiB"));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (!document.isObject()) {
        return damagedFailure(profile,
                              QStringLiteral("%1 at byte %2").arg(error.errorString(), QString::number(error.offset)));
    }
    const QJsonObject root = document.object();
    const double format = root.value(QLatin1String("format")).toDouble(0);
    if (format > currentFormat) {
        damaged = false;
        return failure(ErrorKind::Storage, shownPath(profile),
                       QCoreApplication::translate(
                           "core",
                           "The account settings in %1 were written by a newer version of Kittiwake; update this one "
                           "to use them.")
                           .arg(shownPath(profile)),
                       QStringLiteral("format %1").arg(format));
    }
    Fields fields(root);
    AccountsFile file;
    file.nextId = fields.number(QLatin1String("nextId"), largestExact);
    const QJsonArray array = root.value(QLatin1String("accounts")).toArray();
    if ((format != currentFormat && format != plainFormat) || !fields.isValid()
        || !root.value(QLatin1String("accounts")).isArray() || array.size() > mostAccounts)
        return damagedFailure(profile, QStringLiteral("format, nextId or accounts"));
    for (const QJsonValueConstRef &value : array) {
        std::optional<Account> account = accountOf(value);
        if (!account)
            return damagedFailure(profile, QStringLiteral("account %1").arg(file.accounts.size() + 1));
        // Strictly growing and below the counter: an id that is given twice would mix the mail of two accounts.
        if (account->id.value() >= file.nextId || (!file.accounts.empty() && file.accounts.back().id >= account->id))
            return damagedFailure(profile, QStringLiteral("id of account %1").arg(file.accounts.size() + 1));
        file.accounts.push_back(std::move(*account));
    }
    damaged = false;
    return file;
}

} // namespace

QString accountsFilePath(const QString &profile)
{
    return profile + QLatin1String("/accounts.json");
}

Result<AccountsFile> readAccountsFile(const QString &profile, bool *damaged)
{
    bool makesNoSense = false;
    QFile file(accountsFilePath(profile));
    if (damaged != nullptr)
        *damaged = false;
    if (!file.exists())
        return AccountsFile();
    if (!file.open(QIODevice::ReadOnly))
        return unreadableFailure(profile, file.errorString());
    const QByteArray bytes = file.read(largestFile + 1);
    if (file.error() != QFileDevice::NoError)
        return unreadableFailure(profile, file.errorString());
    Result<AccountsFile> read = parse(profile, bytes, makesNoSense);
    if (damaged != nullptr)
        *damaged = makesNoSense;
    return read;
}

Result<void> writeAccountsFile(const QString &profile, const AccountsFile &file)
{
    Result<void> folder = platform::makePrivateFolder(profile);
    if (!folder)
        return folder;
    QJsonArray array;
    for (const Account &account : file.accounts)
        array.append(objectOf(account));
    const bool hasIdentities = std::any_of(file.accounts.begin(), file.accounts.end(),
                                           [](const Account &account) { return !account.identities.empty(); });
    const QJsonObject root{{QStringLiteral("format"), hasIdentities ? currentFormat : plainFormat},
                           {QStringLiteral("nextId"), static_cast<double>(file.nextId)},
                           {QStringLiteral("accounts"), array}};
    const QByteArray bytes = QJsonDocument(root).toJson();
    QSaveFile out(accountsFilePath(profile));
    // A file that is opened with less care, or a rename that is no replacement, is no way to keep settings.
    out.setDirectWriteFallback(false);
    // commit() does not notice that the last of its buffer found no room (Qt 6.4): flush() does.
    if (!out.open(QIODevice::WriteOnly) || !out.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || out.write(bytes) != bytes.size() || !out.flush()) {
        const QString reason = out.errorString();
        out.cancelWriting();
        return unwritableFailure(profile, reason);
    }
    if (!out.commit())
        return unwritableFailure(profile, out.errorString());
    platform::syncFolder(profile);
    return {};
}

} // namespace kittiwake::accounts
