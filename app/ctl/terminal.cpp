// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/terminal.h"

#include <QFile>

#ifdef Q_OS_WIN
#include <fcntl.h>
#include <io.h>
#else
#include <unistd.h>
#endif

namespace kittiwake::ctl
{

bool isTerminal(std::FILE *stream)
{
#ifdef Q_OS_WIN
    return _isatty(_fileno(stream)) != 0;
#else
    return isatty(fileno(stream)) != 0;
#endif
}

QByteArray readStandardInput(qint64 limit)
{
#ifdef Q_OS_WIN
    _setmode(_fileno(stdin), _O_BINARY);
#endif
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return {};
    QByteArray all;
    // Memory that is not touched costs nothing; what grows is copied on the way, and the copies stay in the heap.
    all.reserve(limit);
    while (all.size() < limit) {
        const QByteArray piece = input.read(std::min<qint64>(limit - all.size(), 1 << 16));
        if (piece.isEmpty())
            break;
        all += piece;
    }
    return all;
}

void writeText(std::FILE *stream, const QString &text)
{
    QString safe = text;
    if (isTerminal(stream)) {
        for (QChar &character : safe) {
            if (character.category() == QChar::Other_Control && character != QLatin1Char('\n')
                && character != QLatin1Char('\t'))
                character = QChar::ReplacementCharacter;
        }
    }
    writeBytes(stream, safe.toUtf8());
}

void writeBytes(std::FILE *stream, const QByteArray &bytes)
{
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stream);
    std::fflush(stream);
}

} // namespace kittiwake::ctl
