// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/htmlescape.h"
#include "core/mime/sanitiser.h"

namespace kittiwake::mime
{

namespace
{

constexpr QLatin1StringView lightStart("<!DOCTYPE html><html class=\"kw-light\">");
constexpr QLatin1StringView darkStart("<!DOCTYPE html><html class=\"kw-dark\">");

/// form-action and base-uri do not fall back to default-src, hence they are named.
constexpr QByteArrayView
    head("<head><meta charset=\"utf-8\">"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src cid: data: remote:; "
         "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">"
         "<meta name=\"referrer\" content=\"no-referrer\">"
         // Browsers look up the hosts of links ahead of a click.
         "<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\"><title></title>");

constexpr QByteArrayView baseStyle("html,body{margin:0;padding:0;background:#fff}"
                                   ".kw-page{min-height:100vh;box-sizing:border-box;background:#fff;color:#1b1b1f;"
                                   "font:14px/1.45 system-ui,sans-serif;overflow-wrap:break-word}"
                                   ".kw-part,.kw-text{padding:16px 24px;box-sizing:border-box}"
                                   ".kw-part:only-child{min-height:100vh}"
                                   ".kw-text{white-space:pre-wrap}"
                                   ".kw-page img{max-width:100%}"
                                   ".kw-page pre{white-space:pre-wrap}"
                                   ".kw-page blockquote{margin:0 0 0 4px;padding-left:12px;"
                                   "border-left:2px solid #b9bec7}");

/// What a mail leaves to the browser. Its own colours are adapted one by one (csscolour.h); pictures stay as they are.
/// The ground is that of the window, which the view knows.
constexpr QByteArrayView darkBaseStyle(".kw-dark{--kw-ground:#202429}.kw-dark,.kw-dark body,.kw-dark .kw-page"
                                       "{background:var(--kw-ground);color:#e4e7eb}"
                                       ".kw-dark a{color:#8ab9f5}.kw-dark mark{background:#4d3d00;color:#ffe9a8}"
                                       ".kw-dark .kw-page blockquote{border-left-color:#555c65}");

} // namespace

void DocumentWriter::addHtml(const SanitisedHtml &part)
{
    m_styles += part.styles;
    m_darkStyles += part.darkStyles;
    m_body += "<div" + part.bodyAttributes + '>' + part.body + "</div>";
}

void DocumentWriter::addFragment(const QByteArray &html)
{
    m_body += "<div class=\"kw-part\">" + html + "</div>";
}

void DocumentWriter::addPlainText(const QString &text)
{
    m_body += "<div class=\"kw-text\">";
    appendEscaped(m_body, text.toUtf8());
    m_body += "</div>";
}

QString DocumentWriter::document(ColourScheme scheme) const
{
    QByteArray rest;
    rest.reserve(head.size() + baseStyle.size() + darkBaseStyle.size() + m_styles.size() + m_darkStyles.size()
                 + m_body.size() + 128);
    rest += head;
    rest += "<style>";
    rest += baseStyle;
    rest += m_styles;
    rest += "@media screen{";
    rest += darkBaseStyle;
    rest += m_darkStyles;
    rest += "}</style></head>";
    rest += documentBodyStart;
    rest += m_body;
    rest += documentBodyEnd;
    return QString((scheme == ColourScheme::Dark ? darkStart : lightStart) + QString::fromUtf8(rest));
}

QString withColourScheme(const QString &document, ColourScheme scheme)
{
    const bool dark = document.startsWith(darkStart);
    if (!dark && !document.startsWith(lightStart))
        return document;
    const QStringView rest = QStringView(document).sliced(dark ? darkStart.size() : lightStart.size());
    return QString((scheme == ColourScheme::Dark ? darkStart : lightStart) + rest);
}

} // namespace kittiwake::mime
