// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/colourscheme.h"
#include "app/window/enginecomposer.h"
#include "app/window/enginesource.h"
#include "app/window/filedrag.h"
#include "app/window/messagefiles.h"
#include "app/window/otherstarts.h"
#include "core/base/platform.h"
#include "core/engine/engine.h"
#include "ui/composer/composers.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/reader/htmlprofile.h"
#include "ui/widgets/icon.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFontDatabase>
#include <QLibraryInfo>
#include <QMessageBox>
#include <QTimer>
#include <QTranslator>

#include <chrono>
#include <cstdio>

using namespace kittiwake;

namespace
{

constexpr std::chrono::milliseconds warmUpDelay{700};

struct Options {
    QString profile;
    QStringList files;
    QStringList mailtos;
    std::optional<ui::theme::Scheme> scheme;
};

std::optional<ui::theme::Scheme> schemeOf(const QString &name)
{
    if (name == QLatin1String("light"))
        return ui::theme::Scheme::Light;
    if (name == QLatin1String("dark"))
        return ui::theme::Scheme::Dark;
    if (name == QLatin1String("system"))
        return ui::theme::Scheme::System;
    return std::nullopt;
}

/** Ends the program where the arguments are wrong or ask for help. */
Options parse(const QApplication &application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "A desktop mail program for mail that lives on an IMAP server."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions(
        {{QStringLiteral("profile"),
          QCoreApplication::translate("main", "Settings, cache and pending work live below this folder."),
          QStringLiteral("DIR")},
         {QStringLiteral("color-scheme"), QCoreApplication::translate("main", "light, dark, or system (the default)."),
          QStringLiteral("NAME")}});
    parser.addPositionalArgument(
        QStringLiteral("FILE"),
        QCoreApplication::translate("main", "Messages to read, saved in files (.eml), or mailto: links to write to."),
        QStringLiteral("[FILE…|mailto:…]"));
    parser.process(application);
    Options options;
    for (const QString &argument : parser.positionalArguments())
        (argument.startsWith(QLatin1String("mailto:"), Qt::CaseInsensitive) ? options.mailtos : options.files)
            .push_back(argument);
    options.profile = parser.value(QStringLiteral("profile"));
    if (options.profile.isEmpty())
        options.profile = engine::Engine::defaultProfile();
    options.profile = QDir(options.profile).absolutePath();
    if (parser.isSet(QStringLiteral("color-scheme"))) {
        options.scheme = schemeOf(parser.value(QStringLiteral("color-scheme")));
        if (!options.scheme) {
            std::fputs(qPrintable(QCoreApplication::translate("main", "--color-scheme is light, dark or system.\n")),
                       stderr);
            std::exit(2);
        }
    }
    return options;
}

void installTranslations(QApplication &application)
{
    // English has a translation too: its plurals.
    auto *own = new QTranslator(&application);
    if (own->load(QLocale(), QStringLiteral("kittiwake"), QStringLiteral("_"), QStringLiteral(":/i18n"))
        || own->load(QStringLiteral(":/i18n/kittiwake_en.qm")))
        application.installTranslator(own);
    auto *qt = new QTranslator(&application);
    if (qt->load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        application.installTranslator(qt);
}

int refuseToStart(const Error &error)
{
    std::fputs(qPrintable(error.userText + QLatin1Char('\n')), stderr);
    QMessageBox box(QMessageBox::Warning, QCoreApplication::translate("main", "Kittiwake"), error.userText,
                    QMessageBox::Close);
    box.setTextFormat(Qt::PlainText);
    box.setWindowIcon(ui::applicationIcon());
    QObject::connect(&box, &QMessageBox::finished, qApp, [] { QCoreApplication::exit(1); });
    box.open();
    return QApplication::exec();
}

int run(int argc, char **argv)
{
    ui::prepareWebEngine();
    QCoreApplication::setApplicationName(QStringLiteral("kittiwake"));
    QCoreApplication::setApplicationVersion(QStringLiteral(KITTIWAKE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("kittiwake"));
    QApplication application(argc, argv);
    QApplication::setWindowIcon(ui::applicationIcon());
    installTranslations(application);
    const Options options = parse(application);

    if (!options.files.isEmpty()) {
        app::ColourScheme colours(options.scheme.value_or(ui::WindowSettings(options.profile).scheme()));
        app::MessageFiles files(options.profile);
        files.open(options.files);
        return QApplication::exec();
    }
    if (app::OtherStarts::handOver(options.profile, options.mailtos))
        return 0;
    auto engine = engine::Engine::open({.profile = options.profile, .stayConnected = true});
    if (!engine) {
        app::ColourScheme colours(options.scheme.value_or(ui::theme::Scheme::System));
        return refuseToStart(engine.error());
    }
    app::EngineSource source(**engine);
    app::EngineComposer composer(**engine);
    app::ColourScheme colours(options.scheme.value_or(ui::WindowSettings(options.profile).scheme()));
    ui::MainWindow window(source, options.profile);
    QObject::connect(&window, &ui::MainWindow::schemeChosen, &colours, &app::ColourScheme::setScheme);
    window.readerContext().startDrag = app::startFileDrag;
    window.setWriting(composer);
    window.show();
    for (const QString &link : options.mailtos.mid(0, app::OtherStarts::mostLinks))
        window.composers()->openMailto(link.toUtf8());
    app::OtherStarts others(options.profile);
    QObject::connect(&others, &app::OtherStarts::linkOpened, window.composers(), &ui::Composers::openMailto);
    QObject::connect(&others, &app::OtherStarts::shown, &window, [&window] {
        window.show();
        window.raise();
        window.activateWindow();
    });
    // After the window has been drawn and the first list has come: nobody waits for this.
    QTimer::singleShot(warmUpDelay, &window, &ui::MainWindow::warmUp);
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    return platform::leaveProcess(run(argc, argv));
}
