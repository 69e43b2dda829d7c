// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/bodystructure.h"

#include <QByteArray>
#include <QHash>

#include <map>

namespace kittiwake::mime
{

/** Finds the leaves of a body structure by section, and its images by Content-ID. The structure must outlive it. */
class PartIndex
{
public:
    struct Image {
        QByteArray section;
        const mail::BodyPart *part = nullptr;
    };

    /** Within ContentLimits::parts and ContentLimits::depth. */
    explicit PartIndex(const mail::BodyPart &root);

    [[nodiscard]] const mail::BodyPart *part(const QByteArray &section) const { return m_parts.value(section); }
    /** By Content-ID without angle brackets; the first of equal ones. */
    [[nodiscard]] const std::map<QByteArray, Image> &images() const { return m_images; }

private:
    void add(const mail::BodyPart &part, const QByteArray &section, int depth);

    QHash<QByteArray, const mail::BodyPart *> m_parts;
    std::map<QByteArray, Image> m_images;
};

} // namespace kittiwake::mime
