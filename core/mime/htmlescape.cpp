// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/htmlescape.h"

namespace kittiwake::mime
{

void appendEscaped(QByteArray &out, QByteArrayView text)
{
    qsizetype from = 0;
    const auto replace = [&](qsizetype at, QByteArrayView with) {
        out.append(text.sliced(from, at - from));
        out.append(with);
        from = at + 1;
    };
    for (qsizetype at = 0; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c == '&')
            replace(at, "&amp;");
        else if (c == '<')
            replace(at, "&lt;");
        else if (c == '>')
            replace(at, "&gt;");
        else if (c == '"')
            replace(at, "&quot;");
        else if (c == '\f')
            replace(at, " ");
        else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F)
            replace(at, {});
    }
    out.append(text.sliced(from));
}

} // namespace kittiwake::mime
