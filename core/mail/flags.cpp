// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/flags.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kittiwake::mail
{

namespace
{

constexpr std::array<std::pair<const char *, SystemFlag>, 6> systemNames{{
    {"\\Seen", SystemFlag::Seen},
    {"\\Answered", SystemFlag::Answered},
    {"\\Flagged", SystemFlag::Flagged},
    {"\\Deleted", SystemFlag::Deleted},
    {"\\Draft", SystemFlag::Draft},
    {"\\Recent", SystemFlag::Recent},
}};

} // namespace

std::optional<SystemFlag> Flags::systemFlag(QByteArrayView name)
{
    for (const auto &[known, flag] : systemNames) {
        if (name.compare(known, Qt::CaseInsensitive) == 0)
            return flag;
    }
    return std::nullopt;
}

void Flags::set(SystemFlag flag, bool on)
{
    const auto bit = static_cast<std::uint32_t>(flag);
    m_system = on ? (m_system | bit) : (m_system & ~bit);
}

bool Flags::hasKeyword(const QByteArray &keyword) const
{
    return std::any_of(m_keywords.begin(), m_keywords.end(),
                       [&](const QByteArray &own) { return own.compare(keyword, Qt::CaseInsensitive) == 0; });
}

void Flags::addKeyword(const QByteArray &keyword)
{
    if (keyword.isEmpty() || hasKeyword(keyword))
        return;
    m_keywords.insert(std::lower_bound(m_keywords.begin(), m_keywords.end(), keyword), keyword);
}

void Flags::addKeywords(QByteArrayList keywords)
{
    QByteArrayList all = m_keywords + std::move(keywords);
    all.removeAll(QByteArray());
    const auto before = [](const QByteArray &a, const QByteArray &b) { return a.compare(b, Qt::CaseInsensitive) < 0; };
    const auto same = [](const QByteArray &a, const QByteArray &b) { return a.compare(b, Qt::CaseInsensitive) == 0; };
    std::stable_sort(all.begin(), all.end(), before);
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
    std::sort(all.begin(), all.end());
    m_keywords = std::move(all);
}

void Flags::removeKeyword(const QByteArray &keyword)
{
    m_keywords.removeIf([&](const QByteArray &own) { return own.compare(keyword, Qt::CaseInsensitive) == 0; });
}

void Flags::addByName(const QByteArray &name)
{
    if (name.startsWith('\\')) {
        if (const auto flag = systemFlag(name))
            set(*flag);
        return;
    }
    addKeyword(name);
}

QByteArrayList Flags::names() const
{
    QByteArrayList result;
    for (const auto &[name, flag] : systemNames) {
        if (flag != SystemFlag::Recent && has(flag))
            result.append(QByteArray(name));
    }
    result.append(m_keywords);
    return result;
}

} // namespace kittiwake::mail
