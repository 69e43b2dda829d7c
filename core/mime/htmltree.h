// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <memory>

struct GumboInternalNode;

namespace kittiwake::mime
{

/**
 * HTML as the tree that browsers make of it (gumbo). The parser runs within a budget of memory and CPU time, since some
 * inputs cost it quadratic time (unclosed formatting elements, deep nesting); its tree lives in one arena, so that
 * freeing it needs no recursion. Immutable once made; not to be shared between threads.
 */
class HtmlTree
{
public:
    /** utf8 beyond SanitiserLimits::inputBytes is cut off. */
    explicit HtmlTree(const QByteArray &utf8);
    HtmlTree(const HtmlTree &) = delete;
    HtmlTree &operator=(const HtmlTree &) = delete;
    ~HtmlTree();

    /** The html element; null where the budget was used up. */
    [[nodiscard]] const GumboInternalNode *root() const { return m_root; }
    [[nodiscard]] bool isTruncated() const { return m_truncated; }
    /** What was parsed. */
    [[nodiscard]] const QByteArray &source() const { return m_source; }

private:
    struct Arena;
    static void *allocate(void *arena, std::size_t size);
    static void release(void *arena, void *block);

    QByteArray m_source; ///< the tree points into it
    std::unique_ptr<Arena> m_arena;
    const GumboInternalNode *m_root = nullptr;
    bool m_truncated = false;
};

} // namespace kittiwake::mime
