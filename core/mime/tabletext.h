// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

#include <array>

namespace kittiwake::mime
{

/**
 * Whether the lines of a paragraph form a table, a drawing or a patch, which only make sense in letters of one width.
 * Looks for frames (box-drawing letters, "+----+", "a | b"), for columns (gaps that end at the same place in several
 * lines) and for lines that are mostly signs. Linear; a few hundred octets of memory.
 */
class TableText
{
public:
    /** One more line, without quote marks. */
    void add(QStringView line);
    [[nodiscard]] bool isTable() const;

private:
    static constexpr int columns = 200; ///< that are looked at

    int m_lines = 0;
    int m_framed = 0; ///< with box-drawing letters
    int m_ruled = 0; ///< "+---+---+", "----  ----", "=====|===="
    int m_barred = 0; ///< with "|" at least twice
    int m_gapped = 0; ///< with a gap in the middle
    int m_aligned = 0; ///< with a gap that ends where one of the line before did
    int m_drawn = 0; ///< mostly signs
    bool m_isPatch = false;
    std::array<bool, columns> m_before{}; ///< where gaps of the line before ended
};

} // namespace kittiwake::mime
