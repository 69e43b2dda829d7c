// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/cssfilter.h"
#include "core/mime/sanitiser.h"

#include <gumbo.h>

#include <QByteArray>
#include <QSet>

#include <string_view>

namespace kittiwake::mime
{

/** Writes the attributes of elements by the lists of htmlpolicy.h, and keeps account of what it leaves out. */
class AttributeWriter
{
public:
    explicit AttributeWriter(SanitisedHtml &result) : m_result(result) { }

    /** " name=\"value\"" for each attribute that may stay; of an img also its address. */
    void write(QByteArray &out, const GumboElement &element);
    /** The body's attributes, for the element that stands for it: its class is scope, its colours become a style. */
    [[nodiscard]] QByteArray bodyAttributes(const GumboElement &body, const QByteArray &scope);
    /** Notes what an element that is not written would have fetched. */
    void noteDropped(const GumboElement &element);
    void noteLosses(const CssLosses &losses);

private:
    [[nodiscard]] bool spend(qsizetype bytes);
    void block(const QByteArray &url);
    [[nodiscard]] QByteArray filtered(GumboTag tag, std::string_view name, const QByteArray &value);
    [[nodiscard]] QByteArray filteredStyle(const QByteArray &value);
    [[nodiscard]] QByteArray imageSource(const QByteArray &value);

    SanitisedHtml &m_result;
    QSet<QByteArray> m_blocked;
    QSet<QByteArray> m_contentIds;
    qsizetype m_spent = 0;
};

} // namespace kittiwake::mime
