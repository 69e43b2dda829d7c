// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sasl/sasl.h"

#include "core/sasl/saltedpassword.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <gsasl.h>

namespace kittiwake::sasl
{

namespace
{

constexpr qsizetype maxCredentialSize = 1000;

struct MechanismEntry {
    Mechanism mechanism;
    const char *name;
    bool clientFirst;
    bool provesServer;
    bool takesToken = false;
};

/** Strongest first. */
constexpr std::array<MechanismEntry, 6> mechanisms{{
    {Mechanism::ScramSha256, "SCRAM-SHA-256", true, true},
    {Mechanism::ScramSha1, "SCRAM-SHA-1", true, true},
    {Mechanism::Plain, "PLAIN", true, false},
    {Mechanism::Login, "LOGIN", false, false},
    {Mechanism::OAuthBearer, "OAUTHBEARER", true, false, true},
    {Mechanism::XOAuth2, "XOAUTH2", true, false, true},
}};

const MechanismEntry &entryOf(Mechanism mechanism)
{
    for (const MechanismEntry &entry : mechanisms) {
        if (entry.mechanism == mechanism)
            return entry;
    }
    return mechanisms.front();
}

/**
 * The iteration count of a SCRAM server-first message (RFC 5802 section 7: "r=…,s=…,i=…"), checked here because GNU
 * SASL 2.2 has no limit of its own. Nothing where it is no such message, zero, or more than maxScramIterations.
 */
std::optional<std::uint32_t> scramIterations(const QByteArray &serverFirst)
{
    for (const QByteArray &attribute : serverFirst.split(',')) {
        if (!attribute.startsWith("i="))
            continue;
        const QByteArrayView digits = QByteArrayView(attribute).sliced(2);
        if (digits.isEmpty() || digits.size() > 9)
            return std::nullopt;
        std::uint32_t count = 0;
        for (const char digit : digits) {
            if (digit < '0' || digit > '9')
                return std::nullopt;
            count = count * 10 + static_cast<std::uint32_t>(digit - '0');
        }
        if (count == 0 || count > maxScramIterations)
            return std::nullopt;
        return count;
    }
    return std::nullopt;
}

/** The salt of a server-first message; nothing where there is none that is base64. */
std::optional<QByteArray> scramSalt(const QByteArray &serverFirst)
{
    for (const QByteArray &attribute : serverFirst.split(',')) {
        if (!attribute.startsWith("s="))
            continue;
        auto decoded = QByteArray::fromBase64Encoding(attribute.sliced(2), QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded || decoded.decoded.isEmpty())
            return std::nullopt;
        return std::move(decoded.decoded);
    }
    return std::nullopt;
}

void wipeAndFree(char *bytes, std::size_t size)
{
    if (bytes == nullptr)
        return;
    volatile char *memory = bytes;
    for (std::size_t i = 0; i < size; ++i)
        memory[i] = 0;
    gsasl_free(bytes);
}

constexpr char separator = '\x01';

bool hasControls(const QByteArray &bytes)
{
    return std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/** The one message of the client (RFC 7628 section 3.1; without host and port, which servers do not look at). */
QByteArray tokenMessage(Mechanism mechanism, const QByteArray &user, const Secret &token)
{
    QByteArray message;
    if (mechanism == Mechanism::OAuthBearer) {
        // A saslname (RFC 5801): "," and "=" would end it.
        QByteArray name = user;
        name.replace('=', "=3D").replace(',', "=2C");
        message = "n,a=" + name + ',' + separator;
    } else {
        message = "user=" + user + separator;
    }
    return message + "auth=Bearer " + token.reveal() + separator + separator;
}

} // namespace

struct Sasl::Private {
    Private(Mechanism chosen, QString server) : mechanism(chosen), where(std::move(server)) { }
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;
    ~Private()
    {
        if (session != nullptr)
            gsasl_finish(session);
        if (context != nullptr)
            gsasl_done(context);
    }

    [[nodiscard]] Failure unusable(const QString &detail) const
    {
        return failure(ErrorKind::Protocol, where,
                       QCoreApplication::translate(
                           "core",
                           "%1 sent something during sign-in that makes no sense. Try again later; if it stays so, "
                           "report it to the people who run the server.")
                           .arg(where),
                       detail);
    }

    /** Computes what GNU SASL would compute from the password, so that it need not. */
    void saltPassword(const QByteArray &serverFirst, std::uint32_t rounds) const
    {
        const auto salt = scramSalt(serverFirst);
        if (!salt)
            return;
        const auto hash = mechanism == Mechanism::ScramSha1 ? ScramHash::Sha1 : ScramHash::Sha256;
        const auto salted = saltedPassword(hash, password, *salt, rounds);
        // Should it be refused, the password is there, too.
        if (salted)
            gsasl_property_set(session, GSASL_SCRAM_SALTED_PASSWORD, salted->reveal().constData());
    }

    Mechanism mechanism;
    QString where;
    Secret token; ///< all that a mechanism with a token says, until it was said
    Secret password; ///< of SCRAM, until it was salted
    Gsasl *context = nullptr;
    Gsasl_session *session = nullptr;
    int steps = 0;
    bool done = false;
    bool failed = false;
};

QByteArray mechanismName(Mechanism mechanism)
{
    return {entryOf(mechanism).name};
}

bool provesServer(Mechanism mechanism)
{
    return entryOf(mechanism).provesServer;
}

bool takesToken(Mechanism mechanism)
{
    return entryOf(mechanism).takesToken;
}

std::optional<Mechanism> mechanismFromName(QByteArrayView name)
{
    for (const MechanismEntry &entry : mechanisms) {
        if (name.compare(entry.name, Qt::CaseInsensitive) == 0)
            return entry.mechanism;
    }
    return std::nullopt;
}

Result<Mechanism> chooseMechanism(const QByteArrayList &offered, const QString &forced, const QString &where)
{
    if (!forced.isEmpty()) {
        const auto mechanism = mechanismFromName(forced.toUtf8());
        if (!mechanism)
            return failure(
                ErrorKind::Input, where,
                QCoreApplication::translate("core",
                                            "The sign-in method “%1” is not known. Choose another one in the account's "
                                            "settings, or leave it empty.")
                    .arg(forced));
        return *mechanism;
    }
    for (const MechanismEntry &entry : mechanisms) {
        for (const QByteArray &name : offered) {
            if (!entry.takesToken && name.compare(entry.name, Qt::CaseInsensitive) == 0)
                return entry.mechanism;
        }
    }
    return failure(ErrorKind::Auth, where,
                   QCoreApplication::translate(
                       "core",
                       "%1 offers no way to sign in with a password that Kittiwake knows. The provider may ask for "
                       "an app password, or for IMAP to be switched on in its settings.")
                       .arg(where),
                   QStringLiteral("offered: ") + QString::fromLatin1(offered.join(' ').left(500)));
}

Sasl::Sasl(std::unique_ptr<Private> owned) : d(std::move(owned)) { }
Sasl::Sasl(Sasl &&other) noexcept = default;
Sasl &Sasl::operator=(Sasl &&other) noexcept = default;
Sasl::~Sasl() = default;

Result<Sasl> Sasl::start(Mechanism mechanism, const Credentials &credentials, const QString &where)
{
    const QByteArray user = credentials.user.toUtf8();
    const bool isToken = entryOf(mechanism).takesToken;
    const qsizetype longest = isToken ? maxTokenSize : maxCredentialSize;
    // What separates the fields of these mechanisms must not come out of one of them.
    const bool isBroken = isToken && (hasControls(user) || hasControls(credentials.password.reveal()));
    // GNU SASL takes both as C strings; what would be cut short at a NUL is refused (RFC 4616 forbids NUL as well).
    if (user.isEmpty() || user.contains('\0') || credentials.password.reveal().contains('\0')
        || user.size() > maxCredentialSize || credentials.password.reveal().size() > longest || isBroken)
        return failure(ErrorKind::Input, where,
                       QCoreApplication::translate(
                           "core",
                           "The user name or the password cannot be used: it is empty, too long, or holds characters "
                           "that no server accepts. Check both in the account's settings."));

    auto owned = std::make_unique<Private>(mechanism, where);
    if (isToken) {
        owned->token = Secret(tokenMessage(mechanism, user, credentials.password));
        return Sasl(std::move(owned));
    }
    const auto libraryFailed = [&](int code) {
        return failure(ErrorKind::Auth, where,
                       QCoreApplication::translate("core", "The sign-in to %1 could not be started.").arg(where),
                       QString::fromUtf8(gsasl_strerror(code)));
    };
    if (const int code = gsasl_init(&owned->context); code != GSASL_OK)
        return libraryFailed(code);
    if (const int code = gsasl_client_start(owned->context, entryOf(mechanism).name, &owned->session); code != GSASL_OK)
        return libraryFailed(code);
    if (const int code
        = gsasl_property_set_raw(owned->session, GSASL_AUTHID, user.constData(), static_cast<std::size_t>(user.size()));
        code != GSASL_OK)
        return libraryFailed(code);
    const QByteArray &password = credentials.password.reveal();
    if (const int code = gsasl_property_set_raw(owned->session, GSASL_PASSWORD, password.constData(),
                                                static_cast<std::size_t>(password.size()));
        code != GSASL_OK)
        return libraryFailed(code);
    if (entryOf(mechanism).provesServer)
        owned->password = credentials.password;
    return Sasl(std::move(owned));
}

Mechanism Sasl::mechanism() const
{
    return d->mechanism;
}

bool Sasl::isClientFirst() const
{
    return entryOf(d->mechanism).clientFirst;
}

bool Sasl::isStarted() const
{
    return d->steps > 0;
}

bool Sasl::isDone() const
{
    return d->done;
}

Result<QByteArray> Sasl::step(const QByteArray &challenge)
{
    if (d->failed || d->done || challenge.size() > maxChallengeSize) {
        d->failed = true;
        return d->unusable(QStringLiteral("a challenge too many, or too long"));
    }
    const bool scram = entryOf(d->mechanism).provesServer;
    const int number = d->steps++;
    if (scram && challenge.contains('\0')) {
        d->failed = true;
        return d->unusable(QStringLiteral("NUL in a SCRAM message"));
    }
    if (scram && number == 1) {
        const auto rounds = scramIterations(challenge);
        if (!rounds) {
            d->failed = true;
            return d->unusable(QStringLiteral("iteration count missing or out of bounds"));
        }
        d->saltPassword(challenge, *rounds);
        d->password = {};
    }
    if (scram && number == 2 && challenge.startsWith("e=")) {
        // RFC 5802 section 7, server-error: the polite way to say that the proof was wrong.
        d->failed = true;
        return failure(ErrorKind::Auth, d->where,
                       QCoreApplication::translate(
                           "core",
                           "%1 refused the user name or the password. Check both in the account's settings; "
                           "many providers ask for an app password.")
                           .arg(d->where),
                       QString::fromLatin1(challenge.left(100)));
    }
    if (number == 0 && isClientFirst() && !challenge.isEmpty()) {
        d->failed = true;
        return d->unusable(QStringLiteral("a challenge before the first response"));
    }

    if (entryOf(d->mechanism).takesToken) {
        if (number == 0)
            return std::exchange(d->token, {}).reveal();
        // The server says in JSON what it does not like, and says no once that is acknowledged (RFC 7628
        // section 3.2.3).
        d->done = true;
        return d->mechanism == Mechanism::OAuthBearer ? QByteArray(1, separator) : QByteArray();
    }

    char *output = nullptr;
    std::size_t outputSize = 0;
    const int code = gsasl_step(d->session, challenge.constData(), static_cast<std::size_t>(challenge.size()), &output,
                                &outputSize);
    QByteArray response;
    if (output != nullptr)
        response = QByteArray(output, static_cast<qsizetype>(outputSize));
    wipeAndFree(output, outputSize);

    if (code == GSASL_OK)
        d->done = true;
    if (code == GSASL_OK || code == GSASL_NEEDS_MORE)
        return response;

    d->failed = true;
    const QString detail = QString::fromUtf8(gsasl_strerror(code));
    if (code == GSASL_AUTHENTICATION_ERROR)
        return failure(ErrorKind::Auth, d->where,
                       QCoreApplication::translate(
                           "core",
                           "%1 could not prove that it knows your password, so the connection was ended. It may not "
                           "be the server that it claims to be.")
                           .arg(d->where),
                       detail);
    if (code == GSASL_SASLPREP_ERROR)
        return failure(ErrorKind::Input, d->where,
                       QCoreApplication::translate(
                           "core",
                           "The user name or the password holds characters that cannot be used to sign in to %1. "
                           "Check both in the account's settings.")
                           .arg(d->where),
                       detail);
    return d->unusable(detail);
}

} // namespace kittiwake::sasl
