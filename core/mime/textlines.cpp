// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/textlines.h"

#include "core/mime/tabletext.h"

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

/** "> > text", ">> text": how deep, and where the text behind the marks begins. */
struct Quote {
    int depth = 0;
    qsizetype end = 0;

    Quote(QStringView line, bool afterQuote)
    {
        // mbox files mark lines that begin with "From " so; no person quotes a single one.
        if (!afterQuote && line.startsWith(QLatin1String(">From ")))
            return;
        qsizetype at = 0;
        while (at < line.size() && depth < TextLimits::depth) {
            if (line[at] == u'>') {
                ++depth;
                end = at + 1;
            } else if (line[at] != u' ' || depth == 0) {
                break;
            }
            ++at;
        }
    }
};

bool isBlankLine(QStringView line)
{
    return line.trimmed().isEmpty();
}

struct Letters {
    int leftToRight = 0;
    int rightToLeft = 0;

    explicit Letters(QStringView text)
    {
        // Enough to know which way a line goes.
        constexpr qsizetype looked = 600;
        for (const QChar c : text.first(std::min(text.size(), looked))) {
            if (c.unicode() < 0x80) {
                leftToRight += (c.unicode() | 0x20) >= 'a' && (c.unicode() | 0x20) <= 'z' ? 1 : 0;
                continue;
            }
            const QChar::Direction direction = c.direction();
            if (direction == QChar::DirL)
                ++leftToRight;
            else if (direction == QChar::DirR || direction == QChar::DirAL)
                ++rightToLeft;
        }
    }
    [[nodiscard]] bool any() const { return leftToRight + rightToLeft > 0; }
    // Addresses and product names bring left-to-right letters into every language.
    [[nodiscard]] bool isMostlyRightToLeft() const { return rightToLeft * 3 > leftToRight + rightToLeft; }
};

/** Breaks lines that would take long to lay out, at a blank where there is one. */
QString inPieces(const QString &text)
{
    QString result;
    qsizetype start = 0;
    while (start < text.size()) {
        qsizetype end = text.indexOf(u'\n', start);
        if (end < 0)
            end = text.size();
        if (end - start <= TextLimits::lineCharacters) {
            result += QStringView(text).mid(start, end - start + 1);
            start = end + 1;
            continue;
        }
        end = start + TextLimits::lineCharacters;
        const qsizetype blank = QStringView(text).first(end).lastIndexOf(u' ');
        if (blank > start + TextLimits::lineCharacters / 2)
            end = blank + 1;
        else if (text.at(end - 1).isHighSurrogate())
            --end;
        result += QStringView(text).mid(start, end - start);
        result += u'\n';
        start = end;
    }
    return result;
}

class Arranger
{
public:
    explicit Arranger(const QString &text) : m_text(text) { }

    std::vector<TextLine> arrange()
    {
        for (const QStringView line : QStringView(m_text).tokenize(u'\n'))
            m_raw.push_back(line);
        m_lines.resize(m_raw.size());
        m_inner.reserve(m_raw.size());
        findQuotes();
        findSignature();
        findParagraphs();
        return std::move(m_lines);
    }

private:
    void findQuotes()
    {
        bool afterQuote = false;
        for (std::size_t index = 0; index < m_raw.size(); ++index) {
            const Quote quote(m_raw[index], afterQuote);
            m_lines[index].depth = static_cast<std::uint8_t>(quote.depth);
            m_inner.push_back(m_raw[index].sliced(quote.end));
            afterQuote = quote.depth > 0;
        }
    }

    void findSignature()
    {
        // The blank behind the dashes gets lost on the way; then it counts for a few lines at the end only.
        constexpr std::size_t shortSignature = 12;
        bool signs = false;
        for (std::size_t index = 0; index < m_raw.size(); ++index) {
            if (m_lines[index].depth > 0) {
                signs = false;
                continue;
            }
            const QStringView line = m_raw[index];
            if (line == QLatin1String("-- ")
                || (line == QLatin1String("--") && m_raw.size() - index <= shortSignature + 1))
                signs = true;
            m_lines[index].isSignature = signs;
        }
    }

    /** Neighbouring lines of one depth that are not blank. */
    void findParagraphs()
    {
        bool before
            = Letters(QStringView(m_text).first(std::min<qsizetype>(m_text.size(), 2000))).isMostlyRightToLeft();
        std::size_t from = 0;
        while (from < m_raw.size()) {
            if (isBlankLine(m_inner[from])) {
                m_lines[from].isRightToLeft = before;
                ++from;
                continue;
            }
            std::size_t to = from + 1;
            while (to < m_raw.size() && m_lines[to].depth == m_lines[from].depth
                   && m_lines[to].isSignature == m_lines[from].isSignature && !isBlankLine(m_inner[to]))
                ++to;
            before = takeParagraph(from, to, before);
            from = to;
        }
    }

    bool takeParagraph(std::size_t from, std::size_t to, bool before)
    {
        int leftToRight = 0;
        int rightToLeft = 0;
        TableText table;
        for (std::size_t index = from; index < to; ++index) {
            const Letters letters(m_inner[index]);
            leftToRight += letters.leftToRight;
            rightToLeft += letters.rightToLeft;
            table.add(m_inner[index]);
        }
        const bool whole = leftToRight + rightToLeft > 0 ? rightToLeft * 3 > leftToRight + rightToLeft : before;
        const bool fixed = table.isTable();
        for (std::size_t index = from; index < to; ++index) {
            const Letters letters(m_inner[index]);
            const bool isPure = letters.any() && (letters.leftToRight == 0 || letters.rightToLeft == 0);
            m_lines[index].isRightToLeft = isPure ? letters.rightToLeft > 0 : whole;
            m_lines[index].isFixed = fixed;
        }
        return whole;
    }

    const QString &m_text;
    std::vector<QStringView> m_raw;
    std::vector<QStringView> m_inner; ///< behind the quote marks
    std::vector<TextLine> m_lines;
};

} // namespace

ArrangedText arrangeText(const QString &text)
{
    ArrangedText arranged;
    const bool hasLongLine = [&text] {
        qsizetype start = 0;
        while (start < text.size()) {
            qsizetype end = text.indexOf(u'\n', start);
            if (end < 0)
                end = text.size();
            if (end - start > TextLimits::lineCharacters)
                return true;
            start = end + 1;
        }
        return false;
    }();
    arranged.text = hasLongLine ? inPieces(text) : text;
    arranged.lines = Arranger(arranged.text).arrange();
    return arranged;
}

std::vector<TextFold> findFolds(const std::vector<TextLine> &lines)
{
    std::vector<TextFold> folds;
    struct Open {
        int first;
        int depth;
        std::size_t place;
    };
    std::vector<Open> open; // depths grow
    int last = -1; // the last line with a mark; an empty line may stand within a quote
    const auto close = [&](int depth) {
        while (!open.empty() && open.back().depth > depth) {
            folds[open.back().place].last = last;
            open.pop_back();
        }
    };
    const int size = static_cast<int>(lines.size());
    for (int index = 0; index < size; ++index) {
        const int depth = lines[static_cast<std::size_t>(index)].depth;
        if (depth == 0 && index + 1 < size && lines[static_cast<std::size_t>(index) + 1].depth > 0 && last == index - 1)
            continue;
        close(depth);
        if (depth > 0 && (open.empty() || open.back().depth < depth)) {
            open.push_back({index, depth, folds.size()});
            folds.push_back({index, index});
        }
        if (depth > 0)
            last = index;
    }
    close(0);
    std::erase_if(folds, [](const TextFold &fold) { return fold.last - fold.first + 1 < TextLimits::foldLines; });
    return folds;
}

} // namespace kittiwake::mime
