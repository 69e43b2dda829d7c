// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/cssfilter.h"
#include "core/mime/sanitiser.h"

#include <gumbo.h>

#include <QByteArray>
#include <QHash>
#include <QSet>

#include <string_view>
#include <utility>

namespace kittiwake::mime
{

/** Writes the attributes of elements by the lists of htmlpolicy.h, and keeps account of what it leaves out. */
class AttributeWriter
{
public:
    AttributeWriter(SanitisedHtml &result, const QByteArray &scope, SanitiserPurpose purpose)
        : m_result(result), m_scope(scope), m_purpose(purpose)
    {
    }

    /** " name=\"value\"" for each attribute that may stay; of an img also its address. */
    void write(QByteArray &out, const GumboElement &element);
    /** The body's attributes, for the element that stands for it: its class is scope, its colours become a style. */
    [[nodiscard]] QByteArray bodyAttributes(const GumboElement &body, const QByteArray &scope);
    /** Notes what an element that is not written would have fetched. */
    void noteDropped(const GumboElement &element);
    void noteLosses(const CssLosses &losses);
    /** Where the last link that was written leads; empty for places in the message, and where it leads nowhere. */
    [[nodiscard]] QByteArray takeLinkTarget() { return std::exchange(m_linkTarget, {}); }
    /** Rules for dark mode of the elements that were written. */
    [[nodiscard]] const QByteArray &darkRules() const { return m_darkRules; }

private:
    /// Colours of one element for dark mode.
    struct DarkColours {
        QByteArray hints; ///< of attributes: any rule of the mail wins over them
        QByteArray style; ///< of its style attribute
    };
    void mark(QByteArray &out, const DarkColours &colours);
    void addHint(DarkColours &colours, std::string_view name, const QByteArray &value) const;
    void noteRemoteImage(QByteArray &out, const GumboElement &element, const QByteArray &url);
    [[nodiscard]] bool spend(qsizetype bytes);
    void block(const QByteArray &url);
    [[nodiscard]] QByteArray filtered(GumboTag tag, std::string_view name, const QByteArray &value,
                                      DarkColours &colours);
    [[nodiscard]] QByteArray filteredStyle(const QByteArray &value, DarkColours &colours);
    [[nodiscard]] QByteArray imageSource(const QByteArray &value);

    SanitisedHtml &m_result;
    const QByteArray &m_scope;
    SanitiserPurpose m_purpose;
    QByteArray m_linkTarget;
    QHash<QByteArray, qsizetype> m_darkNumbers; ///< of sets of colours, in the order in which they came
    QByteArray m_darkRules;
    QHash<QByteArray, std::size_t> m_remoteImages; ///< id -> index in the result
    QSet<QByteArray> m_blocked;
    QSet<QByteArray> m_contentIds;
    qsizetype m_spent = 0;
};

} // namespace kittiwake::mime
