// SPDX-License-Identifier: GPL-3.0-or-later
// The floor of the first-sync benchmark: signs in over TLS, sends the IMAP commands of a file all at once, and reads
// the answers without looking at them, as fast as OpenSSL (and zlib, after COMPRESS) allow. Nothing is parsed, kept or
// stored. No Qt, so that it measures no event loop either. It signs in as the client does, with SCRAM-SHA-256 where
// that is offered: it takes Dovecot twice as long as PLAIN, 5 ms (November 2026), which is nobody's gain or loss in a
// comparison of FETCH.
//
//   bench_drain HOST PORT CA-FILE USER PASSWORD-FILE COMMANDS-FILE [--compress]
//
// Prints one JSON object: {"bytes_received" on the wire, "bytes_inflated", "seconds" from the first command on}.

#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <zlib.h>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

namespace
{

[[noreturn]] void fail(const char *what)
{
    std::fprintf(stderr, "bench_drain: %s\n", what);
    ERR_print_errors_fp(stderr);
    std::exit(1);
}

std::string fileText(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        fail("a file cannot be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

int connectTo(const char *host, const char *port)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        fail("the host is unknown");
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
    for (const addrinfo *one = found; one != nullptr; one = one->ai_next) {
        const int handle = socket(one->ai_family, one->ai_socktype, one->ai_protocol);
        if (handle < 0)
            continue;
        if (connect(handle, one->ai_addr, one->ai_addrlen) == 0) {
            const int on = 1;
            setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            return handle;
        }
        close(handle);
    }
    fail("the server cannot be reached");
}

std::string base64(std::string_view bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size
        = EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data()),
                          reinterpret_cast<const unsigned char *>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string fromBase64(std::string_view text)
{
    std::string bytes(text.size(), '\0');
    const int size
        = EVP_DecodeBlock(reinterpret_cast<unsigned char *>(bytes.data()),
                          reinterpret_cast<const unsigned char *>(text.data()), static_cast<int>(text.size()));
    if (size < 0)
        fail("the server's challenge is no base64");
    const auto padding = text.size() - (text.find_last_not_of('=') + 1);
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

constexpr std::size_t hashSize = 32;

std::string hmac(const std::string &key, const std::string &message)
{
    std::string result(hashSize, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char *>(message.data()), message.size(),
         reinterpret_cast<unsigned char *>(result.data()), nullptr);
    return result;
}

/** The value of "s=" in "r=…,s=…,i=…". */
std::string attribute(const std::string &message, char name)
{
    const std::string wanted = std::string(",") + name + '=';
    const std::string text = ',' + message;
    const auto at = text.find(wanted);
    if (at == std::string::npos)
        fail("the server's challenge lacks an attribute");
    return text.substr(at + 3, text.find(',', at + 3) - at - 3);
}

/** A TLS connection that is read until a certain tagged line has come. */
class Drain
{
public:
    Drain(const char *host, const char *port, const char *caFile)
    {
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        if (context == nullptr || SSL_CTX_load_verify_file(context, caFile) != 1)
            fail("the CA file cannot be used");
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        m_tls = SSL_new(context);
        SSL_CTX_free(context);
        if (m_tls == nullptr || SSL_set1_host(m_tls, host) != 1 || SSL_set_fd(m_tls, connectTo(host, port)) != 1
            || SSL_connect(m_tls) != 1)
            fail("no TLS");
    }
    Drain(const Drain &) = delete;
    Drain &operator=(const Drain &) = delete;
    ~Drain()
    {
        if (m_compressed) {
            inflateEnd(&m_inflater);
            deflateEnd(&m_deflater);
        }
        const int handle = SSL_get_fd(m_tls);
        SSL_free(m_tls);
        close(handle);
    }

    void send(const std::string &text)
    {
        std::string bytes = text;
        if (m_compressed) {
            bytes.resize(deflateBound(&m_deflater, text.size()) + 16);
            m_deflater.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
            m_deflater.avail_in = static_cast<uInt>(text.size());
            m_deflater.next_out = reinterpret_cast<Bytef *>(bytes.data());
            m_deflater.avail_out = static_cast<uInt>(bytes.size());
            if (deflate(&m_deflater, Z_SYNC_FLUSH) != Z_OK || m_deflater.avail_in > 0)
                fail("deflate");
            bytes.resize(bytes.size() - m_deflater.avail_out);
        }
        if (SSL_write(m_tls, bytes.data(), static_cast<int>(bytes.size())) <= 0)
            fail("the connection was lost");
    }

    /** Reads until a line begins with what is expected, which must be the last line that the server has to say. */
    void drainUntil(const std::string &expected)
    {
        const std::string wanted = '\n' + expected;
        m_tail = "\n";
        while (true) {
            const int count = SSL_read(m_tls, m_wire.data(), static_cast<int>(m_wire.size()));
            if (count <= 0)
                fail("the connection was lost");
            m_received += static_cast<std::uint64_t>(count);
            const std::string_view wire(m_wire.data(), static_cast<std::size_t>(count));
            if (!m_compressed) {
                m_inflated += wire.size();
                keepTail(wire);
            } else {
                inflateAll(wire);
            }
            // Only what came last can be the last line: nothing else is searched.
            if (m_tail.ends_with("\r\n") && m_tail.find(wanted) != std::string::npos)
                return;
        }
    }

    [[nodiscard]] bool offers(std::string_view word) const { return m_tail.find(word) != std::string::npos; }

    /** Reads a continuation request and returns what it says. */
    std::string challenge()
    {
        drainUntil("+ ");
        const auto at = m_tail.rfind("\n+ ") + 3;
        return fromBase64(std::string_view(m_tail).substr(at, m_tail.size() - at - 2));
    }

    /** RFC 7677, without a look at the server's proof. */
    void authenticateScram(const std::string &user, const std::string &password)
    {
        std::string random(18, '\0');
        if (RAND_bytes(reinterpret_cast<unsigned char *>(random.data()), static_cast<int>(random.size())) != 1)
            fail("no random numbers");
        const std::string bare = "n=" + user + ",r=" + base64(random);
        send("a AUTHENTICATE SCRAM-SHA-256 " + base64("n,," + bare) + "\r\n");
        const std::string first = challenge();
        const std::string salt = fromBase64(attribute(first, 's'));
        std::string salted(hashSize, '\0');
        if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                              reinterpret_cast<const unsigned char *>(salt.data()), static_cast<int>(salt.size()),
                              std::atoi(attribute(first, 'i').c_str()), EVP_sha256(), static_cast<int>(hashSize),
                              reinterpret_cast<unsigned char *>(salted.data()))
            != 1)
            fail("PBKDF2");
        const std::string withoutProof = "c=biws,r=" + attribute(first, 'r');
        std::string proof = hmac(salted, "Client Key");
        std::string stored(hashSize, '\0');
        EVP_Digest(proof.data(), proof.size(), reinterpret_cast<unsigned char *>(stored.data()), nullptr, EVP_sha256(),
                   nullptr);
        const std::string signature = hmac(stored, bare + ',' + first + ',' + withoutProof);
        for (std::size_t i = 0; i < proof.size(); ++i)
            proof[i] = static_cast<char>(proof[i] ^ signature[i]);
        send(base64(withoutProof + ",p=" + base64(proof)) + "\r\n");
        challenge();
        send("\r\n");
        drainUntil("a OK");
    }

    void authenticatePlain(const std::string &user, const std::string &password)
    {
        using namespace std::string_literals;
        send("a AUTHENTICATE PLAIN " + base64("\0"s + user + "\0"s + password) + "\r\n");
        drainUntil("a OK");
    }

    void compress()
    {
        if (inflateInit2(&m_inflater, -15) != Z_OK
            || deflateInit2(&m_deflater, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            fail("zlib");
        m_compressed = true;
    }

    void startCounting()
    {
        m_received = 0;
        m_inflated = 0;
    }
    [[nodiscard]] std::uint64_t received() const { return m_received; }
    [[nodiscard]] std::uint64_t inflated() const { return m_inflated; }

private:
    void inflateAll(std::string_view wire)
    {
        m_inflater.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(wire.data()));
        m_inflater.avail_in = static_cast<uInt>(wire.size());
        do {
            m_inflater.next_out = reinterpret_cast<Bytef *>(m_plain.data());
            m_inflater.avail_out = static_cast<uInt>(m_plain.size());
            const int result = inflate(&m_inflater, Z_SYNC_FLUSH);
            if (result != Z_OK && result != Z_BUF_ERROR)
                fail("inflate");
            const std::size_t size = m_plain.size() - m_inflater.avail_out;
            m_inflated += size;
            keepTail({m_plain.data(), size});
        } while (m_inflater.avail_in > 0 || m_inflater.avail_out == 0);
    }

    void keepTail(std::string_view bytes)
    {
        constexpr std::size_t longest = 1000;
        if (bytes.size() >= longest) {
            m_tail.assign(bytes.substr(bytes.size() - longest));
            return;
        }
        m_tail.append(bytes);
        if (m_tail.size() > longest)
            m_tail.erase(0, m_tail.size() - longest);
    }

    SSL *m_tls = nullptr;
    bool m_compressed = false;
    z_stream m_inflater{};
    z_stream m_deflater{};
    std::array<char, 64 * 1024> m_wire;
    std::array<char, 256 * 1024> m_plain;
    std::string m_tail;
    std::uint64_t m_received = 0;
    std::uint64_t m_inflated = 0;
};

} // namespace

int main(int argc, char **argv)
{
    if (argc < 7)
        fail("usage: bench_drain HOST PORT CA-FILE USER PASSWORD-FILE COMMANDS-FILE [--compress]");
    std::string password = fileText(argv[5]);
    password.resize(password.find('\n'));
    std::string commands;
    std::string line;
    std::ifstream file(argv[6]);
    int number = 0;
    while (std::getline(file, line))
        commands += 'f' + std::to_string(++number) + ' ' + line + "\r\n";
    if (number == 0)
        fail("there are no commands");

    const auto drain = std::make_unique<Drain>(argv[1], argv[2], argv[3]);
    drain->drainUntil("* OK");
    if (drain->offers("AUTH=SCRAM-SHA-256"))
        drain->authenticateScram(argv[4], password);
    else
        drain->authenticatePlain(argv[4], password);
    if (argc > 7 && std::string_view(argv[7]) == "--compress") {
        drain->send("c COMPRESS DEFLATE\r\n");
        drain->drainUntil("c OK");
        drain->compress();
    }
    drain->startCounting();
    const auto begin = std::chrono::steady_clock::now();
    drain->send(commands);
    drain->drainUntil('f' + std::to_string(number) + " OK");
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    std::printf("{\"bytes_received\": %llu, \"bytes_inflated\": %llu, \"seconds\": %.6f}\n",
                static_cast<unsigned long long>(drain->received()), static_cast<unsigned long long>(drain->inflated()),
                seconds.count());
    return 0;
}
