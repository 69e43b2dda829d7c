// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/partsink.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <cstdint>
#include <functional>
#include <memory>

namespace kittiwake::engine
{

/** How far a part has come. */
struct PartProgress {
    std::uint64_t octets = 0; ///< decoded and written so far
    std::uint64_t total = 0; ///< that is expected, an estimate within a few octets; 0: not known
    bool isWaiting = false; ///< the connection was lost; it goes on from there when it is back
};

/** What Engine::savePart() brings, and where to. */
struct PartRequest {
    QByteArray section; ///< as in mime::Attachment; empty: the whole message as it is (RFC 5322)
    QString path; ///< the file to write, complete or not at all. Marking it as downloaded is left to the caller.
    std::shared_ptr<PartSink> sink; ///< instead of a file
    std::function<void(const PartProgress &progress)> progress; ///< may be empty; called in the engine thread
};

/** A part that came whole, as far as the server says. */
struct SavedPart {
    std::uint64_t octets = 0; ///< written
    QString doubt; ///< a sentence where it is not what was announced (size, checksum, end); empty: nothing speaks
                   ///< against it
};

} // namespace kittiwake::engine

Q_DECLARE_METATYPE(kittiwake::engine::PartProgress)
