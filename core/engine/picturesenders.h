// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/engine/pictures.h"

#include <QString>

#include <vector>

namespace kittiwake::engine
{

/**
 * Whose pictures the person always wants loaded, in pictures.json of the profile (mode 0600). A file that is damaged or
 * newer allows nobody and stays as it is until the person allows somebody anew. One thread.
 */
class PictureSenders
{
public:
    static constexpr std::size_t limit = 10000;

    explicit PictureSenders(const QString &profile);

    [[nodiscard]] const std::vector<PictureSender> &all() const { return m_senders; }
    /** Errors: Storage; then nothing has changed. */
    [[nodiscard]] Result<void> set(const PictureSender &sender, bool allowed);
    /** Of an account that goes. Errors: Storage. */
    [[nodiscard]] Result<void> forget(AccountId account);

private:
    [[nodiscard]] Result<void> store(std::vector<PictureSender> senders);

    QString m_path;
    std::vector<PictureSender> m_senders;
};

} // namespace kittiwake::engine
