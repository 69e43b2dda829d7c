// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/reader/htmlprofile.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QTest>
#include <QTranslator>

/** As QTEST_MAIN, with what the product does before its first window. */
#define KITTIWAKE_UI_TEST_MAIN(Test)                                                                                   \
    int main(int argc, char **argv)                                                                                    \
    {                                                                                                                  \
        kittiwake::ui::prepareWebEngine();                                                                             \
        QApplication application(argc, argv);                                                                          \
        kittiwake::ui::theme::apply(application, kittiwake::ui::theme::Scheme::Light, false);                          \
        QTranslator plurals;                                                                                           \
        if (!plurals.load(QStringLiteral(":/i18n/kittiwake_en.qm")))                                                   \
            return 1;                                                                                                  \
        QCoreApplication::installTranslator(&plurals);                                                                 \
        Test test;                                                                                                     \
        return QTest::qExec(&test, argc, argv);                                                                        \
    }
