// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/address.h"

namespace kittiwake::mail
{

bool Address::isValid() const
{
    const qsizetype at = address.lastIndexOf(QLatin1Char('@'));
    if (at <= 0 || at == address.size() - 1 || address.size() > 320)
        return false;
    for (const QChar character : address) {
        if (character.isSpace() || character.category() == QChar::Other_Control
            || character.category() == QChar::Other_Format)
            return false;
    }
    return true;
}

} // namespace kittiwake::mail
