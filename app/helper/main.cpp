// SPDX-License-Identifier: GPL-3.0-or-later
// kittiwake-helper TASK [FORMAT] [WIDTH HEIGHT]: takes one file of a stranger apart, which comes on standard input, and
// answers with one CBOR map (RFC 8949) on standard output. The window runs it once for each file: whatever the file
// does to a decoder, it happens in a process that holds nothing and may do nothing (confine.h).
#include "app/helper/confine.h"
#include "app/helper/tasks.h"

#include <QCborValue>
#include <QCoreApplication>
#include <QFile>
#include <QImageReader>

#include <cstdio>
#include <cstdlib>

#ifdef Q_OS_WIN
#include <fcntl.h>
#include <io.h>
#else
#include <unistd.h>
#endif

using namespace kittiwake;

namespace
{

constexpr qsizetype maxInput = 64 * 1024 * 1024;
constexpr int maxSide = 4096;

int descriptorForAnswer()
{
    // Libraries print to standard output what they think of a file; the answer has a way of its own.
#ifdef Q_OS_WIN
    const int answer = _dup(1);
    _setmode(answer, _O_BINARY);
    _setmode(0, _O_BINARY);
    _dup2(2, 1);
#else
    const int answer = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
#endif
    return answer;
}

QSize sizeOf(const QStringList &arguments, qsizetype at)
{
    const auto side = [&arguments](qsizetype index) { return qBound(1, arguments.value(index).toInt(), maxSide); };
    return {side(at), side(at + 1)};
}

QCborMap confinement()
{
    const helper::Freedom left = helper::freedom();
    return {{QStringLiteral("sockets"), left.sockets},
            {QStringLiteral("programs"), left.programs},
            {QStringLiteral("files"), left.files}};
}

} // namespace

int main(int argc, char **argv)
{
    const int answer = descriptorForAnswer();
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    const QString task = arguments.value(0);
    if (task == QLatin1String("image"))
        static_cast<void>(QImageReader::supportedImageFormats()); // loads the plugins while that is allowed
    helper::confine();

    QFile input;
    QByteArray bytes;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return EXIT_FAILURE;
    bytes = input.read(maxInput + 1);
    if (bytes.size() > maxInput)
        return EXIT_FAILURE;
    QCborMap map;
    if (task == QLatin1String("image"))
        map = helper::picture(bytes, arguments.value(1).toLatin1(), sizeOf(arguments, 2));
    else if (task == QLatin1String("pdf"))
        map = helper::firstPage(bytes, sizeOf(arguments, 1));
    else if (task == QLatin1String("winmail"))
        map = helper::winmail(bytes);
    else if (task == QLatin1String("invitation"))
        map = helper::invitation(bytes);
    else if (task == QLatin1String("confinement"))
        map = confinement();
    else
        return 2;
    QFile output;
    if (!output.open(answer, QIODevice::WriteOnly, QFileDevice::AutoCloseHandle)
        || output.write(QCborValue(map).toCbor()) < 0 || !output.flush())
        return EXIT_FAILURE;
    output.close();
    std::_Exit(EXIT_SUCCESS); // nothing is freed by libraries that saw the file
}
