// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/transcripts/transcript.h"

#include <QFile>
#include <QFileInfo>

namespace kittiwake
{

namespace
{

/** \r \n \0 \\ \xHH */
QByteArray unescaped(const QByteArray &text)
{
    QByteArray result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            result += text[i];
            continue;
        }
        const char next = text[++i];
        if (next == 'r')
            result += '\r';
        else if (next == 'n')
            result += '\n';
        else if (next == '0')
            result += '\0';
        else if (next == 'x') {
            result += QByteArray::fromHex(text.mid(i + 1, 2));
            i += 2;
        } else
            result += next;
    }
    return result;
}

} // namespace

qsizetype Transcript::serverBytes() const
{
    qsizetype sum = 0;
    for (const TranscriptStep &step : steps) {
        if (step.kind == TranscriptStep::Kind::Server)
            sum += step.text.size();
    }
    return sum;
}

Result<Transcript> readTranscript(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorKind::Storage, path, file.errorString());
    Transcript transcript;
    transcript.name = QFileInfo(path).completeBaseName();
    int number = 0;
    while (!file.atEnd()) {
        QByteArray line = file.readLine();
        if (line.endsWith('\n'))
            line.chop(1);
        ++number;
        if (line.startsWith("# one read"))
            transcript.oneReadOnly = true;
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        TranscriptStep step;
        step.line = number;
        const QByteArray mark = line.left(2);
        // "S:" alone is an empty line.
        step.text = line.mid(line.size() > 2 && line[2] == ' ' ? 3 : 2);
        if (mark == "S:") {
            step.kind = TranscriptStep::Kind::Server;
            step.text += "\r\n";
        } else if (mark == "S~") {
            step.kind = TranscriptStep::Kind::Server;
            step.text = unescaped(step.text);
        } else if (mark == "C:") {
            step.kind = TranscriptStep::Kind::Client;
        } else if (mark == "T:") {
            step.kind = TranscriptStep::Kind::Upgrade;
        } else if (mark == "X ") {
            step.text = line.mid(2);
        } else if (mark == "R:") {
            step.kind = TranscriptStep::Kind::Report;
        } else {
            return failure(ErrorKind::Input, path, QStringLiteral("line %1 is no transcript line").arg(number));
        }
        transcript.steps.push_back(step);
    }
    return transcript;
}

} // namespace kittiwake
