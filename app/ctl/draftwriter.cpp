// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/draftwriter.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>
#include <cstdio>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace kittiwake::ctl
{

namespace
{

/** What is there, without waiting for more; empty at the end. */
QByteArray readSome()
{
    QByteArray bytes(4096, '\0');
#ifdef Q_OS_UNIX
    const auto count = ::read(0, bytes.data(), static_cast<std::size_t>(bytes.size()));
#else
    const auto count = std::fread(bytes.data(), 1, 1, stdin);
#endif
    bytes.truncate(std::max<qsizetype>(0, static_cast<qsizetype>(count)));
    return bytes;
}

} // namespace

DraftWriter::DraftWriter(Context &context, engine::Engine &engine, bool sends, ToJson toJson)
    : m_context(context), m_engine(engine), m_sends(sends), m_toJson(toJson)
{
}

void DraftWriter::start(const engine::DraftContent &content)
{
    m_content = content;
    connect(&m_engine, &engine::Engine::draftChanged, this, [this](const engine::DraftState &state) {
        if (state.id == m_content.id)
            print(state);
    });
    m_input = std::make_unique<QSocketNotifier>(0, QSocketNotifier::Read);
    connect(m_input.get(), &QSocketNotifier::activated, this, [this] { readInput(); });
}

void DraftWriter::print(const engine::DraftState &state)
{
    QJsonObject json = m_toJson(state);
    json.insert(QStringLiteral("lines"), m_saved);
    const QByteArray line = QJsonDocument(json).toJson(QJsonDocument::Compact);
    if (line == m_printed)
        return;
    m_printed = line;
    m_context.printText(QString::fromUtf8(line) + u'\n');
    std::fflush(stdout);
}

/** "To: …" and "Subject: …" set these, "Attach: …" names a file; any other line is text. */
void DraftWriter::readInput()
{
    const QByteArray bytes = readSome();
    if (bytes.isEmpty()) {
        m_input->setEnabled(false);
        return finish();
    }
    m_line += bytes;
    for (qsizetype end = m_line.indexOf('\n'); end >= 0; end = m_line.indexOf('\n')) {
        const QString line = QString::fromUtf8(m_line.first(end));
        m_line.remove(0, end + 1);
        mime::Composition &composition = m_content.composition;
        if (line.startsWith(QLatin1String("To: ")))
            composition.to = {{{}, line.mid(4).trimmed()}};
        else if (line.startsWith(QLatin1String("Subject: ")))
            composition.subject = line.mid(9);
        else if (line.startsWith(QLatin1String("Attach: ")))
            composition.attachments.push_back(mime::OutgoingFile{
                QFileInfo(line.mid(8)).fileName(), QByteArrayLiteral("application/octet-stream"), {}, line.mid(8)});
        else
            composition.text += line + u'\n';
        m_engine.saveDraft(m_content).then(this, [this, lines = ++m_read](const Result<engine::DraftState> &saved) {
            if (!saved)
                return m_context.fail(saved.error());
            m_saved = std::max(m_saved, lines);
            print(*saved);
        });
    }
}

void DraftWriter::finish()
{
    if (m_sends) {
        engine::DraftSendRequest request;
        request.id = m_content.id;
        request.undoSeconds = 0;
        request.wait = true;
        m_engine.sendDraft(request).then(this, [this](const Result<engine::SendReport> &report) {
            if (!report)
                return m_context.fail(report.error());
            m_context.printJson(
                QJsonObject{{QStringLiteral("state"), report->state},
                            {QStringLiteral("message_id"), report->messageId},
                            {QStringLiteral("operation"), static_cast<qint64>(report->operation.value())},
                            {QStringLiteral("error"), report->error}});
            m_context.finish();
        });
        return;
    }
    m_engine.closeDraft(m_content.id, true).then(this, [this](const Result<engine::DraftState> &closed) {
        if (!closed)
            return m_context.fail(closed.error());
        print(*closed);
        m_context.finish();
    });
}

} // namespace kittiwake::ctl
