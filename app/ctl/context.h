// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QObject>
#include <QStringList>

#include <memory>

class QCommandLineParser;

namespace kittiwake::ctl
{

/** Exit codes: the contract of the command line. */
enum class ExitCode : int {
    Done = 0,
    Failed = 1,
    Usage = 2,
    SignInRefused = 3,
    TlsRefused = 4,
    Unreachable = 5,
    StoreUnavailable = 6,
};

[[nodiscard]] ExitCode exitCodeOf(const Error &error);

/**
 * What every command has: the profile, how to print, and how to end. A command starts work and returns; whoever
 * calls finish() ends the program. One object, main thread, as long as the program.
 */
class Context final : public QObject
{
public:
    struct Options {
        QString profile;
        bool json = false;
        bool verbose = false;
    };

    explicit Context(Options options);
    ~Context() override;

    [[nodiscard]] const QString &profile() const { return m_options.profile; }
    [[nodiscard]] bool json() const { return m_options.json; }

    /** Opens the engine (once); on failure says why, ends the program and returns null. */
    engine::Engine *openEngine(bool stayConnected = false, bool offline = false, int draftPauseMs = 15'000);
    /** The accounts of the profile, without owning it; on failure ends the program and returns nothing. */
    std::optional<std::vector<accounts::Account>> readAccounts();
    /** The account named by an id or address; with an empty name the only one there is. Ends the program if none fits.
     */
    std::optional<accounts::Account> pickAccount(const QString &name);
    /** As pickAccount, but with an empty name all accounts: an invalid id. There is at least one, else the program
     * ends.
     */
    std::optional<AccountId> pickAccounts(const QString &name);
    /** A reader of the cache beside whoever owns the profile; on failure ends the program and returns null. */
    std::unique_ptr<store::CacheReader> openReader();
    /** A mailbox of an account by its full name; ends the program if there is none. */
    std::optional<store::MailboxRow> pickMailbox(const store::CacheReader &reader, AccountId account,
                                                 const QString &name);

    void printJson(const QJsonObject &object) const;
    void printJson(const QJsonArray &array) const;
    void printText(const QString &text) const;
    /** Progress of long work on standard error: a bar on a terminal, silent otherwise. */
    void showProgress(std::int64_t done, std::int64_t total, const QString &what) const;
    void clearProgress() const;

    void finish(ExitCode code = ExitCode::Done);
    void fail(const Error &error);
    void fail(ExitCode code, const QString &text);
    void usage(const QString &text) { fail(ExitCode::Usage, text); }
    [[nodiscard]] bool isFinished() const { return m_finished; }
    [[nodiscard]] int exitCode() const { return static_cast<int>(m_code); }

    /** Parses a command's own arguments; ends the program with usage where they are off. */
    bool parse(QCommandLineParser &parser, const QStringList &arguments, int minimum, int maximum,
               const QString &synopsis);

private:
    Options m_options;
    std::unique_ptr<engine::Engine> m_engine;
    bool m_finished = false;
    ExitCode m_code = ExitCode::Done;
};

} // namespace kittiwake::ctl
