// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/attributevalues.h"

#include "core/mime/cssfilter.h"

#include <QByteArrayList>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype maxClasses = 50;

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

bool isWord(const QByteArray &value, qsizetype longest)
{
    return value.size() <= longest && std::all_of(value.begin(), value.end(), [](char c) {
               return isLetter(c) || isDigit(c) || c == '-' || c == '_';
           });
}

bool isLength(const QByteArray &value)
{
    qsizetype at = 0;
    while (at < value.size() && isDigit(value[at]))
        ++at;
    if (at == 0 || at > 5)
        return false;
    if (at < value.size() && value[at] == '.') {
        const qsizetype point = at++;
        while (at < value.size() && isDigit(value[at]))
            ++at;
        if (at - point > 4)
            return false;
    }
    const QByteArrayView unit = QByteArrayView(value).sliced(at);
    return unit.isEmpty() || unit == "%" || unit.compare("px", Qt::CaseInsensitive) == 0;
}

bool isNumber(const QByteArray &value)
{
    const qsizetype from = value.startsWith('+') || value.startsWith('-') ? 1 : 0;
    return value.size() > from && value.size() - from <= 3 && std::all_of(value.begin() + from, value.end(), isDigit);
}

bool isColour(const QByteArray &value)
{
    const qsizetype from = value.startsWith('#') ? 1 : 0;
    return value.size() > from && value.size() <= 32
        && std::all_of(value.begin() + from, value.end(), [](char c) { return isLetter(c) || isDigit(c); });
}

bool isFontList(const QByteArray &value)
{
    return value.size() <= 200 && std::all_of(value.begin(), value.end(), [](char c) {
               return isLetter(c) || isDigit(c) || (c & 0x80) != 0 || QByteArrayView(" ,-_.'\"").contains(c);
           });
}

QByteArray filterClasses(const QByteArray &value)
{
    QByteArray out;
    const QByteArrayList names = value.simplified().split(' ');
    for (qsizetype index = 0; index < std::min(names.size(), maxClasses); ++index) {
        const QByteArray name = filterName(names[index]);
        if (name.isNull())
            continue;
        if (!out.isEmpty())
            out += ' ';
        out += name;
    }
    return out;
}

QByteArray cssColour(const QByteArray &value)
{
    const bool hex = (value.size() == 3 || value.size() == 6) && std::all_of(value.begin(), value.end(), [](char c) {
                         return isDigit(c) || (isLetter(c) && (c | 0x20) <= 'f');
                     });
    return hex ? '#' + value : value;
}

} // namespace kittiwake::mime
