// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/context.h"

#include "app/ctl/terminal.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace kittiwake::ctl
{

ExitCode exitCodeOf(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Auth:
        return ExitCode::SignInRefused;
    case ErrorKind::Tls:
        return ExitCode::TlsRefused;
    case ErrorKind::Network:
        return ExitCode::Unreachable;
    case ErrorKind::Storage:
        return ExitCode::StoreUnavailable;
    case ErrorKind::Protocol:
    case ErrorKind::ServerRefused:
    case ErrorKind::Cancelled:
    case ErrorKind::Input:
        return ExitCode::Failed;
    }
    return ExitCode::Failed;
}

Context::Context(Options options) : m_options(std::move(options)) { }
Context::~Context() = default;

engine::Engine *Context::openEngine(bool stayConnected, bool offline, int draftPauseMs)
{
    if (m_engine)
        return m_engine.get();
    engine::EngineOptions options;
    options.profile = m_options.profile;
    options.stayConnected = stayConnected;
    options.offline = offline;
    options.draftPauseMs = draftPauseMs;
    options.program = QStringLiteral("kittiwakectl");
    if (m_options.verbose)
        options.trace = [](const QString &line) { writeText(stderr, line + QLatin1Char('\n')); };
    auto opened = engine::Engine::open(options);
    if (!opened) {
        fail(opened.error());
        return nullptr;
    }
    m_engine = std::move(*opened);
    return m_engine.get();
}

std::optional<std::vector<accounts::Account>> Context::readAccounts()
{
    auto accounts = engine::Engine::readAccounts(m_options.profile);
    if (!accounts) {
        fail(accounts.error());
        return std::nullopt;
    }
    return std::move(*accounts);
}

std::optional<accounts::Account> Context::pickAccount(const QString &name)
{
    const auto accounts = readAccounts();
    if (!accounts)
        return std::nullopt;
    if (accounts->empty()) {
        fail(ExitCode::Failed, tr("There is no account in this profile yet: add one with \"account add\"."));
        return std::nullopt;
    }
    if (name.isEmpty()) {
        if (accounts->size() == 1)
            return accounts->front();
        usage(tr("There are several accounts: name one with --account."));
        return std::nullopt;
    }
    for (const accounts::Account &account : *accounts) {
        if (account.email.compare(name, Qt::CaseInsensitive) == 0 || QString::number(account.id.value()) == name)
            return account;
    }
    fail(ExitCode::Failed, tr("There is no account \"%1\" in this profile.").arg(name));
    return std::nullopt;
}

std::optional<AccountId> Context::pickAccounts(const QString &name)
{
    if (!name.isEmpty()) {
        const auto account = pickAccount(name);
        return account ? std::optional(account->id) : std::nullopt;
    }
    const auto accounts = readAccounts();
    if (!accounts)
        return std::nullopt;
    if (accounts->empty()) {
        fail(ExitCode::Failed, tr("There is no account in this profile yet: add one with \"account add\"."));
        return std::nullopt;
    }
    return AccountId();
}

std::unique_ptr<store::CacheReader> Context::openReader()
{
    auto reader = engine::Engine::openReader(m_options.profile);
    if (!reader) {
        fail(reader.error());
        return nullptr;
    }
    return std::move(*reader);
}

std::optional<store::MailboxRow> Context::pickMailbox(const store::CacheReader &reader, AccountId account,
                                                      const QString &name)
{
    mail::MailboxName wanted{name, {}};
    if (name.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) == 0)
        wanted = mail::MailboxName::inbox();
    auto found = reader.findMailbox(account, wanted);
    if (!found) {
        fail(found.error());
        return std::nullopt;
    }
    if (!*found) {
        fail(ExitCode::Failed, tr("There is no mailbox \"%1\" in the cache; \"sync\" brings it up to date.").arg(name));
        return std::nullopt;
    }
    return *found;
}

void Context::printJson(const QJsonObject &object) const
{
    writeBytes(stdout, QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

void Context::printJson(const QJsonArray &array) const
{
    writeBytes(stdout, QJsonDocument(array).toJson(QJsonDocument::Compact) + '\n');
}

void Context::printText(const QString &text) const
{
    writeText(stdout, text);
}

void Context::showProgress(std::int64_t done, std::int64_t total, const QString &what) const
{
    if (!isTerminal(stderr))
        return;
    constexpr int width = 30;
    const int filled = total > 0 ? static_cast<int>(std::min<std::int64_t>(width, done * width / total)) : 0;
    const QString bar = QString(filled, QLatin1Char('#')) + QString(width - filled, QLatin1Char('.'));
    writeBytes(stderr, "\x1b[2K\r");
    writeText(stderr, QStringLiteral("[%1] %2 / %3  %4").arg(bar, QString::number(done), QString::number(total), what));
}

void Context::clearProgress() const
{
    if (isTerminal(stderr))
        writeBytes(stderr, "\x1b[2K\r");
}

void Context::finish(ExitCode code)
{
    if (m_finished)
        return;
    m_finished = true;
    m_code = code;
    QCoreApplication::exit(static_cast<int>(code));
}

void Context::fail(const Error &error)
{
    QString text = error.userText;
    if (m_options.verbose && !error.detail.isEmpty())
        text += QStringLiteral(" [%1]").arg(error.detail);
    fail(exitCodeOf(error), text);
}

void Context::fail(ExitCode code, const QString &text)
{
    if (m_finished)
        return;
    clearProgress();
    QString line = text;
    line.replace(QLatin1Char('\n'), QLatin1Char(' '));
    writeText(stderr, QStringLiteral("kittiwakectl: %1\n").arg(line));
    finish(code);
}

bool Context::parse(QCommandLineParser &parser, const QStringList &arguments, int minimum, int maximum,
                    const QString &synopsis)
{
    const QString text = tr("usage: kittiwakectl [--profile DIR] [--json] [--verbose] %1").arg(synopsis);
    if (!parser.parse(QStringList{QStringLiteral("kittiwakectl")} + arguments)) {
        usage(tr("%1 (%2)").arg(parser.errorText(), text));
        return false;
    }
    const auto count = parser.positionalArguments().size();
    if (count < minimum || count > maximum) {
        usage(text);
        return false;
    }
    return true;
}

} // namespace kittiwake::ctl
