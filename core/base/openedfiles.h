// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QLockFile>
#include <QString>

#include <memory>

namespace kittiwake
{

/**
 * Files that people open from messages: other programs read them by their path, so they must be on the disk for a
 * while. They lie below profile/opened, in a folder of this process that nobody else may enter (0700, files 0600), and
 * are deleted when it ends. What a killed process left is deleted by the next one that starts; a process that still
 * runs keeps its own. One thread.
 */
class OpenedFiles
{
public:
    /** profile/opened */
    [[nodiscard]] static QString folder(const QString &profile);
    /** Deletes what processes left that do not run any more. Touches nothing where there is no such folder. */
    static void wipeLeftBehind(const QString &profile);

    /** Makes nothing before the first file. */
    explicit OpenedFiles(const QString &profile) : m_profile(profile) { }
    ~OpenedFiles();
    OpenedFiles(const OpenedFiles &) = delete;
    OpenedFiles &operator=(const OpenedFiles &) = delete;

    /**
     * A place for a file of that name, in a folder of its own. name has no folders in it and is fit for the file system
     * (mime::safeFileName). Errors: Storage, also where there is no profile.
     */
    [[nodiscard]] Result<QString> place(const QString &name);
    /** Narrows a file that was written at such a place to this person. Errors: Storage. */
    [[nodiscard]] static Result<void> seal(const QString &path);
    /** Deletes all of them now. */
    void wipe();

private:
    QString m_profile;
    QString m_folder; ///< of this process; empty until the first file
    std::unique_ptr<QLockFile> m_lock;
    int m_count = 0;
};

} // namespace kittiwake
