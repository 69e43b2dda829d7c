// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/welcomepage.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

/** The application's mark, sharp at any scale. */
class Mark final : public QWidget
{
public:
    explicit Mark(QWidget *parent) : QWidget(parent) { setFixedSize(96, 96); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        applicationIcon().paint(&painter, rect());
    }
};

} // namespace

WelcomePage::WelcomePage(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("welcomePage"));
    setAccessibleName(tr("Welcome"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    auto *title = new QLabel(tr("Welcome to Kittiwake"), this);
    title->setFont(theme::scaled(font(), 2.0, QFont::DemiBold));
    title->setAlignment(Qt::AlignHCenter);
    auto *text
        = new QLabel(tr("A mail program for mail that lives on a server. It shows new messages the moment they "
                        "arrive, keeps nothing of their text on this computer, and loads nothing from strangers."),
                     this);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignHCenter);
    text->setFont(theme::scaled(font(), 1.1));
    text->setForegroundRole(QPalette::PlaceholderText);
    text->setMaximumWidth(qMax(460, fontMetrics().averageCharWidth() * 70));
    text->setMinimumHeight(text->heightForWidth(text->maximumWidth()));
    auto *add = new QPushButton(tr("Add account"), this);
    add->setObjectName(QStringLiteral("welcomeAddAccount"));
    add->setDefault(true);
    add->setMinimumSize(160, 40);
    connect(add, &QPushButton::clicked, this, &WelcomePage::addAccountRequested);
    setFocusProxy(add);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(32, 32, 32, 32);
    layout->addStretch(3);
    layout->addWidget(new Mark(this), 0, Qt::AlignHCenter);
    layout->addSpacing(16);
    layout->addWidget(title);
    layout->addSpacing(10);
    auto *centred = new QHBoxLayout;
    centred->addStretch();
    centred->addWidget(text, 100);
    centred->addStretch();
    layout->addLayout(centred);
    layout->addSpacing(24);
    layout->addWidget(add, 0, Qt::AlignHCenter);
    layout->addStretch(4);
}

} // namespace kittiwake::ui
