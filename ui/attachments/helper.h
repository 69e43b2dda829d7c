// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QCborMap>
#include <QFuture>
#include <QImage>
#include <QStringList>

namespace kittiwake::ui
{

/**
 * Runs kittiwake-helper (app/helper) for one file of a stranger: decoders of pictures, PDF, winmail.dat and calendars
 * never run in this process, which holds mail and passwords. A helper that crashes, takes too long or answers nonsense
 * is an error and nothing more. UI thread; does not wait.
 */
class Helper
{
public:
    static constexpr int patienceMs = 15'000;
    static constexpr qsizetype maxInput = 64 * 1024 * 1024;
    static constexpr qsizetype maxAnswer = 160 * 1024 * 1024;

    /** The program beside this one. */
    [[nodiscard]] static QString usualProgram();

    explicit Helper(QString program = usualProgram()) : m_program(std::move(program)) { }
    void setProgram(const QString &program) { m_program = program; }

    /** arguments: the task and what belongs to it. Errors: Input where the file cannot be read; Storage, no helper. */
    [[nodiscard]] QFuture<Result<QCborMap>> run(const QStringList &arguments, const QByteArray &bytes) const;

private:
    QString m_program;
};

/** The picture under "image" of an answer; null where there is none, or one that does not hold what it says. */
[[nodiscard]] QImage imageOf(const QCborMap &answer);

} // namespace kittiwake::ui
