// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QLockFile>
#include <QString>

#include <memory>

namespace kittiwake
{

/**
 * Ownership of a profile: of all processes of this person, only the one that holds it runs the engine and writes to the
 * stores. A lock whose process has died is taken over. Released on destruction.
 */
class ProfileLock
{
public:
    /**
     * profile: the folder, which exists. Does not wait. Errors: Storage; userText names the program and the process
     * that owns the profile.
     */
    [[nodiscard]] static Result<std::unique_ptr<ProfileLock>> acquire(const QString &profile);

private:
    explicit ProfileLock(const QString &path) : m_file(path) { }

    QLockFile m_file;
};

} // namespace kittiwake
