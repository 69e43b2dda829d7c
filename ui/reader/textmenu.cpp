// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/textmenu.h"

#include "core/mime/bodycharset.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerbody.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QHash>
#include <QMenu>

namespace kittiwake::ui
{

namespace
{

QString nameOf(const QByteArray &charset)
{
    static const QHash<QByteArray, const char *> names{
        {"utf-8", QT_TRANSLATE_NOOP("Charset", "Unicode")},
        {"utf-16", QT_TRANSLATE_NOOP("Charset", "Unicode")},
        {"windows-1252", QT_TRANSLATE_NOOP("Charset", "Western European")},
        {"windows-1250", QT_TRANSLATE_NOOP("Charset", "Central European")},
        {"windows-1254", QT_TRANSLATE_NOOP("Charset", "Turkish")},
        {"windows-1257", QT_TRANSLATE_NOOP("Charset", "Baltic")},
        {"windows-1258", QT_TRANSLATE_NOOP("Charset", "Vietnamese")},
        {"windows-1251", QT_TRANSLATE_NOOP("Charset", "Cyrillic")},
        {"koi8-r", QT_TRANSLATE_NOOP("Charset", "Cyrillic")},
        {"iso-8859-5", QT_TRANSLATE_NOOP("Charset", "Cyrillic")},
        {"cp866", QT_TRANSLATE_NOOP("Charset", "Cyrillic")},
        {"windows-1253", QT_TRANSLATE_NOOP("Charset", "Greek")},
        {"windows-1255", QT_TRANSLATE_NOOP("Charset", "Hebrew")},
        {"windows-1256", QT_TRANSLATE_NOOP("Charset", "Arabic")},
        {"gb18030", QT_TRANSLATE_NOOP("Charset", "Simplified Chinese")},
        {"big5", QT_TRANSLATE_NOOP("Charset", "Traditional Chinese")},
        {"shift_jis", QT_TRANSLATE_NOOP("Charset", "Japanese")},
        {"euc-jp", QT_TRANSLATE_NOOP("Charset", "Japanese")},
        {"iso-2022-jp", QT_TRANSLATE_NOOP("Charset", "Japanese")},
        {"euc-kr", QT_TRANSLATE_NOOP("Charset", "Korean")},
        {"tis-620", QT_TRANSLATE_NOOP("Charset", "Thai")},
    };
    const char *region = names.value(charset, "");
    return TextMenu::tr("%1 (%2)", "region of a charset, its name")
        .arg(QCoreApplication::translate("Charset", region), QString::fromLatin1(charset));
}

} // namespace

TextMenu::TextMenu(QMenu &menu, ReaderBody &body, QObject *parent)
    : QObject(parent), m_body(body), m_fixedWidth(menu.addAction(tr("Letters of one width"))),
      m_fold(menu.addAction(tr("Fold quotes"))), m_group(new QActionGroup(this))
{
    m_fixedWidth->setObjectName(QStringLiteral("fixedWidthAction"));
    m_fixedWidth->setCheckable(true);
    connect(m_fixedWidth, &QAction::toggled, this, [this](bool on) { m_body.plainView().setFixedWidth(on); });
    m_fold->setObjectName(QStringLiteral("foldQuotesAction"));
    m_fold->setCheckable(true);
    connect(m_fold, &QAction::triggered, this, [this](bool on) { m_body.plainView().foldQuotes(on); });
    buildCharsets(menu);
    menu.addSeparator();
    connect(&menu, &QMenu::aboutToShow, this, &TextMenu::updateActions);
    updateActions();
}

void TextMenu::buildCharsets(QMenu &menu)
{
    m_charsets = menu.addMenu(tr("Text encoding"));
    m_charsets->setObjectName(QStringLiteral("charsetMenu"));
    m_automatic = m_charsets->addAction(QString());
    m_charsets->addSeparator();
    const auto add = [this](QAction *action, const QByteArray &charset) {
        action->setCheckable(true);
        action->setData(charset);
        m_group->addAction(action);
    };
    add(m_automatic, {});
    m_automatic->setChecked(true);
    for (const QByteArray &charset : mime::offeredCharsets())
        add(m_charsets->addAction(nameOf(charset)), charset);
    connect(m_group, &QActionGroup::triggered, this,
            [this](const QAction *action) { Q_EMIT charsetChosen(action->data().toByteArray()); });
    setText({});
}

void TextMenu::reset()
{
    m_automatic->setChecked(true);
    setText({});
    m_hasText = false;
}

void TextMenu::setText(const QByteArray &charset)
{
    m_hasText = true;
    // While a person has chosen, what would be chosen otherwise is not known.
    const bool isKnown = !charset.isEmpty() && chosenCharset().isEmpty();
    m_automatic->setText(isKnown ? tr("Automatic (%1)", "name of a charset").arg(QString::fromLatin1(charset))
                                 : tr("Automatic"));
}

QByteArray TextMenu::chosenCharset() const
{
    const QAction *chosen = m_group->checkedAction();
    return chosen ? chosen->data().toByteArray() : QByteArray();
}

void TextMenu::updateActions()
{
    const PlainTextView &view = m_body.plainView();
    const bool isPlain = !m_body.showsHtml();
    m_fixedWidth->setEnabled(isPlain);
    m_fold->setEnabled(isPlain && view.hasFolds());
    m_fold->setChecked(isPlain && view.anyFolded());
    m_charsets->setEnabled(m_hasText);
}

} // namespace kittiwake::ui
