// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/csscolour.h"

#include "core/mime/csscolournames.h"
#include "core/mime/csstokens.h"
#include "core/mime/csswords.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace kittiwake::mime
{

namespace
{

using Type = CssToken::Type;
using Tokens = std::span<const CssToken>;

/// Of the ground and ink that black on white becomes; about those of the window's own dark palette.
constexpr double darkGround = 0.0137;
constexpr double lightInk = 0.80;
/// Lines lighter than this are dimmed, lines darker than that are lifted so that they are seen.
constexpr double brightLine = 0.18;
constexpr double faintLine = 0.03;
/// What is fainter is meant to be invisible, and stays so.
constexpr double invisible = 0.1;

double linear(double component)
{
    return component <= 0.04045 ? component / 12.92 : std::pow((component + 0.055) / 1.055, 2.4);
}

double companded(double component)
{
    return component <= 0.0031308 ? component * 12.92 : 1.055 * std::pow(component, 1 / 2.4) - 0.055;
}

CssColour fromHex(std::uint32_t rgb)
{
    return {((rgb >> 16U) & 0xFFU) / 255.0, ((rgb >> 8U) & 0xFFU) / 255.0, (rgb & 0xFFU) / 255.0, 1};
}

std::optional<CssColour> parseHex(const QByteArray &digits)
{
    if (!isCssHexColour(digits))
        return std::nullopt;
    QByteArray full = digits;
    if (digits.size() <= 4) {
        full.clear();
        for (const char c : digits) {
            full += c;
            full += c;
        }
    }
    if (full.size() == 6)
        full += "ff";
    const std::uint32_t value = full.toUInt(nullptr, 16);
    CssColour colour = fromHex(value >> 8U);
    colour.alpha = (value & 0xFFU) / 255.0;
    return colour;
}

CssColour fromHsl(double hue, double saturation, double lightness, double alpha)
{
    const auto channel = [&](double n) {
        const double k = std::fmod(n + hue / 30, 12.0);
        const double a = saturation * std::min(lightness, 1 - lightness);
        return lightness - a * std::max(-1.0, std::min({k - 3, 9 - k, 1.0}));
    };
    return {channel(0), channel(8), channel(4), alpha};
}

double hueOf(const CssToken &token)
{
    double degrees = token.number.toDouble();
    if (token.text == "rad")
        degrees *= 180 / M_PI;
    else if (token.text == "grad")
        degrees *= 0.9;
    else if (token.text == "turn")
        degrees *= 360;
    degrees = std::fmod(degrees, 360.0);
    return degrees < 0 ? degrees + 360 : degrees;
}

/// The tokens after "rgb(" and its like, up to the bracket that closes it; at is left behind that one.
std::optional<CssColour> parseFunction(const QByteArray &name, Tokens tokens, std::size_t &at)
{
    std::array<const CssToken *, 4> parts{};
    std::size_t count = 0;
    for (; at < tokens.size() && tokens[at].type != Type::CloseRound; ++at) {
        const Type type = tokens[at].type;
        if (type != Type::Number && type != Type::Percentage && type != Type::Dimension)
            continue;
        if (count < parts.size())
            parts[count] = &tokens[at];
        ++count;
    }
    ++at;
    if (count < 3 || count > 4)
        return std::nullopt;
    const auto unit = [](double value) { return std::clamp(value, 0.0, 1.0); };
    const auto share = [&](const CssToken &token, double whole) {
        return unit(token.number.toDouble() / (token.type == Type::Percentage ? 100 : whole));
    };
    const double alpha = count == 4 ? share(*parts[3], 1) : 1;
    if (name == "hsl" || name == "hsla")
        return fromHsl(hueOf(*parts[0]), share(*parts[1], 100), share(*parts[2], 100), alpha);
    return CssColour{share(*parts[0], 255), share(*parts[1], 255), share(*parts[2], 255), alpha};
}

std::optional<CssColour> parseName(const QByteArray &word)
{
    const QByteArray lower = word.toLower();
    const std::string_view wanted(lower.constData(), static_cast<std::size_t>(lower.size()));
    const auto *found
        = std::lower_bound(namedColours.begin(), namedColours.end(), wanted,
                           [](const NamedColour &known, std::string_view key) { return known.name < key; });
    if (found == namedColours.end() || found->name != wanted)
        return std::nullopt;
    return fromHex(found->rgb);
}

QByteArray written(const CssColour &colour)
{
    const auto byte = [](double value) { return static_cast<int>(std::lround(std::clamp(value, 0.0, 1.0) * 255)); };
    QByteArray out = "#";
    for (const double component : {colour.red, colour.green, colour.blue})
        out += QByteArray::number(byte(component), 16).rightJustified(2, '0');
    if (byte(colour.alpha) != 255)
        out += QByteArray::number(byte(colour.alpha), 16).rightJustified(2, '0');
    return out;
}

/// Less light of the same hue.
CssColour dimmed(const CssColour &colour, double from, double to)
{
    const double factor = to / from;
    return {companded(linear(colour.red) * factor), companded(linear(colour.green) * factor),
            companded(linear(colour.blue) * factor), colour.alpha};
}

/// More light, mixed in as white.
CssColour lifted(const CssColour &colour, double from, double to)
{
    const double share = (to - from) / (1 - from);
    const auto mix = [share](double component) {
        const double light = linear(component);
        return companded(light + (1 - light) * share);
    };
    return {mix(colour.red), mix(colour.green), mix(colour.blue), colour.alpha};
}

std::optional<ColourRole> roleOf(const QByteArray &property)
{
    if (property == "background" || property == "background-color" || property == "background-image")
        return ColourRole::Ground;
    if (property == "color" || property.startsWith("text-decoration"))
        return ColourRole::Ink;
    if (property.startsWith("border") || property == "outline")
        return ColourRole::Line;
    return std::nullopt;
}

} // namespace

std::optional<CssColour> parseCssColour(const QByteArray &text)
{
    const CssTokens tokens = tokeniseCss(text);
    if (tokens.empty())
        return std::nullopt;
    std::size_t at = 1;
    std::optional<CssColour> colour;
    if (tokens.front().type == Type::Hash)
        colour = parseHex(tokens.front().text);
    else if (tokens.front().type == Type::Ident)
        colour = parseName(tokens.front().text);
    else if (tokens.front().type == Type::Function
             && containsCssWord(" rgb rgba hsl hsla ", tokens.front().text.toLower()))
        colour = parseFunction(tokens.front().text.toLower(), tokens, at);
    return at >= tokens.size() ? colour : std::nullopt;
}

std::optional<CssColour> parseAttributeColour(const QByteArray &text)
{
    if (const auto named = parseName(text))
        return named;
    return parseHex(text.startsWith('#') ? text.sliced(1) : text);
}

double luminanceOf(const CssColour &colour)
{
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

QByteArray darkColour(const CssColour &colour, ColourRole role)
{
    if (colour.alpha < invisible)
        return written(colour);
    const double light = luminanceOf(colour);
    switch (role) {
    case ColourRole::Ground: {
        constexpr double bound = DarkBounds::lightestGround;
        if (light <= bound)
            return written(colour);
        if (light > 0.998 && colour.alpha >= 1)
            return QByteArrayLiteral("var(--kw-ground)");
        // The lighter it was, the darker it gets; a little below the bound, since bytes round.
        const double target = (bound - 0.002) - (light - bound) / (1 - bound) * (bound - 0.002 - darkGround);
        return written(dimmed(colour, light, target));
    }
    case ColourRole::Ink: {
        constexpr double bound = DarkBounds::darkestInk;
        // Half-transparent ink takes on its ground.
        CssColour opaque = colour;
        opaque.alpha = 1;
        if (light >= bound)
            return written(opaque);
        const double brightest = std::max({linear(colour.red), linear(colour.green), linear(colour.blue)});
        const double darkest = std::min({linear(colour.red), linear(colour.green), linear(colour.blue)});
        const double saturation = brightest > 0 ? (brightest - darkest) / brightest : 0;
        // Colours are lifted only as far as they must be, or they would all turn white.
        const double target = bound + 0.01 + (bound - light) / bound * (1 - saturation) * (lightInk - bound - 0.01);
        return written(lifted(opaque, light, target));
    }
    case ColourRole::Line:
        if (light > brightLine)
            return written(dimmed(colour, light, 0.10 - (light - brightLine) / (1 - brightLine) * (0.10 - 0.02)));
        return light < faintLine ? written(lifted(colour, light, 0.12)) : written(colour);
    }
    return {};
}

QByteArray darkCssValue(const QByteArray &property, const QByteArray &value)
{
    if (property == "box-shadow" || property == "text-shadow")
        return QByteArrayLiteral("none"); // a halo that was made for the other ground
    const auto role = roleOf(property);
    if (!role)
        return {};
    const CssTokens tokens = tokeniseCss(value);
    CssValueWriter out;
    bool any = false;
    for (std::size_t at = 0; at < tokens.size();) {
        const CssToken &token = tokens[at++];
        std::optional<CssColour> colour;
        switch (token.type) {
        case Type::Hash:
            colour = parseHex(token.text);
            break;
        case Type::Ident:
            // The initial colour of a text is black, whatever is around it (CSS Color 4 section 3.2).
            colour = property == "color" && token.text == "initial" ? CssColour{} : parseName(token.text);
            if (!colour)
                out.word(token.text);
            any = any || containsCssWord(" transparent inherit initial unset currentcolor none ", token.text);
            break;
        case Type::Function:
            if (containsCssWord(" rgb rgba hsl hsla ", token.text)) {
                colour = parseFunction(token.text, tokens, at);
                if (!colour)
                    return {};
            } else {
                out.open(token.text);
            }
            break;
        case Type::CloseRound:
            out.close();
            break;
        case Type::Comma:
            out.mark(',');
            break;
        case Type::Number:
            out.word(token.number);
            break;
        case Type::Percentage:
            out.word(token.number + '%');
            break;
        case Type::Dimension:
            out.word(token.number + token.text);
            break;
        case Type::Delim:
            out.operation(token.text.at(0));
            break;
        case Type::Whitespace:
            break;
        default:
            return {};
        }
        if (colour) {
            const QByteArray adapted = darkColour(*colour, *role);
            const bool same = adapted == written(*colour);
            if (same && token.type == Type::Hash)
                out.word('#' + token.text);
            else
                out.word(same && token.type == Type::Ident ? token.text : adapted);
            any = true;
        }
    }
    return any ? out.take() : QByteArray();
}

} // namespace kittiwake::mime
