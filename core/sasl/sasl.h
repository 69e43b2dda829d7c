// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>

namespace kittiwake::sasl
{

/** The mechanisms that Kittiwake speaks. Those further up are preferred. */
enum class Mechanism {
    ScramSha256, ///< RFC 7677
    ScramSha1, ///< RFC 5802
    Plain, ///< RFC 4616
    Login, ///< draft-murchison-sasl-login: two prompts, for servers that know nothing else
    OAuthBearer, ///< RFC 7628: the password is an access token. Only where it is asked for
    XOAuth2, ///< the same as Google and Microsoft had it before (developers.google.com/gmail/imap/xoauth2-protocol)
};

/** "SCRAM-SHA-256", as in AUTH= capabilities. */
[[nodiscard]] QByteArray mechanismName(Mechanism mechanism);
/** Whether the server has to prove that it knows the password too. */
[[nodiscard]] bool provesServer(Mechanism mechanism);
/** Whether what it is given is a token of OAuth 2 and no password. */
[[nodiscard]] bool takesToken(Mechanism mechanism);
/** Names are compared without regard to case. Nothing for a mechanism that we do not speak. */
[[nodiscard]] std::optional<Mechanism> mechanismFromName(QByteArrayView name);
/**
 * The strongest mechanism of those that a server offers (names without "AUTH="). With forced set, that one: it is used
 * even where the server does not list it, since that is what forcing is for. One that takes a token is chosen only when
 * it is forced: nothing else tells a token from a password. Errors: Auth where there is no common
 * one, Input where forced is unknown to us.
 */
[[nodiscard]] Result<Mechanism> chooseMechanism(const QByteArrayList &offered, const QString &forced,
                                                const QString &where);

struct Credentials {
    QString user;
    Secret password;
};

/** The most rounds of PBKDF2 that a server may ask for: about a second of work (CVE-2026-42256). */
inline constexpr std::uint32_t maxScramIterations = 1'000'000;
/** The longest token, in octets: those of Microsoft have 2 to 3 KB; a line of SMTP has room for 12 (RFC 4954). */
inline constexpr qsizetype maxTokenSize = 8 * 1024;
/** The longest challenge that is looked at, decoded: those of SCRAM have a few hundred bytes. */
inline constexpr qsizetype maxChallengeSize = 16 * 1024;

/**
 * The client's side of one SASL exchange (RFC 4422), without I/O: challenges and responses are raw bytes, of which the
 * protocols (IMAP, SMTP) make base64. One object signs in once. PLAIN, LOGIN and the two that take a token give it
 * away: whoever uses this does so behind TLS only. One thread; step() may compute for up to a second (see
 * maxScramIterations).
 */
class Sasl
{
public:
    /**
     * Errors: Input where user or password hold what no mechanism can carry (NUL, or more than 1,000 bytes). where
     * names the server for the person ("imap.example.org:993").
     */
    [[nodiscard]] static Result<Sasl> start(Mechanism mechanism, const Credentials &credentials, const QString &where);
    Sasl(Sasl &&other) noexcept;
    Sasl &operator=(Sasl &&other) noexcept;
    Sasl(const Sasl &) = delete;
    Sasl &operator=(const Sasl &) = delete;
    ~Sasl();

    [[nodiscard]] Mechanism mechanism() const;
    /** Whether the client speaks first, so that its first response can travel with the command (SASL-IR, SMTP AUTH). */
    [[nodiscard]] bool isClientFirst() const;
    /** step() was called already. */
    [[nodiscard]] bool isStarted() const;
    /**
     * The response to a challenge; of a client-first mechanism the first one answers an empty challenge. Errors: Auth
     * where the server could not prove that it knows the password, Protocol where its challenge makes no sense or asks
     * for absurd work. After an error the exchange is over (the protocol cancels it with "*").
     */
    [[nodiscard]] Result<QByteArray> step(const QByteArray &challenge);
    /**
     * Whether everything was said, and the server has proved itself where the mechanism asks for that. A server that
     * claims success before this is true has skipped the proof and must not be trusted.
     */
    [[nodiscard]] bool isDone() const;

private:
    struct Private;
    explicit Sasl(std::unique_ptr<Private> owned);
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::sasl
