// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/attachmentwords.h"

#include <QStringView>

#include <algorithm>
#include <array>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype longestText = 64 * 1024;

/** Beginnings of words, in small letters. A language more is a line more. */
constexpr std::array beginnings{
    u"attach",   u"enclos", // English
    u"anhang",   u"anhäng",     u"angehäng",    u"angehängt", u"beigefüg", u"anbei",  u"beiliegend", // German
    u"ci-joint", u"ci-jointe",  u"jointe",      u"joins",     u"joint",    u"annexe", // French
    u"adjunt", // Spanish
    u"allegat",  u"allego",     u"alleghi", // Italian
    u"anexo",    u"anexad",     u"anexei",      u"anexa", // Portuguese, Romanian
    u"bijlage",  u"bijgevoegd", u"bijgesloten", // Dutch
    u"bifoga",   u"bilaga",     u"bilagor", // Swedish
    u"vedhæft",  u"vedlegg",    u"vedlagt",     u"vedlag", // Danish, Norwegian
    u"liittee",  u"liite",      u"liitteenä",   u"oheise",    u"oheis", // Finnish
    u"załącz",   u"zalacz", // Polish
    u"příloh",   u"přilože",    u"prilož",      u"príloh", // Czech, Slovak
    u"вложен",   u"прикреп",    u"прилага",     u"прилож", // Russian
    u"вкладен",  u"прикріп",    u"додат", // Ukrainian
    u"csatol",   u"mellékel", // Hungarian
    u"ekte",     u"ekteki",     u"ekli",        u"ekledim", // Turkish
    u"επισυν",   u"συνημμ", // Greek
    u"מצורף",    u"מצורפת",     u"מצורפים",     u"בצרופה", // Hebrew
    u"مرفق",     u"المرفق",     u"مرفقات",      u"بالمرفق", // Arabic
};

/** Languages that put no blanks between words. */
constexpr std::array anywhere{
    u"添付", // Japanese
    u"附件", u"附上", u"附檔", u"随附", // Chinese
    u"첨부", // Korean
};

bool isWordLetter(QChar c)
{
    return c.isLetterOrNumber() || c.isMark() || c == u'-';
}

bool speaksOfOne(const QString &line)
{
    const bool found = std::any_of(anywhere.begin(), anywhere.end(),
                                   [&line](const char16_t *word) { return line.contains(QStringView(word)); });
    if (found)
        return true;
    qsizetype at = 0;
    while (at < line.size()) {
        while (at < line.size() && !isWordLetter(line.at(at)))
            ++at;
        const qsizetype from = at;
        while (at < line.size() && isWordLetter(line.at(at)))
            ++at;
        const QStringView word = QStringView(line).sliced(from, at - from);
        const bool begins = std::any_of(beginnings.begin(), beginnings.end(), [word](const char16_t *beginning) {
            return word.startsWith(QStringView(beginning));
        });
        if (begins)
            return true;
    }
    return false;
}

} // namespace

bool mentionsAttachment(const QString &text)
{
    for (const QStringView line : QStringView(text).first(std::min(text.size(), longestText)).split(u'\n')) {
        if (line == QLatin1String("-- "))
            return false; // the signature, and what is answered below it
        if (!line.startsWith(u'>') && speaksOfOne(line.toString().toLower()))
            return true;
    }
    return false;
}

} // namespace kittiwake::ui
