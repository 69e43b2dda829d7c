// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/addresses.h"
#include "core/mime/encodedwords.h"
#include "core/mime/headers.h"

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// One entry of an address list while it is read. Everything up to '<' is a phrase, or a bare address.
struct Entry {
    qsizetype from = 0; ///< in the field, for the raw text
    QByteArray words; ///< outside of '<>': quotes removed, comments left out, one blank where there were some
    QByteArray comment; ///< the last one: "user@example.org (Full Name)"
    QByteArray local; ///< of the address in '<>', or of the bare one
    QByteArray domain;
    bool quotedWord = false; ///< words holds a quoted string
    bool angle = false; ///< an address in '<>' was read
    bool broken = false;

    [[nodiscard]] bool isEmpty() const { return words.trimmed().isEmpty() && !angle && comment.isEmpty() && !broken; }
};

class AddressReader
{
public:
    explicit AddressReader(QByteArrayView value) : m_value(value) { }

    mail::AddressList read()
    {
        while (m_at < m_value.size() && m_list.size() < HeaderLimits::addresses) {
            const char c = m_value[m_at];
            switch (c) {
            case ',':
                finish(m_at);
                start(m_at + 1);
                break;
            case ';':
                // Ends a group; outside of one it is what Outlook puts between addresses.
                finish(m_at);
                closeGroup();
                start(m_at + 1);
                break;
            case ':':
                openGroup();
                break;
            case '"':
                readQuoted(m_entry.words);
                m_entry.quotedWord = true;
                continue;
            case '(':
                readComment();
                continue;
            case '<':
                readAngle();
                continue;
            case '>':
                m_entry.broken = true;
                break;
            default:
                readPlain();
                continue;
            }
            ++m_at;
        }
        finish(m_value.size());
        closeGroup();
        return std::move(m_list);
    }

private:
    void start(qsizetype from)
    {
        m_entry = {};
        m_entry.from = from;
    }

    void openGroup()
    {
        // "Friends: a@b, c@d;". A colon within an address or a second group is damage.
        if (m_inGroup || m_entry.angle || m_entry.words.trimmed().isEmpty() || m_entry.words.contains('@')) {
            m_entry.broken = true;
            return;
        }
        m_inGroup = true;
        m_groupName = decodeDisplayName(m_entry.words.trimmed());
        m_groupStart = m_list.size();
        start(m_at + 1);
    }

    void closeGroup()
    {
        if (m_inGroup && m_list.size() == m_groupStart && m_list.size() < HeaderLimits::addresses)
            m_list.push_back({m_groupName, {}});
        m_inGroup = false;
    }

    void readQuoted(QByteArray &out)
    {
        for (++m_at; m_at < m_value.size(); ++m_at) {
            char c = m_value[m_at];
            if (c == '"') {
                ++m_at;
                return;
            }
            if (c == '\\' && m_at + 1 < m_value.size())
                c = m_value[++m_at];
            out += c;
        }
        m_entry.broken = true;
    }

    void readComment()
    {
        m_entry.comment.clear();
        int depth = 0;
        for (; m_at < m_value.size(); ++m_at) {
            const char c = m_value[m_at];
            if (c == '\\' && m_at + 1 < m_value.size()) {
                m_entry.comment += m_value[++m_at];
                continue;
            }
            if (c == '(' && ++depth == 1)
                continue;
            if (c == ')' && --depth == 0) {
                ++m_at;
                return;
            }
            m_entry.comment += c;
        }
    }

    void readAngle()
    {
        // A second address in one entry: nobody knows which one is meant (CVE-2025-3875).
        if (m_entry.angle)
            m_entry.broken = true;
        m_entry.angle = true;
        QByteArray local;
        QByteArray domain;
        QByteArray *half = &local;
        for (++m_at; m_at < m_value.size() && m_value[m_at] != '>';) {
            const char c = m_value[m_at];
            if (c == '"' && half == &local) {
                readQuoted(local);
                continue;
            }
            if (c == '(') {
                readComment();
                continue;
            }
            if (c == ':' && half == &domain && local.isEmpty()) {
                // An obsolete route, "<@relay.example:user@example.org>" (RFC 5322 section 4.4).
                domain.clear();
                half = &local;
            } else if (c == '<' || (c == ',' && !(half == &domain && local.isEmpty()))
                       || (c == '@' && half == &domain)) {
                m_entry.broken = m_entry.broken || c != '@' || !local.isEmpty();
                *half += c;
            } else if (c == '@') {
                half = &domain;
            } else if (!isBlank(c)) {
                *half += c;
            } else if (!half->isEmpty() && m_at + 1 < m_value.size() && !isBlank(m_value[m_at + 1])
                       && m_value[m_at + 1] != '@' && m_value[m_at + 1] != '>' && half->back() != '.') {
                *half += ' ';
            }
            ++m_at;
        }
        if (m_at >= m_value.size())
            m_entry.broken = true;
        else
            ++m_at;
        m_entry.local = local;
        m_entry.domain = domain;
    }

    void readPlain()
    {
        // An encoded word may hold a comma that should have been encoded: it is one atom.
        if (m_value[m_at] == '=') {
            const qsizetype end = encodedWordEnd(m_value, m_at);
            if (end > 0) {
                m_entry.words.append(m_value.sliced(m_at, end - m_at));
                m_at = end;
                return;
            }
        }
        if (m_entry.angle && !isBlank(m_value[m_at]))
            m_entry.broken = true; // text behind the address
        if (!isBlank(m_value[m_at]))
            m_entry.words += m_value[m_at];
        else if (!m_entry.words.isEmpty() && !m_entry.words.endsWith(' '))
            m_entry.words += ' ';
        ++m_at;
    }

    /// The bare "user@example.org", also with a quoted local part.
    void splitBare()
    {
        const QByteArray words = m_entry.words.trimmed();
        const qsizetype at = words.lastIndexOf('@');
        if (at < 0) {
            m_entry.local = words;
            return;
        }
        m_entry.local = words.first(at).trimmed();
        m_entry.domain = words.sliced(at + 1).trimmed();
        if (!m_entry.quotedWord && (m_entry.local.contains('@') || m_entry.local.contains(' ')))
            m_entry.broken = true;
        if (m_entry.domain.contains(' '))
            m_entry.broken = true;
    }

    void finish(qsizetype to)
    {
        if (m_entry.isEmpty())
            return;
        QByteArray name;
        if (m_entry.angle)
            name = m_entry.words.trimmed();
        else
            splitBare();
        if (m_entry.broken) {
            m_list.push_back(invalidAddress(m_value.sliced(m_entry.from, to - m_entry.from).trimmed()));
            return;
        }
        if (name.isEmpty())
            name = m_entry.comment;
        if (m_entry.local.isEmpty() && m_entry.domain.isEmpty() && name.isEmpty())
            return;
        m_list.push_back({decodeDisplayName(name), composeAddress(m_entry.local, m_entry.domain)});
    }

    QByteArrayView m_value;
    qsizetype m_at = 0;
    Entry m_entry;
    mail::AddressList m_list;
    bool m_inGroup = false;
    QString m_groupName;
    std::size_t m_groupStart = 0;
};

} // namespace

mail::AddressList parseAddressList(QByteArrayView value)
{
    return AddressReader(value.first(std::min(value.size(), HeaderLimits::bytes))).read();
}

} // namespace kittiwake::mime
