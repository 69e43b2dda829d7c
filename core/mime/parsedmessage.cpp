// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/parsedmessage.h"

#include "core/mime/messagescanner.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::mime
{

/// Makes the tree and the section numbers (RFC 9051 section 6.4.5.1) from the scanned entities.
class ParsedMessage::Builder
{
public:
    Builder(ParsedMessage &message, std::vector<ScannedEntity> &entities) : m_message(message), m_entities(entities) { }

    void run()
    {
        number();
        // Inner entities come after outer ones: from the back, each is complete before it moves into its parent.
        for (std::size_t index = m_entities.size() - 1; index > 0; --index) {
            auto &siblings = m_entities[m_entities[index].parent].part.children;
            finish(m_entities[index].part);
            siblings.push_back(std::move(m_entities[index].part));
        }
        finish(m_entities.front().part);
        m_message.m_structure = std::move(m_entities.front().part);
    }

private:
    /// Children were added from the last to the first.
    static void finish(mail::BodyPart &part) { std::reverse(part.children.begin(), part.children.end()); }

    void number()
    {
        std::vector<QByteArray> sections(m_entities.size());
        std::vector<int> children(m_entities.size(), 0);
        for (const ScannedEntity &entity : m_entities) {
            if (entity.parent != ScannedEntity::none)
                ++children[entity.parent];
        }
        std::vector<int> seen(m_entities.size(), 0);
        for (std::size_t index = 0; index < m_entities.size(); ++index) {
            ScannedEntity &entity = m_entities[index];
            const bool multipart = entity.part.isMultipart() && children[index] > 0;
            if (entity.part.isMultipart() && !multipart) {
                // Its boundary never came: what it holds is shown as text.
                entity.part.type = "text";
                entity.part.subtype = "plain";
                m_damaged = true;
            }
            QByteArray &section = sections[index];
            if (entity.parent == ScannedEntity::none) {
                section = multipart ? QByteArray() : QByteArrayLiteral("1");
            } else {
                const QByteArray &outer = sections[entity.parent];
                const bool inMessage = m_entities[entity.parent].part.isMessage();
                const QByteArray digits = QByteArray::number(inMessage ? 1 : ++seen[entity.parent]);
                section
                    = inMessage && multipart ? outer : (outer.isEmpty() ? digits : QByteArray(outer + '.' + digits));
            }
            entity.part.size = static_cast<std::uint64_t>(entity.bodyTo - entity.bodyFrom);
            if (!multipart) {
                m_message.m_ranges.insert(section, {entity.bodyFrom, entity.bodyTo});
                m_message.m_headers.insert(section, {entity.headerFrom, entity.bodyFrom});
            }
        }
    }

public:
    [[nodiscard]] bool isDamaged() const { return m_damaged; }

private:
    ParsedMessage &m_message;
    std::vector<ScannedEntity> &m_entities;
    bool m_damaged = false;
};

ParsedMessage::ParsedMessage(const QByteArray &rfc5322) : m_raw(rfc5322)
{
    MessageScanner scanner(m_raw);
    scanner.run();
    m_header = {0, scanner.entities().front().bodyFrom};
    Builder builder(*this, scanner.entities());
    builder.run();
    if (scanner.isDamaged() || builder.isDamaged())
        m_defects.append(QCoreApplication::translate(
            "core", "This message's structure is damaged; it is shown as well as possible."));
    if (scanner.isTooBig())
        m_defects.append(QCoreApplication::translate(
            "core", "This message has too many or too deeply nested parts; some are not shown as parts."));
}

QByteArray ParsedMessage::body(const QByteArray &section) const
{
    const auto found = m_ranges.constFind(section);
    return found == m_ranges.constEnd() ? QByteArray() : view(*found).toByteArray();
}

QByteArray ParsedMessage::mimeHeader(const QByteArray &section) const
{
    const auto found = m_headers.constFind(section);
    if (found == m_headers.constEnd())
        return {};
    // Line by line, since nothing of them may change: a field goes on where a line begins with a blank.
    QByteArray result;
    const QByteArrayView block = view(*found);
    bool isTaken = false;
    for (qsizetype at = 0; at < block.size();) {
        qsizetype end = block.indexOf('\n', at);
        end = end < 0 ? block.size() : end + 1;
        const QByteArrayView line = block.sliced(at, end - at);
        at = end;
        if (line.trimmed().isEmpty())
            break;
        if (!line.startsWith(' ') && !line.startsWith('\t'))
            isTaken = line.first(std::min<qsizetype>(line.size(), 8)).compare("Content-", Qt::CaseInsensitive) == 0;
        if (isTaken)
            result += line;
    }
    return result;
}

PartBodies ParsedMessage::bodies(const QByteArrayList &sections) const
{
    PartBodies bodies;
    for (const QByteArray &section : sections) {
        if (m_ranges.contains(section))
            bodies.insert(section, body(section));
    }
    return bodies;
}

MessageContent contentOfMessage(const QByteArray &rfc5322, const ContentOptions &options)
{
    const ParsedMessage message(rfc5322);
    PartBodies bodies = message.bodies(planReading(message.structure()).sections());
    bodies.insert(message.bodies(planInlineImages(message.structure(), bodies)));
    MessageContent content = makeContent(message.structure(), bodies, options);
    content.defects = message.defects() + content.defects;
    return content;
}

} // namespace kittiwake::mime
