// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/textscore.h"

#include <QString>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

/** Frequent letters, from counting in texts of each language: enough to tell the right charset from a wrong one. */
constexpr QStringView frequentLetters
    = u"оеаинтсрвл" // Cyrillic
      u"αοιετσνηυρςάίέόή" // Greek
      u"יוהלאמרתבשנ" // Hebrew
      u"اليونمرتبةد" // Arabic
      u"าานรอกเง่ยลวมดทสีั้ิ" // Thai
      u"的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
      u"家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把"
      u"机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果"
      u"加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔"
      u"更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展"
      u"马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共"
      u"确传师观清今切院让识候带导争运请谢谢附件邮件您"
      u"這個們來為國說時會對於過發後裡還進現當沒動從無與長機業應戰頭體見東聲員論處義條氣題爾別變總電數報結務場計資許統"
      u"區隊決馬書聽達權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運請謝郵" // Chinese
      u"のにはをたがでてとしれさいるらなりすもこまかんっうよくあだきおけせどつえそわみめちや" // Japanese
      u"アイウエオカキクケコサシスセソタチツテトナニノハヒフヘホマミムメモラリルレロワンー" // Japanese
      u"이다는을의에가고하지한도로있어아나사기서리시대인라그해정자수일만제부안요습니님입까감합세여은" // Korean
      u"äöüßéèêàçñáíóúâîôåæøõãëïìòù" // western Latin
      u"ąęłśżźćńčšžřěůőűșțăğışćđ"; // central and eastern Latin

const QString &frequent()
{
    static const QString sorted = [] {
        QString all = frequentLetters.toString();
        std::sort(all.begin(), all.end());
        return all;
    }();
    return sorted;
}

bool isFrequent(QChar c)
{
    return std::binary_search(frequent().begin(), frequent().end(), c);
}

bool isSpacelessScript(QChar::Script script)
{
    return script == QChar::Script_Han || script == QChar::Script_Hiragana || script == QChar::Script_Katakana
        || script == QChar::Script_Thai;
}

/** Of one character by itself. */
double worthOf(QChar c)
{
    const char16_t unit = c.unicode();
    if (unit == QChar::ReplacementCharacter)
        return -12;
    const QChar::Category category = c.category();
    if (category == QChar::Other_Control || category == QChar::Other_PrivateUse || category == QChar::Other_NotAssigned)
        return -8;
    if (isFrequent(c))
        return c.script() == QChar::Script_Han || c.script() == QChar::Script_Hangul ? 5 : 3;
    if (isFrequent(c.toLower()))
        return 2;
    if (unit >= 0xFF61 && unit <= 0xFF9F) // half-width Katakana: what other charsets look like in Shift_JIS
        return -1;
    switch (c.script()) {
    case QChar::Script_Han:
        return unit >= 0x4E00 && unit <= 0x9FA5 ? 0.6 : -4;
    case QChar::Script_Hangul:
        return unit >= 0xAC00 ? 1.2 : -4;
    case QChar::Script_Latin:
        return 0.2;
    default:
        break;
    }
    if (c.isLetter() || c.isMark())
        return 1;
    if ((unit >= 0x2010 && unit <= 0x2026) || (unit >= 0x3001 && unit <= 0x3011) || unit == 0xA0 || unit == 0xAB
        || unit == 0xBB || unit == 0x20AC || (unit >= 0xFF01 && unit <= 0xFF1F))
        return 1.5;
    return -2; // other signs
}

} // namespace

double scoreOfText(QStringView text)
{
    double sum = 0;
    qsizetype count = 0;
    QChar before = u' ';
    for (const QChar c : text) {
        if (c.unicode() < 0x80) {
            // A Latin letter right behind one of another script.
            if (c.isLetter() && before.unicode() >= 0x80 && before.isLetter() && before.script() != QChar::Script_Latin
                && !isSpacelessScript(before.script()))
                sum -= 2;
            before = c;
            continue;
        }
        ++count;
        sum += worthOf(c);
        if (c.isLetter() && before.isLetter()) {
            if (c.isUpper() && before.isLower())
                sum -= 4;
            const bool sameScript = c.script() == before.script() || c.script() == QChar::Script_Common
                || before.script() == QChar::Script_Common;
            if (!sameScript && !(isSpacelessScript(c.script()) || isSpacelessScript(before.script())))
                sum -= 3;
        }
        before = c;
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
}

} // namespace kittiwake::mime
