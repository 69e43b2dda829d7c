// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/bodystructure.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>

#include <optional>
#include <vector>

namespace kittiwake::mime
{

/** An entity (RFC 2045 section 2.4) as found in the bytes of a message; offsets are into those. */
struct ScannedEntity {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    std::size_t parent = none;
    qsizetype headerFrom = 0;
    qsizetype bodyFrom = 0;
    qsizetype bodyTo = 0;
    mail::BodyPart part; ///< without children and size
    bool container = false; ///< a multipart with a boundary, or a message/rfc822 whose message follows as an entity
};

/** Finds the entities of a message, outer before inner, in the order of their headers. */
class MessageScanner
{
public:
    explicit MessageScanner(QByteArrayView bytes) : m_bytes(bytes) { }

    void run();

    [[nodiscard]] std::vector<ScannedEntity> &entities() { return m_entities; }
    [[nodiscard]] bool isDamaged() const { return m_damaged; }
    [[nodiscard]] bool isTooBig() const { return m_tooBig; }

private:
    enum class State {
        Header,
        Body, ///< of a leaf
        Between, ///< before the first and after the last part of a multipart
    };
    struct OpenMultipart {
        std::size_t entity;
        QByteArray boundary;
        std::optional<std::size_t> hidden; ///< index of the multipart whose equal boundary this one covers
    };

    bool takeBoundary(qsizetype lineFrom, qsizetype lineTo);
    void takeHeaderLine(qsizetype lineFrom, qsizetype lineTo, qsizetype next);
    void openEntity(std::size_t parent, qsizetype at);
    void endHeader(qsizetype headerTo, qsizetype bodyFrom);
    void endOpenHeaders(qsizetype at);
    void closeEntities(std::size_t multiparts, qsizetype at);
    void popMultipart();
    [[nodiscard]] int depthOf(std::size_t entity) const;

    QByteArrayView m_bytes;
    std::vector<ScannedEntity> m_entities;
    std::vector<int> m_depths;
    std::vector<OpenMultipart> m_open;
    QHash<QByteArray, std::size_t> m_byBoundary; ///< the innermost open multipart with that boundary
    std::vector<std::size_t> m_chain; ///< entities that are open, outer first
    State m_state = State::Header;
    qsizetype m_previousEnd = 0; ///< where the last line ended, without its line end
    std::size_t m_leaves = 0;
    bool m_damaged = false;
    bool m_tooBig = false;
};

} // namespace kittiwake::mime
