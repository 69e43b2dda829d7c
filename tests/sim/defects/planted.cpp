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

} // namespace

bool planted(std::string_view name)
{
    return current() == name;
}

void plant(std::string_view name)
{
    current() = name;
}

} // namespace kittiwake::sim
