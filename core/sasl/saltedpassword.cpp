// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sasl/saltedpassword.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <gsasl.h>

namespace kittiwake::sasl
{

namespace
{

constexpr std::size_t longestHash = 32;

/** A string of GNU SASL's, wiped before it is freed. */
struct Prepared {
    char *text = nullptr;

    Prepared() = default;
    Prepared(const Prepared &) = delete;
    Prepared &operator=(const Prepared &) = delete;
    ~Prepared()
    {
        if (text == nullptr)
            return;
        OPENSSL_cleanse(text, std::strlen(text));
        gsasl_free(text);
    }
};

} // namespace

std::optional<Secret> saltedPassword(ScramHash hash, const Secret &password, QByteArrayView salt, std::uint32_t rounds)
{
    Prepared prepared;
    // As GNU SASL itself does for a client: no code points that Unicode 3.2 had not assigned.
    if (gsasl_saslprep(password.reveal().constData(), static_cast<Gsasl_saslprep_flags>(0), &prepared.text, nullptr)
            != GSASL_OK
        || prepared.text == nullptr)
        return std::nullopt;
    const EVP_MD *const digest = hash == ScramHash::Sha1 ? EVP_sha1() : EVP_sha256();
    std::array<unsigned char, longestHash> key{};
    const int size = EVP_MD_get_size(digest);
    const int done
        = PKCS5_PBKDF2_HMAC(prepared.text, static_cast<int>(std::strlen(prepared.text)),
                            reinterpret_cast<const unsigned char *>(salt.data()), static_cast<int>(salt.size()),
                            static_cast<int>(rounds), digest, size, key.data());
    std::optional<Secret> result;
    if (done == 1)
        result.emplace(QByteArray::fromRawData(reinterpret_cast<const char *>(key.data()), size).toHex());
    OPENSSL_cleanse(key.data(), key.size());
    return result;
}

} // namespace kittiwake::sasl
