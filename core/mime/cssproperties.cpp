// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/cssproperties.h"

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

constexpr std::string_view lineStyles
    = " none hidden dotted dashed solid double groove ridge inset outset thin medium thick ";
constexpr std::string_view sizes = " auto none min-content max-content fit-content ";
constexpr std::string_view aligns = " normal stretch center start end flex-start flex-end baseline space-between "
                                    "space-around space-evenly left right ";
constexpr std::string_view overflows = " visible hidden scroll auto clip ";
constexpr std::string_view breaks = " auto avoid always all avoid-page page left right ";

/// Sorted by name. Left out on purpose: everything that fetches (images, cursors, content, fonts), that leaves its box
/// or covers others (position, transform, z-index), that runs in time (animation, transition), and custom properties.
constexpr std::array properties{
    CssProperty{"align-content", AllowNothing, aligns},
    CssProperty{"align-items", AllowNothing, aligns},
    CssProperty{"align-self", AllowNothing, aligns},
    CssProperty{"background", AllowColour | AllowGradient | AllowColourOnly, " none transparent "},
    CssProperty{"background-color", AllowColour, ""},
    CssProperty{"background-image", AllowGradient, " none "},
    CssProperty{"border", AllowColour | AllowLength, lineStyles},
    CssProperty{"border-bottom", AllowColour | AllowLength, lineStyles},
    CssProperty{"border-bottom-color", AllowColour, ""},
    CssProperty{"border-bottom-left-radius", AllowLength, ""},
    CssProperty{"border-bottom-right-radius", AllowLength, ""},
    CssProperty{"border-bottom-style", AllowNothing, lineStyles},
    CssProperty{"border-bottom-width", AllowLength, lineStyles},
    CssProperty{"border-collapse", AllowNothing, " collapse separate "},
    CssProperty{"border-color", AllowColour, ""},
    CssProperty{"border-left", AllowColour | AllowLength, lineStyles},
    CssProperty{"border-left-color", AllowColour, ""},
    CssProperty{"border-left-style", AllowNothing, lineStyles},
    CssProperty{"border-left-width", AllowLength, lineStyles},
    CssProperty{"border-radius", AllowLength | AllowSlash, ""},
    CssProperty{"border-right", AllowColour | AllowLength, lineStyles},
    CssProperty{"border-right-color", AllowColour, ""},
    CssProperty{"border-right-style", AllowNothing, lineStyles},
    CssProperty{"border-right-width", AllowLength, lineStyles},
    CssProperty{"border-spacing", AllowLength, ""},
    CssProperty{"border-style", AllowNothing, lineStyles},
    CssProperty{"border-top", AllowColour | AllowLength, lineStyles},
    CssProperty{"border-top-color", AllowColour, ""},
    CssProperty{"border-top-left-radius", AllowLength, ""},
    CssProperty{"border-top-right-radius", AllowLength, ""},
    CssProperty{"border-top-style", AllowNothing, lineStyles},
    CssProperty{"border-top-width", AllowLength, lineStyles},
    CssProperty{"border-width", AllowLength, lineStyles},
    CssProperty{"box-shadow", AllowColour | AllowLength | AllowNegative | AllowComma, " none inset "},
    CssProperty{"box-sizing", AllowNothing, " border-box content-box "},
    CssProperty{"caption-side", AllowNothing, " top bottom "},
    CssProperty{"clear", AllowNothing, " none left right both "},
    CssProperty{"color", AllowColour, ""},
    CssProperty{"column-gap", AllowLength, " normal "},
    CssProperty{"cursor", AllowNothing, " auto default pointer text "},
    CssProperty{"direction", AllowNothing, " ltr rtl "},
    CssProperty{"display", AllowNothing,
                " none inline block inline-block list-item flex inline-flex table inline-table table-row table-cell "
                "table-column "
                "table-row-group table-header-group table-footer-group table-column-group table-caption "},
    CssProperty{"empty-cells", AllowNothing, " show hide "},
    CssProperty{"flex", AllowLength | AllowNumber, " none auto "},
    CssProperty{"flex-basis", AllowLength, sizes},
    CssProperty{"flex-direction", AllowNothing, " row row-reverse column column-reverse "},
    CssProperty{"flex-flow", AllowNothing, " row row-reverse column column-reverse nowrap wrap wrap-reverse "},
    CssProperty{"flex-grow", AllowNumber, ""},
    CssProperty{"flex-shrink", AllowNumber, ""},
    CssProperty{"flex-wrap", AllowNothing, " nowrap wrap wrap-reverse "},
    CssProperty{"float", AllowNothing, " none left right "},
    CssProperty{"font", AllowLength | AllowNumber | AllowComma | AllowSlash | AllowFamily, ""},
    CssProperty{"font-family", AllowComma | AllowFamily, ""},
    CssProperty{"font-size", AllowLength, " xx-small x-small small medium large x-large xx-large smaller larger "},
    CssProperty{"font-stretch", AllowLength, " normal condensed semi-condensed expanded semi-expanded "},
    CssProperty{"font-style", AllowNothing, " normal italic oblique "},
    CssProperty{"font-variant", AllowNothing, " normal small-caps "},
    CssProperty{"font-weight", AllowNumber, " normal bold bolder lighter "},
    CssProperty{"gap", AllowLength, " normal "},
    CssProperty{"height", AllowLength, sizes},
    CssProperty{"hyphens", AllowNothing, " none manual auto "},
    CssProperty{"justify-content", AllowNothing, aligns},
    CssProperty{"letter-spacing", AllowLength | AllowNegative, " normal "},
    CssProperty{"line-height", AllowLength | AllowNumber, " normal "},
    CssProperty{"list-style", AllowNothing,
                " none disc circle square decimal decimal-leading-zero lower-roman upper-roman lower-alpha upper-alpha "
                "lower-latin upper-latin lower-greek inside outside "},
    CssProperty{"list-style-position", AllowNothing, " inside outside "},
    CssProperty{"list-style-type", AllowNothing,
                " none disc circle square decimal decimal-leading-zero lower-roman upper-roman lower-alpha upper-alpha "
                "lower-latin upper-latin lower-greek "},
    CssProperty{"margin", AllowLength | AllowNegative, " auto "},
    CssProperty{"margin-bottom", AllowLength | AllowNegative, " auto "},
    CssProperty{"margin-left", AllowLength | AllowNegative, " auto "},
    CssProperty{"margin-right", AllowLength | AllowNegative, " auto "},
    CssProperty{"margin-top", AllowLength | AllowNegative, " auto "},
    CssProperty{"max-height", AllowLength, sizes},
    CssProperty{"max-width", AllowLength, sizes},
    CssProperty{"min-height", AllowLength, sizes},
    CssProperty{"min-width", AllowLength, sizes},
    CssProperty{"object-fit", AllowNothing, " fill contain cover none scale-down "},
    CssProperty{"opacity", AllowNumber | AllowLength, ""},
    CssProperty{"order", AllowNumber, ""},
    CssProperty{"outline", AllowColour | AllowLength, lineStyles},
    CssProperty{"overflow", AllowNothing, overflows},
    CssProperty{"overflow-wrap", AllowNothing, " normal break-word anywhere "},
    CssProperty{"overflow-x", AllowNothing, overflows},
    CssProperty{"overflow-y", AllowNothing, overflows},
    CssProperty{"padding", AllowLength, ""},
    CssProperty{"padding-bottom", AllowLength, ""},
    CssProperty{"padding-left", AllowLength, ""},
    CssProperty{"padding-right", AllowLength, ""},
    CssProperty{"padding-top", AllowLength, ""},
    CssProperty{"page-break-after", AllowNothing, breaks},
    CssProperty{"page-break-before", AllowNothing, breaks},
    CssProperty{"page-break-inside", AllowNothing, breaks},
    CssProperty{"row-gap", AllowLength, " normal "},
    CssProperty{"table-layout", AllowNothing, " auto fixed "},
    CssProperty{"text-align", AllowNothing, " left right center justify start end "},
    CssProperty{"text-align-last", AllowNothing, " auto left right center justify start end "},
    CssProperty{"text-decoration", AllowColour | AllowLength,
                " none underline overline line-through solid double dotted dashed wavy auto from-font "},
    CssProperty{"text-decoration-color", AllowColour, ""},
    CssProperty{"text-decoration-line", AllowNothing, " none underline overline line-through "},
    CssProperty{"text-decoration-style", AllowNothing, " solid double dotted dashed wavy "},
    CssProperty{"text-indent", AllowLength, ""},
    CssProperty{"text-overflow", AllowNothing, " clip ellipsis "},
    CssProperty{"text-shadow", AllowColour | AllowLength | AllowNegative | AllowComma, " none "},
    CssProperty{"text-transform", AllowNothing, " none capitalize uppercase lowercase "},
    CssProperty{"vertical-align", AllowLength | AllowNegative,
                " baseline sub super text-top text-bottom middle top bottom "},
    CssProperty{"visibility", AllowNothing, " visible hidden collapse "},
    CssProperty{"white-space", AllowNothing, " normal nowrap pre pre-wrap pre-line break-spaces "},
    CssProperty{"width", AllowLength, sizes},
    CssProperty{"word-break", AllowNothing, " normal break-all keep-all break-word "},
    CssProperty{"word-spacing", AllowLength | AllowNegative, " normal "},
    CssProperty{"word-wrap", AllowNothing, " normal break-word anywhere "},
};

static_assert(std::is_sorted(properties.begin(), properties.end(),
                             [](const CssProperty &a, const CssProperty &b) { return a.name < b.name; }));

} // namespace

const CssProperty *findCssProperty(const QByteArray &name)
{
    const std::string_view wanted(name.constData(), static_cast<std::size_t>(name.size()));
    const auto *found
        = std::lower_bound(properties.begin(), properties.end(), wanted,
                           [](const CssProperty &known, std::string_view key) { return known.name < key; });
    return found != properties.end() && found->name == wanted ? found : nullptr;
}

} // namespace kittiwake::mime
