// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/partindex.h"

#include "core/mime/content.h"

namespace kittiwake::mime
{

PartIndex::PartIndex(const mail::BodyPart &root)
{
    add(root, {}, 0);
}

void PartIndex::add(const mail::BodyPart &part, const QByteArray &section, int depth)
{
    if (static_cast<std::size_t>(m_parts.size()) >= ContentLimits::parts || depth > ContentLimits::depth)
        return;
    if (part.isMultipart()) {
        int number = 0;
        for (const mail::BodyPart &child : part.children) {
            const QByteArray digits = QByteArray::number(++number);
            add(child, section.isEmpty() ? digits : QByteArray(section + '.' + digits), depth + 1);
        }
        return;
    }
    const QByteArray own = section.isEmpty() ? QByteArrayLiteral("1") : section;
    m_parts.insert(own, &part);
    // Some mailers call every file application/octet-stream; what the bytes are decides later.
    const bool mayBeImage = part.type == "image" || (part.type == "application" && part.subtype == "octet-stream");
    if (!mayBeImage || part.id.isEmpty())
        return;
    QByteArray id = part.id.trimmed();
    if (id.startsWith('<') && id.endsWith('>'))
        id = id.sliced(1, id.size() - 2);
    if (!id.isEmpty())
        m_images.try_emplace(id, Image{own, &part});
}

} // namespace kittiwake::mime
