// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/authresults.h"

#include "core/mime/domains.h"
#include "core/mime/headers.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

constexpr std::size_t maxMethods = 50;
constexpr std::size_t maxProperties = 20;
constexpr int enoughMessages = 4;
constexpr qsizetype enoughSenders = 3;

/// Without comments (RFC 5322 section 3.2.2), quotes taken off; ';' and '=' that stood in quotes become blanks.
QByteArray plainValue(QByteArrayView value)
{
    QByteArray out;
    out.reserve(value.size());
    int depth = 0;
    bool quoted = false;
    for (qsizetype at = 0; at < value.size(); ++at) {
        const char c = value[at];
        if (c == '\\' && (depth > 0 || quoted)) {
            ++at;
        } else if (quoted) {
            if (c == '"')
                quoted = false;
            else
                out += c == ';' || c == '=' ? ' ' : c;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')') {
            depth = std::max(0, depth - 1);
            out += ' ';
        } else if (depth == 0) {
            if (c == '"')
                quoted = true;
            else
                out += c == '\t' || c == '\r' || c == '\n' ? ' ' : c;
        }
    }
    return out;
}

/// "dkim=pass", "header.d=example.org"; blanks around '=' do not count.
std::vector<std::pair<QByteArray, QByteArray>> assignments(const QByteArray &text)
{
    std::vector<std::pair<QByteArray, QByteArray>> found;
    QByteArray tight = text.simplified();
    tight.replace(" =", "=");
    tight.replace("= ", "=");
    for (const QByteArray &word : tight.split(' ')) {
        const qsizetype equals = word.indexOf('=');
        if (equals > 0 && found.size() < maxProperties)
            found.emplace_back(word.first(equals).toLower(), word.sliced(equals + 1));
    }
    return found;
}

/// "example.org" of "example.org", "@example.org" and "news@example.org".
QString domainOfProperty(const QByteArray &value)
{
    const qsizetype at = value.lastIndexOf('@');
    return domainOfAddress(QLatin1Char('@') + QString::fromUtf8(at < 0 ? value : value.sliced(at + 1)));
}

bool sameOwner(const QString &one, const QString &other)
{
    return !one.isEmpty() && registeredDomain(domainInLetters(one)) == registeredDomain(domainInLetters(other));
}

bool counts(const std::optional<AuthenticationResults> &results, const QString &authority)
{
    return results && !authority.isEmpty() && registeredDomain(QString::fromUtf8(results->authservId)) == authority;
}

} // namespace

QByteArray AuthenticationMethod::property(QByteArrayView name) const
{
    const auto found
        = std::find_if(properties.begin(), properties.end(), [name](const auto &entry) { return entry.first == name; });
    return found == properties.end() ? QByteArray() : found->second;
}

std::optional<AuthenticationResults> parseAuthenticationResults(QByteArrayView value)
{
    const QByteArrayList pieces = plainValue(value.first(std::min(value.size(), HeaderLimits::bytes))).split(';');
    const QByteArray authority = pieces.constFirst().simplified().split(' ').constFirst().toLower();
    if (authority.isEmpty() || authority.contains('=') || authority.size() > 253)
        return std::nullopt;
    AuthenticationResults results{authority, {}};
    for (qsizetype index = 1; index < pieces.size() && results.methods.size() < maxMethods; ++index) {
        auto words = assignments(pieces[index]);
        if (words.empty())
            continue;
        AuthenticationMethod method;
        method.method = words.front().first.split('/').constFirst(); // "dkim/1"
        method.result = words.front().second.toLower();
        words.erase(words.begin());
        method.properties = std::move(words);
        results.methods.push_back(std::move(method));
    }
    return results;
}

std::optional<AuthenticationResults> topmostResults(QByteArrayView header)
{
    const QByteArray value = headerFieldValue(header, "Authentication-Results");
    return value.isNull() ? std::nullopt : parseAuthenticationResults(value);
}

QString learntAuthority(const std::vector<AuthorityEvidence> &evidence)
{
    struct Votes {
        int messages = 0;
        QSet<QString> senders;
    };
    QHash<QString, Votes> votes;
    for (const AuthorityEvidence &one : evidence) {
        if (one.authservId.isEmpty())
            continue;
        Votes &own = votes[registeredDomain(QString::fromUtf8(one.authservId))];
        ++own.messages;
        own.senders.insert(registeredDomain(one.senderDomain));
    }
    for (auto it = votes.cbegin(); it != votes.cend(); ++it) {
        const bool most = it->messages * 5 >= static_cast<int>(evidence.size()) * 4;
        if (most && it->messages >= enoughMessages && it->senders.size() >= enoughSenders)
            return it.key();
    }
    return {};
}

std::optional<QStringList> validSigners(const std::optional<AuthenticationResults> &results, const QString &authority)
{
    if (!counts(results, authority))
        return std::nullopt;
    QStringList domains;
    for (const AuthenticationMethod &method : results->methods) {
        if (method.method == "dkim" && method.result == "pass")
            domains.append(QString::fromUtf8(method.property("header.d")).toLower());
    }
    return domains;
}

Authenticity authenticityOf(const std::optional<AuthenticationResults> &results, const QString &authority,
                            const QString &senderDomain)
{
    if (!counts(results, authority) || senderDomain.isEmpty())
        return Authenticity::Unknown;
    bool looked = false;
    bool verified = false;
    for (const AuthenticationMethod &method : results->methods) {
        const bool pass = method.result == "pass";
        if (method.method == "dmarc") {
            looked = true;
            const QByteArray checked = method.property("header.from");
            const bool ofThis = checked.isEmpty() || sameOwner(domainOfProperty(checked), senderDomain);
            if (method.result == "fail" && ofThis)
                return Authenticity::Refuted;
            verified = verified || (pass && ofThis);
        } else if (method.method == "dkim") {
            looked = true;
            const QByteArray domain = method.property("header.d");
            const QByteArray signer = domain.isEmpty() ? method.property("header.i") : domain;
            verified = verified || (pass && sameOwner(domainOfProperty(signer), senderDomain));
        } else if (method.method == "spf") {
            looked = true;
            verified
                = verified || (pass && sameOwner(domainOfProperty(method.property("smtp.mailfrom")), senderDomain));
        }
    }
    if (verified)
        return Authenticity::Verified;
    return looked ? Authenticity::Unverified : Authenticity::Unknown;
}

} // namespace kittiwake::mime
