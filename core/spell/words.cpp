// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spell/words.h"

#include <QChar>
#include <QString>

#include <algorithm>
#include <array>

namespace kittiwake::spell
{

namespace
{

constexpr qsizetype longestWord = 64;
constexpr qsizetype longestCapitals = 5;
constexpr char16_t softHyphen = 0xad;

struct Character {
    char32_t code = 0;
    int units = 1;
};

Character at(QStringView text, qsizetype i)
{
    if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate())
        return {QChar::surrogateToUcs4(text[i], text[i + 1]), 2};
    return {text[i].unicode(), 1};
}

bool isPart(char32_t code)
{
    return QChar::isLetter(code) || QChar::isMark(code);
}

/** Between two letters they are a part of the word. */
bool isJoiner(char32_t code)
{
    constexpr std::array<char32_t, 8> joiners{U'\'', 0x2019, U'-', 0x2010, 0xb7, softHyphen, 0x200c, 0x200d};
    return std::find(joiners.begin(), joiners.end(), code) != joiners.end();
}

bool hasNoBlanks(char32_t code)
{
    switch (QChar::script(code)) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Bopomofo:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return true;
    default:
        return false;
    }
}

/** A run of what is no blank. */
bool isTechnical(QStringView chunk)
{
    constexpr std::array<const char *, 8> marks{"://", "@", "_", "\\", "::", "->", "()", "="};
    for (const char *mark : marks) {
        if (chunk.contains(QLatin1StringView(mark)))
            return true;
    }
    if (chunk.startsWith(QLatin1String("www."), Qt::CaseInsensitive) || chunk.startsWith(u'/') || chunk.startsWith(u'#')
        || chunk.startsWith(u'$') || chunk.startsWith(QLatin1String("~/")) || chunk.startsWith(QLatin1String("--")))
        return true;
    if (chunk.size() > 1 && chunk.startsWith(u'-') && chunk[1].isLetter())
        return true;
    int slashes = 0;
    for (qsizetype i = 0; i < chunk.size(); ++i) {
        const char16_t c = chunk[i].unicode();
        slashes += c == u'/' ? 1 : 0;
        if (c == u'{' || c == u'}' || c == u'<' || c == u'>' || slashes > 1)
            return true;
        // "example.org", "list.txt", "z.B.", and "mailto:somebody"
        const bool isInside
            = i > 0 && i + 1 < chunk.size() && chunk[i - 1].isLetterOrNumber() && chunk[i + 1].isLetterOrNumber();
        if (isInside && (c == u'.' || c == u':'))
            return true;
    }
    return false;
}

/** Letters between start and end: whether a dictionary has a say. */
bool isJudged(QStringView word)
{
    qsizetype letters = 0;
    qsizetype capitals = 0;
    bool hasInnerCapital = false;
    bool afterLower = false;
    for (qsizetype i = 0; i < word.size();) {
        const Character c = at(word, i);
        i += c.units;
        if (hasNoBlanks(c.code))
            return false;
        if (!QChar::isLetter(c.code)) {
            afterLower = afterLower && QChar::isMark(c.code);
            continue;
        }
        ++letters;
        const bool isCapital = QChar::isUpper(c.code);
        capitals += isCapital ? 1 : 0;
        hasInnerCapital = hasInnerCapital || (isCapital && afterLower);
        afterLower = QChar::isLower(c.code);
    }
    if (letters < 2 || letters > longestWord || hasInnerCapital)
        return false;
    return capitals < letters || letters > longestCapitals;
}

void addWords(QStringView line, qsizetype begin, qsizetype end, std::vector<WordRange> &result)
{
    qsizetype i = begin;
    while (i < end) {
        const Character first = at(line, i);
        if (!isPart(first.code) && !QChar::isDigit(first.code)) {
            i += first.units;
            continue;
        }
        const qsizetype start = i;
        qsizetype last = i; // behind what belongs to it for sure
        bool hasDigit = false;
        while (i < end) {
            const Character c = at(line, i);
            if (isPart(c.code) || QChar::isDigit(c.code)) {
                hasDigit = hasDigit || QChar::isDigit(c.code);
                i += c.units;
                last = i;
            } else if (isJoiner(c.code) && i == last) {
                i += c.units;
            } else {
                break;
            }
        }
        const QStringView word = line.sliced(start, last - start);
        if (!hasDigit && isJudged(word))
            result.push_back({start, last - start});
    }
}

} // namespace

std::vector<WordRange> wordsToCheck(QStringView line)
{
    std::vector<WordRange> result;
    qsizetype i = 0;
    qsizetype lastTick = line.lastIndexOf(u'`');
    while (i < line.size()) {
        if (line[i].isSpace() || line[i] == QChar::ObjectReplacementCharacter) {
            ++i;
            continue;
        }
        if (line[i] == u'`' && lastTick > i) {
            i = line.indexOf(u'`', i + 1) + 1;
            continue;
        }
        qsizetype end = i + 1;
        while (end < line.size() && !line[end].isSpace() && line[end] != u'`'
               && line[end] != QChar::ObjectReplacementCharacter)
            ++end;
        if (!isTechnical(line.sliced(i, end - i)))
            addWords(line, i, end, result);
        i = end;
    }
    return result;
}

QString dictionaryForm(QStringView word)
{
    QString result = word.toString();
    result.replace(QChar(0x2019), u'\'');
    result.replace(QChar(0x2010), u'-');
    result.remove(QChar(softHyphen));
    return result;
}

} // namespace kittiwake::spell
