// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

namespace kittiwake::sim
{

[[nodiscard]] inline std::set<std::string> without(const std::set<std::string> &set,
                                                   const std::set<std::string> &others)
{
    std::set<std::string> rest;
    std::set_difference(set.begin(), set.end(), others.begin(), others.end(), std::inserter(rest, rest.end()));
    return rest;
}

/** With spaces between. */
[[nodiscard]] inline QString listed(const std::set<std::string> &names)
{
    QString text;
    for (const std::string &name : names)
        text += (text.isEmpty() ? QString() : QStringLiteral(" ")) + QString::fromStdString(name);
    return text;
}

} // namespace kittiwake::sim
