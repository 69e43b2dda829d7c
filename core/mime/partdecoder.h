// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <memory>

namespace kittiwake::mime
{

/**
 * Undoes a transfer encoding in pieces of any size (RFC 2045 section 6): base64 and quoted-printable; everything else
 * passes as it is, as with decodePart(). Damaged input gives what can be read. Linear; holds back a few octets only.
 * One thread at a time.
 */
class PartDecoder
{
public:
    explicit PartDecoder(QByteArrayView encoding);
    ~PartDecoder();
    PartDecoder(const PartDecoder &) = delete;
    PartDecoder &operator=(const PartDecoder &) = delete;

    /** What can be said for certain so far. */
    [[nodiscard]] QByteArray feed(const QByteArray &encoded);
    /** The rest, once everything was fed. */
    [[nodiscard]] QByteArray finish();
    /** After finish(): base64 that ends in the middle of a group, as something that was cut off does. */
    [[nodiscard]] bool isCutOff() const;

private:
    struct State;
    std::unique_ptr<State> m_state; ///< null: nothing to undo
};

} // namespace kittiwake::mime
