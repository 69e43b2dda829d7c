// SPDX-License-Identifier: GPL-3.0-or-later
// windowdriver PROFILE: the real window and engine, driven by its names. Each line on standard input is a JSON object,
// each answer a line of JSON (windowdriver.py):
//   {"do": "mailto", "uri": U}                 opens a composer
//   {"do": "draft", "id": ID}                  opens the draft with this number of a row, as a double click does
//   {"do": "click", "name": N, "text": T}      a button called N, or one within what is called N; T: what is on it
//   {"do": "type", "name": N, "text": T}       at the end of a text, or instead of a line
//   {"do": "attach", "file": F}                to the message that is being written
//   {"do": "close", "name": N}                 the window called N
//   {"do": "see", "name": N}                   what is to be read in all that is called N, and can be seen; nothing
//                                              on buttons that do nothing now
//   {"do": "until", "name": N, "text": T, "ms": M}   waits until T is to be read there; without "text", until nothing
//   is
// Of windows that are alike, "window" names the one whose title has this word; "nth" begins with that one of what is
// found.
#include "app/window/enginecomposer.h"
#include "app/window/enginesource.h"
#include "core/engine/engine.h"
#include "ui/composer/composers.h"
#include "ui/composer/composerwindow.h"
#include "ui/composer/outgoingbar.h"
#include "ui/mainwindow/activity.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/reader/htmlprofile.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSocketNotifier>
#include <QTextEdit>
#include <QTimer>

#include <cstdio>
#include <unistd.h>

using namespace kittiwake;
using namespace kittiwake::ui;

namespace
{

constexpr int lookEveryMs = 20;

QString wordsOf(const QWidget *widget)
{
    if (const auto *banner = qobject_cast<const Banner *>(widget))
        return banner->text();
    if (const auto *line = qobject_cast<const ActivityButton *>(widget))
        return line->summary().line;
    if (const auto *label = qobject_cast<const QLabel *>(widget))
        return label->text();
    if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        return button->isEnabled() ? button->text() : QString();
    if (const auto *edit = qobject_cast<const QLineEdit *>(widget))
        return edit->text();
    if (const auto *text = qobject_cast<const QPlainTextEdit *>(widget))
        return text->toPlainText();
    if (const auto *text = qobject_cast<const QTextEdit *>(widget))
        return text->toPlainText();
    return widget->windowTitle();
}

/** The window, and whoever drives it. */
class Driver final : public QObject
{
public:
    explicit Driver(MainWindow &window) : m_window(window), m_input(STDIN_FILENO, QSocketNotifier::Read)
    {
        connect(&m_input, &QSocketNotifier::activated, this, &Driver::read);
        m_looking.setInterval(lookEveryMs);
        connect(&m_looking, &QTimer::timeout, this, &Driver::look);
    }

private:
    [[nodiscard]] QList<QWidget *> visible(const QJsonObject &order) const
    {
        QList<QWidget *> found;
        const QString name = order[u"name"].toString();
        const QString title = order[u"window"].toString();
        for (QWidget *top : QApplication::topLevelWidgets()) {
            if (!top->isVisible() || (!title.isEmpty() && !top->windowTitle().contains(title)))
                continue;
            if (top->objectName() == name)
                found.append(top);
            for (QWidget *one : top->findChildren<QWidget *>(name)) {
                if (one->isVisible() && one->window() == top)
                    found.append(one);
            }
        }
        return found;
    }

    [[nodiscard]] QStringList texts(const QJsonObject &order) const
    {
        QStringList result;
        for (const QWidget *one : visible(order))
            result.append(wordsOf(one).remove(QChar(0x2068)).remove(QChar(0x2069)));
        return result;
    }

    void read()
    {
        char piece[4096];
        const auto count = ::read(STDIN_FILENO, piece, sizeof(piece));
        if (count <= 0) {
            m_input.setEnabled(false);
            m_window.hide();
            QApplication::exit(0);
            return;
        }
        m_read.append(piece, static_cast<qsizetype>(count));
        for (qsizetype end = m_read.indexOf('\n'); end >= 0; end = m_read.indexOf('\n')) {
            const QJsonObject order = QJsonDocument::fromJson(m_read.left(end)).object();
            m_read.remove(0, end + 1);
            obey(order);
        }
    }

    static void answer(const QJsonValue &value)
    {
        const QByteArray line
            = QJsonDocument(QJsonObject{{QStringLiteral("answer"), value}}).toJson(QJsonDocument::Compact);
        std::puts(line.constData());
    }

    void obey(const QJsonObject &order)
    {
        const QString what = order[u"do"].toString();
        if (what == QLatin1String("until")) {
            m_wanted = order;
            m_since.start();
            m_looking.start();
            look();
        } else if (what == QLatin1String("see")) {
            answer(QJsonArray::fromStringList(texts(order)));
        } else if (what == QLatin1String("mailto")) {
            answer(m_window.composers()->openMailto(order[u"uri"].toString().toUtf8()));
        } else if (what == QLatin1String("draft")) {
            m_window.composers()->openDraft(MessageId(order[u"id"].toInteger()));
            answer(true);
        } else if (what == QLatin1String("click")) {
            answer(click(order));
        } else if (what == QLatin1String("type")) {
            answer(type(order));
        } else if (what == QLatin1String("attach")) {
            const auto windows = m_window.composers()->windows();
            if (!windows.empty())
                windows.back()->files().addFiles({order[u"file"].toString()});
            answer(!windows.empty());
        } else if (what == QLatin1String("close")) {
            const QList<QWidget *> found = visible(order);
            answer(!found.isEmpty() && found.front()->close());
        } else {
            answer(QStringLiteral("unknown"));
        }
    }

    [[nodiscard]] bool click(const QJsonObject &order) const
    {
        const QString text = order[u"text"].toString();
        const QList<QWidget *> found = visible(order).mid(order[u"nth"].toInt());
        for (QWidget *one : found) {
            QList<QAbstractButton *> buttons = one->findChildren<QAbstractButton *>();
            if (auto *itself = qobject_cast<QAbstractButton *>(one))
                buttons.prepend(itself);
            for (QAbstractButton *button : buttons) {
                if (button->isVisible() && button->isEnabled() && (text.isEmpty() || button->text() == text)) {
                    button->click();
                    return true;
                }
            }
        }
        return false;
    }

    [[nodiscard]] bool type(const QJsonObject &order) const
    {
        const QString text = order[u"text"].toString();
        for (QWidget *one : visible(order)) {
            if (auto *edit = qobject_cast<QLineEdit *>(one)) {
                edit->setText(text);
                return true;
            }
            if (auto *plain = qobject_cast<QPlainTextEdit *>(one)) {
                plain->moveCursor(QTextCursor::End);
                plain->insertPlainText(text);
                return true;
            }
            if (auto *rich = qobject_cast<QTextEdit *>(one)) {
                rich->moveCursor(QTextCursor::End);
                rich->insertPlainText(text);
                return true;
            }
        }
        return false;
    }

    void look()
    {
        const QStringList now = texts(m_wanted);
        const QString text = m_wanted[u"text"].toString();
        const bool isThere = text.isEmpty()
            ? now.isEmpty()
            : std::any_of(now.begin(), now.end(), [&text](const QString &one) { return one.contains(text); });
        if (!isThere && m_since.elapsed() < m_wanted[u"ms"].toInteger(60'000))
            return;
        m_looking.stop();
        answer(isThere ? QJsonValue(true) : QJsonValue(QJsonArray::fromStringList(now)));
    }

    MainWindow &m_window;
    QSocketNotifier m_input;
    QByteArray m_read;
    QTimer m_looking;
    QElapsedTimer m_since;
    QJsonObject m_wanted;
};

} // namespace

int main(int argc, char **argv)
{
    prepareWebEngine();
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    QApplication::setQuitLockEnabled(false); // it ends when whoever drives it does
    theme::apply(application, theme::Scheme::Light, false);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() != 2) {
        std::fputs("usage: windowdriver PROFILE\n", stderr);
        return 2;
    }
    auto engine = engine::Engine::open({.profile = arguments.at(1), .stayConnected = true});
    if (!engine) {
        std::fprintf(stderr, "%s\n", qPrintable(engine.error().userText));
        return 1;
    }
    app::EngineSource source(**engine);
    app::EngineComposer composer(**engine);
    MainWindow window(source, arguments.at(1));
    window.setWriting(composer);
    window.resize(1400, 900);
    window.show();
    const Driver driver(window);
    return QApplication::exec();
}
