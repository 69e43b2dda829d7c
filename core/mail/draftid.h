// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"

#include <QByteArray>
#include <QHashFunctions>
#include <QMetaType>

#include <algorithm>
#include <compare>

namespace kittiwake::mail
{

/**
 * A message that somebody writes, on this computer: 32 hexadecimal digits, made at random by whoever begins it, so that
 * nobody has to wait for an answer before the first word is saved, and never two of them by accident.
 */
class DraftId
{
public:
    DraftId() = default;

    [[nodiscard]] static DraftId make(Random &random)
    {
        DraftId result;
        for (int i = 0; i < 2; ++i)
            result.m_text += QByteArray::number(random.next(), 16).rightJustified(16, '0');
        return result;
    }
    /** None for what is no such id. */
    [[nodiscard]] static DraftId fromText(const QByteArray &text)
    {
        DraftId result;
        const auto isDigit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
        if (text.size() == 32 && std::all_of(text.begin(), text.end(), isDigit))
            result.m_text = text;
        return result;
    }

    [[nodiscard]] bool isValid() const { return !m_text.isEmpty(); }
    [[nodiscard]] const QByteArray &text() const { return m_text; }

    bool operator==(const DraftId &) const = default;
    bool operator<(const DraftId &other) const { return m_text < other.m_text; }

private:
    QByteArray m_text;
};

inline size_t qHash(const DraftId &id, size_t seed = 0)
{
    return ::qHash(id.text(), seed);
}

} // namespace kittiwake::mail

Q_DECLARE_METATYPE(kittiwake::mail::DraftId)
