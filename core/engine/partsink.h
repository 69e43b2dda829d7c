// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QSaveFile>
#include <QString>

namespace kittiwake::engine
{

/**
 * Where the octets of a part go while they arrive (Engine::savePart). Called in worker threads, one call at a time, in
 * order; destroyed without finish() where the work was cancelled or failed: then nothing of it may stay.
 */
class PartSink
{
public:
    PartSink() = default;
    PartSink(const PartSink &) = delete;
    PartSink &operator=(const PartSink &) = delete;
    virtual ~PartSink() = default;

    /** Errors: Storage; the work ends with them. */
    [[nodiscard]] virtual Result<void> write(const QByteArray &octets) = 0;
    /** Everything was written. */
    [[nodiscard]] virtual Result<void> finish() = 0;
};

/** A file that is complete or not there: an older one of that name is replaced at the end. Opened at the first octet.
 */
class FileSink final : public PartSink
{
public:
    explicit FileSink(const QString &path) : m_file(path) { }

    [[nodiscard]] Result<void> write(const QByteArray &octets) override;
    [[nodiscard]] Result<void> finish() override;

private:
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Failure failed() const;

    QSaveFile m_file;
};

} // namespace kittiwake::engine
