// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gumbo.h>

#include <string_view>

namespace kittiwake::mime
{

/** What becomes of an element. */
enum class ElementAction {
    Keep,
    Void, ///< kept, has no contents
    Image, ///< img: kept, its address is looked at
    Replace, ///< by a plain element, contents kept
    Unwrap, ///< only its contents are kept
    Style, ///< its text goes through the CSS filter
    Drop, ///< with its contents
};

struct ElementRule {
    ElementAction action = ElementAction::Unwrap;
    std::string_view name; ///< of the element that is written
};

/** What an attribute's value must look like. */
enum class AttributeKind {
    None, ///< not on the list
    Length, ///< "12", "50%"
    Number,
    Colour,
    Word, ///< a keyword
    Language,
    Fonts,
    Text, ///< shown, never interpreted
    Class,
    Id,
    Style,
    Link,
};

[[nodiscard]] ElementRule elementRule(GumboTag tag);

/** The kind of an attribute (lower case) on that element. */
[[nodiscard]] AttributeKind attributeKind(GumboTag tag, std::string_view name);

/** Attributes, on whatever element, that make a browser fetch something: they are listed as blocked. */
[[nodiscard]] bool isFetchingAttribute(GumboTag tag, std::string_view name);

} // namespace kittiwake::mime
