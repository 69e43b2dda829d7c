// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/headers.h"

#include <algorithm>
#include <optional>

namespace kittiwake::mime
{

namespace
{

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isControlOrBlank(char c)
{
    return static_cast<unsigned char>(c) <= 0x20;
}

/// Goes through the fields of a block once; values are views of lines, put together only when asked for.
class FieldReader
{
public:
    explicit FieldReader(QByteArrayView block) : m_block(block) { }

    /// False at the end: of the block, or at its empty line.
    bool next()
    {
        while (true) {
            const auto line = takeLine();
            if (!line)
                return false;
            m_lines.clear();
            const qsizetype colon = line->indexOf(':');
            m_name = colon > 0 ? line->first(colon).trimmed() : QByteArrayView();
            const bool field = !m_name.isEmpty() && isFieldName(m_name);
            if (field)
                m_lines.push_back(line->sliced(colon + 1));
            while (m_at < m_block.size() && isBlank(m_block[m_at])) {
                const auto more = takeLine();
                if (!more)
                    break;
                if (field)
                    m_lines.push_back(*more);
            }
            if (field)
                return true;
        }
    }

    [[nodiscard]] QByteArrayView name() const { return m_name; }

    [[nodiscard]] QByteArray value() const
    {
        if (m_lines.size() == 1)
            return m_lines.front().first(std::min(m_lines.front().size(), HeaderLimits::bytes)).trimmed().toByteArray();
        QByteArray joined;
        for (const QByteArrayView line : m_lines) {
            joined.append(line.first(std::min(line.size(), HeaderLimits::bytes - joined.size())));
            if (joined.size() >= HeaderLimits::bytes)
                break;
        }
        return joined.trimmed();
    }

private:
    /// RFC 5322 section 3.6.8: printable characters; a blank inside is a sentence, not a name.
    static bool isFieldName(QByteArrayView name)
    {
        return name.size() <= HeaderLimits::messageIdBytes
            && std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    }

    std::optional<QByteArrayView> takeLine()
    {
        if (m_at >= m_block.size())
            return std::nullopt;
        qsizetype end = m_block.indexOf('\n', m_at);
        const qsizetype next = end < 0 ? m_block.size() : end + 1;
        if (end < 0)
            end = m_block.size();
        if (end > m_at && m_block[end - 1] == '\r')
            --end;
        const QByteArrayView line = m_block.sliced(m_at, end - m_at);
        m_at = line.isEmpty() ? m_block.size() : next;
        return line.isEmpty() ? std::nullopt : std::optional(line);
    }

    QByteArrayView m_block;
    qsizetype m_at = 0;
    QByteArrayView m_name;
    std::vector<QByteArrayView> m_lines;
};

} // namespace

std::vector<HeaderField> parseHeaderBlock(QByteArrayView block)
{
    std::vector<HeaderField> fields;
    FieldReader reader(block);
    while (fields.size() < HeaderLimits::fields && reader.next())
        fields.push_back({reader.name().toByteArray(), reader.value()});
    return fields;
}

QByteArray headerFieldValue(QByteArrayView block, QByteArrayView name)
{
    FieldReader reader(block);
    while (reader.next()) {
        if (reader.name().compare(name, Qt::CaseInsensitive) == 0) {
            QByteArray value = reader.value();
            return value.isNull() ? QByteArrayLiteral("") : value;
        }
    }
    return {};
}

QByteArrayList parseMessageIds(QByteArrayView value)
{
    QByteArrayList ids;
    value = value.first(std::min(value.size(), HeaderLimits::bytes));
    qsizetype at = value.indexOf('<');
    while (at >= 0) {
        const qsizetype end = value.indexOf('>', at + 1);
        if (end < 0)
            break;
        // "<a <b@c>": the inner one is the id.
        const qsizetype inner = at + value.sliced(at, end - at).lastIndexOf('<');
        const QByteArrayView id = value.sliced(inner, end + 1 - inner);
        if (id.size() > 2 && id.size() <= HeaderLimits::messageIdBytes) {
            QByteArray bytes = id.toByteArray();
            // Folding may cut an id in two.
            if (std::any_of(bytes.begin(), bytes.end(), isControlOrBlank))
                bytes.removeIf(isControlOrBlank);
            if (bytes.size() > 2)
                ids.append(bytes);
        }
        at = value.indexOf('<', end + 1);
    }
    if (ids.size() > HeaderLimits::references)
        ids.erase(ids.begin() + 1, ids.begin() + 1 + (ids.size() - HeaderLimits::references));
    return ids;
}

} // namespace kittiwake::mime
