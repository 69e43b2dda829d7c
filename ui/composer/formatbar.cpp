// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/formatbar.h"

#include "ui/composer/richeditor.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QTextList>
#include <QToolButton>

namespace kittiwake::ui
{

namespace
{

struct Ink {
    const char *name;
    QRgb colour;
};

/** 4.5:1 on white, and 3:1 on the dark ground; a reader that adapts colours has less to do. */
constexpr Ink inks[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {QT_TRANSLATE_NOOP("kittiwake::ui::FormatBar", "Red"), 0xffc62f28},
    {QT_TRANSLATE_NOOP("kittiwake::ui::FormatBar", "Orange"), 0xffb25400},
    {QT_TRANSLATE_NOOP("kittiwake::ui::FormatBar", "Green"), 0xff2b7d3b},
    {QT_TRANSLATE_NOOP("kittiwake::ui::FormatBar", "Blue"), 0xff2a6cc4},
    {QT_TRANSLATE_NOOP("kittiwake::ui::FormatBar", "Purple"), 0xff8a4bb8},
    {QT_TRANSLATE_NOOP("kittiwake::ui::FormatBar", "Grey"), 0xff6b7480},
};

QIcon swatch(const QColor &colour)
{
    QPixmap pixmap(32, 32);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QRectF(2, 2, 12, 12));
    return {pixmap};
}

} // namespace

FormatBar::FormatBar(RichEditor &editor, QWidget *parent)
    : QWidget(parent), m_editor(editor), m_row(new QHBoxLayout(this)),
      m_bold(add("bold", tr("Bold"), QStringLiteral("bold"), QKeySequence(Qt::CTRL | Qt::Key_B), true)),
      m_italic(add("italic", tr("Italic"), QStringLiteral("italic"), QKeySequence(Qt::CTRL | Qt::Key_I), true)),
      m_underline(
          add("underline", tr("Underlined"), QStringLiteral("underline"), QKeySequence(Qt::CTRL | Qt::Key_U), true)),
      m_strike(add("strikeOut", tr("Struck out"), QStringLiteral("strikethrough"), {}, true)), m_bullets(nullptr),
      m_numbers(nullptr), m_quote(nullptr)
{
    setObjectName(QStringLiteral("formatBar"));
    setAccessibleName(tr("Formatting"));
    m_row->setContentsMargins(theme::margins(14, 2, 14, 3));
    m_row->setSpacing(2);
    addMenu("textSize", tr("Size of the letters"), QStringLiteral("a-large-small"), sizeMenu());
    addMenu("textColour", tr("Colour of the letters"), QStringLiteral("palette"), colourMenu());
    m_row->addSpacing(8);
    m_bullets
        = add("bulletList", tr("List"), QStringLiteral("list"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_8), true);
    m_numbers = add("numberedList", tr("Numbered list"), QStringLiteral("list-ordered"),
                    QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_7), true);
    m_quote = add("quote", tr("Quotation"), QStringLiteral("text-quote"),
                  QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_9), true);
    m_row->addSpacing(8);
    QAction *link = add("link", tr("Link…"), QStringLiteral("link"), QKeySequence(Qt::CTRL | Qt::Key_K), false);
    QAction *picture = add("picture", tr("Picture…"), QStringLiteral("image-plus"), {}, false);
    QAction *plain = add("clearFormatting", tr("Without formatting"), QStringLiteral("remove-formatting"),
                         QKeySequence(Qt::CTRL | Qt::Key_Space), false);
    m_row->addStretch(1);

    connect(m_bold, &QAction::triggered, &m_editor, &RichEditor::setBold);
    connect(m_italic, &QAction::triggered, &m_editor, &RichEditor::setItalic);
    connect(m_underline, &QAction::triggered, &m_editor, &RichEditor::setUnderlined);
    connect(m_strike, &QAction::triggered, &m_editor, &RichEditor::setStruckOut);
    connect(m_bullets, &QAction::triggered, this, [this] {
        m_editor.toggleList(QTextListFormat::ListDisc);
        showFormat();
    });
    connect(m_numbers, &QAction::triggered, this, [this] {
        m_editor.toggleList(QTextListFormat::ListDecimal);
        showFormat();
    });
    connect(m_quote, &QAction::triggered, this, [this](bool on) {
        m_editor.changeQuote(on ? 1 : -1);
        showFormat();
    });
    connect(link, &QAction::triggered, this, &FormatBar::linkWanted);
    connect(picture, &QAction::triggered, this, &FormatBar::pictureWanted);
    connect(plain, &QAction::triggered, &m_editor, &RichEditor::clearFormatting);
    connect(&m_editor, &QTextEdit::currentCharFormatChanged, this, &FormatBar::showFormat);
    connect(&m_editor, &QTextEdit::cursorPositionChanged, this, &FormatBar::showFormat);
}

QAction *FormatBar::add(const char *name, const QString &title, const QString &iconName, const QKeySequence &key,
                        bool checkable)
{
    auto *action = new QAction(icon(iconName), title, this);
    action->setObjectName(QLatin1String(name));
    action->setCheckable(checkable);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetShortcut);
    m_editor.addAction(action);
    if (!key.isEmpty())
        action->setToolTip(tr("%1 (%2)", "command, shortcut").arg(title, key.toString(QKeySequence::NativeText)));
    auto *button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QLatin1String("Button"));
    button->setAutoRaise(true);
    button->setIconSize({theme::smallIcon, theme::smallIcon});
    button->setMinimumSize(30, 28);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(title);
    m_row->addWidget(button);
    return action;
}

void FormatBar::addMenu(const char *name, const QString &title, const QString &iconName, QMenu *menu)
{
    auto *button = new QToolButton(this);
    button->setObjectName(QLatin1String(name) + QLatin1String("Button"));
    button->setAutoRaise(true);
    button->setIcon(icon(iconName));
    button->setIconSize({theme::smallIcon, theme::smallIcon});
    button->setMinimumSize(30, 28);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(menu);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(title);
    button->setToolTip(title);
    m_row->addWidget(button);
}

QMenu *FormatBar::sizeMenu()
{
    auto *menu = new QMenu(this);
    const struct {
        int step;
        QString title;
    } sizes[]{{-1, tr("Small")}, {0, tr("Usual")}, {1, tr("Large")}, {2, tr("Very large")}};
    for (const auto &one : sizes)
        menu->addAction(one.title, this, [this, step = one.step] { m_editor.setSizeStep(step); });
    return menu;
}

QMenu *FormatBar::colourMenu()
{
    auto *menu = new QMenu(this);
    menu->addAction(tr("Usual"), this, [this] { m_editor.setColour({}); });
    for (const Ink &ink : inks) {
        const QColor colour(ink.colour);
        menu->addAction(swatch(colour), tr(ink.name), this, [this, colour] { m_editor.setColour(colour); });
    }
    return menu;
}

void FormatBar::showFormat()
{
    const QTextCharFormat format = m_editor.currentCharFormat();
    m_bold->setChecked(format.fontWeight() >= QFont::DemiBold);
    m_italic->setChecked(format.fontItalic());
    m_underline->setChecked(format.fontUnderline() && !format.isAnchor());
    m_strike->setChecked(format.fontStrikeOut());
    const QTextList *list = m_editor.textCursor().currentList();
    // Marks come before numbers in QTextListFormat::Style, which counts down.
    const bool isNumbered = list != nullptr && list->format().style() <= QTextListFormat::ListDecimal;
    m_bullets->setChecked(list != nullptr && !isNumbered);
    m_numbers->setChecked(isNumbered);
    m_quote->setChecked(m_editor.textCursor().blockFormat().intProperty(QTextFormat::BlockQuoteLevel) > 0);
}

void FormatBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(QRect(12, height() - 1, width() - 24, 1), theme::border(palette()));
}

} // namespace kittiwake::ui
