// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/openrule.h"

#include <QCoreApplication>
#include <QSet>

namespace kittiwake::mime
{

namespace
{

using Reason = OpenRule::Reason;

struct Kind {
    Reason reason;
    const char *extensions;
};

constexpr Kind kinds[] = {
    {Reason::Program,
     "exe com scr pif cpl msi msp mst msix appx appxbundle gadget application appref-ms ocx sys drv dll xll wll jar "
     "jnlp "
     "class apk app run bin elf appimage deb rpm snap flatpak flatpakref pkg mpkg dmgpart out so dylib ipa xbe air "
     "msu diagcab hlp chm"},
    {Reason::Script,
     "bat cmd js jse vbs vbe vb wsf wsh wsc ws sct shb shs ps1 ps1xml ps2 psc1 psd1 psm1 msh msh1 reg inf hta py pyc "
     "pyw pyz pl rb lua tcl php sh bash zsh csh ksh fish command tool workflow action scpt scptd applescript "
     "terminal osax ahk au3 kix job ade adp mde mda mdw mdz msc ins isp grp fxp prg mcf pcd prf r gvfs theme themepack "
     "desktopthemepackfile"},
    {Reason::Shortcut,
     "lnk url desktop webloc fileloc inetloc website scf library-ms search-ms searchconnector-ms appcontent-ms "
     "settingcontent-ms rdp ica vncloc ftploc afploc its mad maf mag mam maq mar mas mat mau mav maw mht mhtml "
     "contact group kys symlink timer service mount"},
    {Reason::DiskImage,
     "iso img dmg vhd vhdx vmdk vdi udf cab sparseimage sparsebundle toast daa nrg bin2 wim swm cdr"},
    {Reason::Macros,
     "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm xla xlw slk iqy oqy rqy dqy odc one onepkg pub mdb accdb "
     "accde accdr accda xps wiz dot xlt pot ppa rtfd"},
    {Reason::WebPage, "html htm xhtml xht shtml svg svgz xml xsl xslt hxt htc"},
};

/** Extensions that people trust; before another one they are there to be seen instead of it. */
const QSet<QString> &trusted()
{
    static const QSet<QString> known{
        QStringLiteral("pdf"),  QStringLiteral("doc"),  QStringLiteral("docx"), QStringLiteral("xls"),
        QStringLiteral("xlsx"), QStringLiteral("ppt"),  QStringLiteral("pptx"), QStringLiteral("odt"),
        QStringLiteral("ods"),  QStringLiteral("txt"),  QStringLiteral("rtf"),  QStringLiteral("csv"),
        QStringLiteral("jpg"),  QStringLiteral("jpeg"), QStringLiteral("png"),  QStringLiteral("gif"),
        QStringLiteral("webp"), QStringLiteral("mp3"),  QStringLiteral("mp4"),  QStringLiteral("avi"),
        QStringLiteral("mov"),  QStringLiteral("wav"),  QStringLiteral("eml"),  QStringLiteral("ics"),
        QStringLiteral("vcf"),  QStringLiteral("zip")};
    return known;
}

const QHash<QString, Reason> &refused()
{
    static const QHash<QString, Reason> all = [] {
        QHash<QString, Reason> made;
        for (const Kind &kind : kinds) {
            for (const QByteArray &extension : QByteArray(kind.extensions).split(' '))
                made.insert(QString::fromLatin1(extension), kind.reason);
        }
        return made;
    }();
    return all;
}

/** What the part itself says it is, for names without an extension that tells. */
Reason reasonOfType(const QByteArray &type)
{
    if (type == "text/html" || type == "application/xhtml+xml" || type == "image/svg+xml")
        return Reason::WebPage;
    if (type == "application/x-msdownload" || type == "application/x-msdos-program" || type == "application/x-dosexec"
        || type == "application/vnd.microsoft.portable-executable" || type == "application/x-executable"
        || type == "application/java-archive" || type == "application/x-msi" || type == "application/x-elf"
        || type == "application/x-sharedlib" || type == "application/vnd.android.package-archive")
        return Reason::Program;
    if (type == "application/x-sh" || type == "application/x-shellscript" || type == "text/x-shellscript"
        || type == "text/javascript" || type == "application/javascript" || type == "application/x-javascript"
        || type == "application/hta" || type == "text/x-python" || type == "text/vbscript"
        || type == "application/x-perl" || type == "application/x-bat")
        return Reason::Script;
    if (type == "application/x-desktop" || type == "application/x-ms-shortcut"
        || type == "application/internet-shortcut" || type == "message/external-body" || type == "multipart/related"
        || type == "application/x-mswebsite")
        return Reason::Shortcut;
    if (type == "application/x-iso9660-image" || type == "application/x-apple-diskimage"
        || type == "application/x-cd-image" || type == "application/x-raw-disk-image")
        return Reason::DiskImage;
    if (type.contains("macroenabled"))
        return Reason::Macros;
    return Reason::None;
}

QString lastExtension(const QString &name)
{
    const qsizetype dot = name.lastIndexOf(u'.');
    return dot < 0 ? QString() : name.sliced(dot + 1).trimmed().toLower();
}

} // namespace

OpenRule openRule(const QString &fileName, const QByteArray &mimeType, bool wasAltered)
{
    OpenRule rule;
    rule.extension = lastExtension(fileName);
    const QByteArray type = mimeType.toLower();
    Reason reason = refused().value(rule.extension, Reason::None);
    if (reason == Reason::None)
        reason = reasonOfType(type);
    if (reason != Reason::None) {
        rule.verdict = OpenRule::Verdict::Refuse;
        // That it hides behind another kind is worth more than which kind it is.
        const QString before = lastExtension(fileName.left(fileName.lastIndexOf(u'.')));
        rule.reason = trusted().contains(before) && before != rule.extension ? Reason::DoubleExtension : reason;
        if (wasAltered)
            rule.reason = Reason::HiddenName;
        return rule;
    }
    if (wasAltered) {
        rule.verdict = OpenRule::Verdict::Refuse;
        rule.reason = Reason::HiddenName;
        return rule;
    }
    if (type == "message/rfc822" || type == "message/global" || rule.extension == u"eml")
        rule.verdict = OpenRule::Verdict::Message;
    else if (type == "application/ms-tnef" || type == "application/vnd.ms-tnef"
             || fileName.compare(u"winmail.dat", Qt::CaseInsensitive) == 0)
        rule.verdict = OpenRule::Verdict::Winmail;
    return rule;
}

QString openRuleText(const OpenRule &rule, const QString &fileName)
{
    const QString kind = rule.extension.isEmpty() ? QString() : QString(u'.' + rule.extension);
    switch (rule.reason) {
    case Reason::None:
        return {};
    case Reason::Program:
        return QCoreApplication::translate("core", "%1 is a program. It can do anything on this computer that you can.")
            .arg(fileName);
    case Reason::Script:
        return QCoreApplication::translate(
                   "core", "%1 holds commands for this computer. Whoever wrote it decides what they do.")
            .arg(fileName);
    case Reason::Shortcut:
        return QCoreApplication::translate(
                   "core", "%1 is a shortcut: it makes this computer open something else, which it does not show.")
            .arg(fileName);
    case Reason::DiskImage:
        return QCoreApplication::translate(
                   "core", "%1 is the image of a disk. What is in it escapes the checks for downloaded files.")
            .arg(fileName);
    case Reason::Macros:
        return QCoreApplication::translate("core", "%1 is a document that can run programs of its own (macros).")
            .arg(fileName);
    case Reason::WebPage:
        return QCoreApplication::translate(
                   "core",
                   "%1 is a web page. Opened from this computer it may run scripts, and pretend to be a site "
                   "where you sign in.")
            .arg(fileName);
    case Reason::DoubleExtension:
        return QCoreApplication::translate(
                   "core", "%1 wants to look like another kind of file than it is. Its real kind is %2.")
            .arg(fileName, kind);
    case Reason::HiddenName:
        return kind.isEmpty()
            ? QCoreApplication::translate(
                  "core", "The sender's name for this file held characters that hide what it is. It is %1.")
                  .arg(fileName)
            : QCoreApplication::translate("core",
                                          "The sender's name for this file held characters that hide what it "
                                          "is. It is %1, of the kind %2.")
                  .arg(fileName, kind);
    }
    return {};
}

} // namespace kittiwake::mime
