// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/messageaccess.h"
#include "core/imap/codec/commandarguments.h"
#include "core/imap/codec/fetchdata.h"
#include "core/mime/content.h"

#include <QByteArrayList>

#include <memory>
#include <optional>

/**
 * What is asked for to read a message, and what the answers are worth: functions of values, without I/O. Servers tell
 * wrong structures (parts that are not there, other numbers, other encodings); so the header of each part comes with
 * it, and where the two disagree the structure is not believed.
 */
namespace kittiwake::engine
{

struct ReadLimits {
    /** Of one text, encoded; what lies behind is not shown (mime::ContentLimits::textBytes). */
    static constexpr std::uint64_t text = 12ULL * 1024 * 1024;
    /** Of all pictures within the text, encoded. */
    static constexpr std::uint64_t images = 44ULL * 1024 * 1024;
    /** Of a message that has to be fetched whole. */
    static constexpr std::uint64_t whole = 64ULL * 1024 * 1024;
    /** Of what is fetched ahead of its being read: texts and pictures. */
    static constexpr std::uint64_t ahead = 1024ULL * 1024;
};

using Structure = std::shared_ptr<const mail::BodyPart>;

/** Octets of these parts, encoded, as the structure says. */
[[nodiscard]] std::uint64_t announcedSize(const mail::BodyPart &root, const QByteArrayList &sections);

/** Asks for the parts and, with check, for their own headers. BINARY only where it saves something. */
[[nodiscard]] imap::FetchItems askForParts(const mail::BodyPart &root, const QByteArrayList &sections,
                                           const MessageAccess::Abilities &abilities, bool check);

/** The parts that came. */
struct ReadParts {
    mime::PartBodies bodies;
    QByteArrayList decoded; ///< sections whose transfer encoding the server has undone
    bool isTruthful = true; ///< everything came, and is what the structure says
};
[[nodiscard]] ReadParts takeParts(const mail::BodyPart &root, const QByteArrayList &sections,
                                  const imap::FetchData &answer);

/** The structure with the encodings of these sections taken away, for bodies that came decoded. */
[[nodiscard]] Structure withoutEncodings(const Structure &root, const QByteArrayList &decoded);

/**
 * The name of a part of a message that was fetched whole, since the server's own numbers are wrong: "local/2.1". Takes
 * the place of a section in mime::Attachment; to fetch it, the whole message is fetched again.
 */
[[nodiscard]] QByteArray localSection(const QByteArray &section);
/** The number in such a name; nothing for an ordinary section. */
[[nodiscard]] std::optional<QByteArray> numberOfLocal(const QByteArray &section);
[[nodiscard]] Error noSuchPart(const QString &where, const QByteArray &section);
/** Gives the attachments of a content such names. */
void nameLocally(mime::MessageContent &content);
/** One part of a whole message, decoded; nothing where there is none. Heavy. */
[[nodiscard]] std::optional<QByteArray> partOfWhole(const QByteArray &message, const QByteArray &section);

/** Only as many, in order, as fit into the limit. */
[[nodiscard]] QByteArrayList withinLimit(const mail::BodyPart &root, const QByteArrayList &sections,
                                         std::uint64_t limit);

} // namespace kittiwake::engine
