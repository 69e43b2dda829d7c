// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/shortcutsdialog.h"

#include "ui/widgets/theme.h"

#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

/** A key as it looks on a keyboard. */
class KeyCap final : public QLabel
{
public:
    KeyCap(const QString &key, QWidget *parent) : QLabel(key, parent)
    {
        setTextFormat(Qt::PlainText);
        setAlignment(Qt::AlignCenter);
        setContentsMargins(8, 3, 8, 3);
        setFont(theme::scaled(font(), 0.92));
    }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(theme::mix(theme::border(palette()), palette().color(QPalette::Text), 0.15));
        painter.setBrush(palette().color(QPalette::Base));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter.end();
        QLabel::paintEvent(event);
    }
};

} // namespace

ShortcutsDialog::ShortcutsDialog(const std::vector<QAction *> &actions, QWidget *parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keyboard shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *content = new QWidget;
    auto *grid = new QGridLayout(content);
    grid->setContentsMargins(24, 20, 24, 12);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(0, 1);
    int row = 0;
    const auto heading = [&](const QString &text) {
        auto *label = new QLabel(text, content);
        label->setFont(theme::scaled(font(), 1.1, QFont::DemiBold));
        label->setContentsMargins(0, row == 0 ? 0 : 14, 0, 4);
        grid->addWidget(label, row++, 0, 1, 2);
    };
    const auto add = [&](const QString &text, const QStringList &keys) {
        auto *label = new QLabel(text, content);
        label->setTextFormat(Qt::PlainText);
        grid->addWidget(label, row, 0);
        auto *caps = new QHBoxLayout;
        caps->setSpacing(4);
        caps->addStretch();
        for (const QString &key : keys)
            caps->addWidget(new KeyCap(key, content));
        grid->addLayout(caps, row++, 1);
    };
    const auto key = [](const QKeySequence &keys) { return keys.toString(QKeySequence::NativeText); };

    heading(tr("Everywhere"));
    for (const QAction *action : actions) {
        QStringList keys;
        for (const QKeySequence &shortcut : action->shortcuts())
            keys.append(key(shortcut));
        if (!keys.isEmpty())
            add(action->text(), keys.mid(0, 2));
    }
    heading(tr("Messages"));
    add(tr("Page down, then the next unread message"), {key(Qt::Key_Space)});
    add(tr("Open the chosen message"), {key(Qt::Key_Return)});
    add(tr("Unfold or fold a conversation"), {key(Qt::Key_Right), key(Qt::Key_Left)});
    add(tr("Copy the selected text"), {key(QKeySequence::Copy)});

    auto *area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(content);
    area->setAccessibleName(tr("Keyboard shortcuts"));
    auto *close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 16);
    layout->addWidget(area, 1);
    auto *bottom = new QHBoxLayout;
    bottom->setContentsMargins(24, 0, 24, 0);
    bottom->addStretch();
    bottom->addWidget(close);
    layout->addLayout(bottom);
    resize(500, qMin(content->sizeHint().height() + 70, 640));
}

} // namespace kittiwake::ui
