// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/defects/planted.h"

#include <string>

namespace kittiwake::sim
{

namespace
{

std::string &current()
{
    static std::string name;
    return name;
}

bool &reached()
{
    static bool is = false;
    return is;
}

} // namespace

bool planted(std::string_view name)
{
    const bool is = current() == name;
    reached() = reached() || is;
    return is;
}

bool wasReached()
{
    return reached();
}

void plant(std::string_view name)
{
    current() = name;
}

} // namespace kittiwake::sim
