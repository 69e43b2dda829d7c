// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/quotestrip.h"

#include "core/mime/quotation.h"
#include "ui/reader/htmlview.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

constexpr int viewHeight = 260;

} // namespace

QuoteStrip::QuoteStrip(QWidget *parent)
    : QWidget(parent), m_text(new QLabel(this)), m_show(new QPushButton(tr("Show"), this))
{
    setObjectName(QStringLiteral("quoteStrip"));
    auto *remove = new QPushButton(tr("Leave out"), this);
    remove->setObjectName(QStringLiteral("removeQuote"));
    remove->setFlat(true);
    m_show->setObjectName(QStringLiteral("showQuote"));
    m_show->setFlat(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setForegroundRole(QPalette::PlaceholderText);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 1, 0, 0);
    layout->setSpacing(0);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(theme::margins(46, 5, 12, 4));
    line->setSpacing(4);
    line->addWidget(m_text, 1);
    line->addWidget(m_show);
    line->addWidget(remove);
    layout->addLayout(line);
    connect(m_show, &QPushButton::clicked, this, [this] { setShown(m_view == nullptr || m_view->isHidden()); });
    connect(remove, &QPushButton::clicked, this, [this] {
        setQuote({});
        Q_EMIT removed();
    });
    setVisible(false);
}

void QuoteStrip::setQuote(const QuotedOriginal &quote)
{
    m_quote = quote;
    setVisible(!m_quote.isEmpty());
    m_text->setText(m_quote.about.isEmpty()
                        ? tr("The original message follows, just as you read it.")
                        : tr("The message of %1 follows, just as you read it.").arg(isolated(m_quote.about, 100)));
    if (m_quote.isEmpty())
        setShown(false);
    else if (m_view != nullptr && !m_view->isHidden())
        load();
}

void QuoteStrip::setShown(bool on)
{
    if (on && m_view == nullptr) {
        m_view = new HtmlView(this);
        m_view->setFixedHeight(viewHeight);
        layout()->addWidget(m_view);
    }
    if (m_view != nullptr)
        m_view->setVisible(on);
    if (on)
        load();
    m_show->setText(on ? tr("Hide") : tr("Show"));
}

void QuoteStrip::load()
{
    std::vector<mime::InlineImage> images;
    for (const mime::OutgoingFile &picture : m_quote.pictures) {
        if (const auto *bytes = std::get_if<QByteArray>(&picture.content))
            images.push_back({picture.contentId, picture.type, *bytes});
    }
    // On white, also in a dark window: as it goes out.
    m_view->setMessage(mime::quotationDocument(m_quote.html), images, false);
}

void QuoteStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme::chrome(palette()));
    painter.fillRect(QRect(0, 0, width(), 1), theme::border(palette()));
    const int line = m_show->height() + 8;
    paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), QRect(20, 2, 16, line)),
              QStringLiteral("text-quote"), theme::secondaryText(palette()));
}

} // namespace kittiwake::ui
