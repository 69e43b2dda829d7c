// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/htmltree.h"

#include "core/mime/sanitiser.h"

#include <gumbo.h>

#include <array>
#include <chrono>
#include <csetjmp>
#include <cstddef>
#include <cstdlib>
#include <vector>

#if __has_include(<unistd.h>)
#include <time.h>
#include <unistd.h>
#endif

namespace kittiwake::mime
{

namespace
{

constexpr std::size_t memoryBudget = std::size_t{192} * 1024 * 1024;
constexpr std::size_t chunkSize = std::size_t{256} * 1024;

/// CPU time of this thread where the system tells it, so that a busy machine does not make a mail "too costly".
std::int64_t nowMilliseconds()
{
#if defined(_POSIX_THREAD_CPUTIME) && _POSIX_THREAD_CPUTIME >= 0
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1000000;
#else
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
#endif
}

} // namespace

/// Memory of one parse. Small blocks come from chunks and go back to lists by size; large ones come from malloc().
struct HtmlTree::Arena {
    struct alignas(std::max_align_t) Header {
        std::size_t sizeClass; ///< index of the list; the number of lists for a large block
        std::size_t index; ///< of a large block
    };
    static constexpr std::size_t smallest = 16;
    static constexpr std::size_t classes = 9; ///< 16 … 4096

    std::array<void *, classes> freeLists{};
    std::vector<void *> chunks;
    std::vector<void *> large;
    std::size_t used = 0;
    std::byte *next = nullptr;
    std::size_t left = 0;
    std::int64_t deadline = 0;
    unsigned calls = 0;
    std::chrono::steady_clock::time_point lastLook;
    std::jmp_buf escape{}; // NOLINT(modernize-avoid-c-arrays): the type is the platform's

    Arena() = default;
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;
    ~Arena()
    {
        for (void *chunk : chunks)
            std::free(chunk);
        for (void *block : large)
            std::free(block);
    }

    void *take(std::size_t size)
    {
        used += size;
        // gumbo allocates for each token and does not check for null; longjmp leaves only its own frames.
        if (used > memoryBudget)
            std::longjmp(escape, 1);
        void *block = std::malloc(size);
        if (block == nullptr)
            std::longjmp(escape, 1);
        return block;
    }

    /// CPU time costs a system call: it is looked at only when some time has passed on the cheap clock.
    void tick()
    {
        if ((++calls % 8) != 0)
            return;
        const auto now = std::chrono::steady_clock::now();
        if (now - lastLook < std::chrono::milliseconds(4))
            return;
        lastLook = now;
        if (nowMilliseconds() > deadline)
            std::longjmp(escape, 1);
    }

    void *allocate(std::size_t size)
    {
        tick();
        std::size_t sizeClass = 0;
        std::size_t rounded = smallest;
        while (rounded < size && sizeClass < classes) {
            rounded *= 2;
            ++sizeClass;
        }
        if (sizeClass >= classes) {
            auto *header = static_cast<Header *>(take(sizeof(Header) + size));
            *header = {classes, large.size()};
            large.push_back(header);
            return header + 1;
        }
        if (void *block = freeLists[sizeClass]) {
            freeLists[sizeClass] = *static_cast<void **>(block);
            return block;
        }
        const std::size_t total = sizeof(Header) + rounded;
        if (left < total) {
            next = static_cast<std::byte *>(take(chunkSize));
            chunks.push_back(next);
            left = chunkSize;
        }
        auto *header = reinterpret_cast<Header *>(next);
        *header = {sizeClass, 0};
        next += total;
        left -= total;
        return header + 1;
    }

    void release(void *block)
    {
        if (block == nullptr)
            return;
        Header *header = static_cast<Header *>(block) - 1;
        if (header->sizeClass < classes) {
            *static_cast<void **>(block) = freeLists[header->sizeClass];
            freeLists[header->sizeClass] = block;
            return;
        }
        void *last = large.back();
        static_cast<Header *>(last)->index = header->index;
        large[header->index] = last;
        large.pop_back();
        std::free(header);
    }

    /// Alone in its function: setjmp() and objects with destructors do not go together.
    GumboOutput *parse(const GumboOptions &options, const char *data, std::size_t size)
    {
        if (setjmp(escape) != 0) // NOLINT(cert-err52-cpp)
            return nullptr;
        return gumbo_parse_with_options(&options, data, size);
    }
};

void *HtmlTree::allocate(void *arena, std::size_t size)
{
    return static_cast<Arena *>(arena)->allocate(size);
}

void HtmlTree::release(void *arena, void *block)
{
    static_cast<Arena *>(arena)->release(block);
}

HtmlTree::HtmlTree(const QByteArray &utf8) : m_source(utf8), m_arena(std::make_unique<Arena>())
{
    if (m_source.size() > SanitiserLimits::inputBytes) {
        m_source.truncate(SanitiserLimits::inputBytes);
        m_truncated = true;
    }
    m_arena->deadline = nowMilliseconds() + SanitiserLimits::milliseconds;
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = &HtmlTree::allocate;
    options.deallocator = &HtmlTree::release;
    options.userdata = m_arena.get();
    options.max_errors = 0;
    const GumboOutput *output
        = m_arena->parse(options, m_source.constData(), static_cast<std::size_t>(m_source.size()));
    // The output is never destroyed by gumbo (it recurses); the arena goes with this object.
    m_root = output != nullptr ? output->root : nullptr;
}

HtmlTree::~HtmlTree() = default;

} // namespace kittiwake::mime
