// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/helper.h"

#include "core/base/log.h"
#include "ui/widgets/inworker.h"

#include <QCborValue>
#include <QCoreApplication>
#include <QProcess>
#include <QTimer>

namespace kittiwake::ui
{

namespace
{

Failure unreadable(const QString &why)
{
    return failure(ErrorKind::Input, QStringLiteral("kittiwake-helper"),
                   QCoreApplication::translate("ui::attachments",
                                               "This file is damaged, too large or of a kind that cannot be shown. It "
                                               "can still be saved."),
                   why);
}

/** One run of the helper; deletes itself. */
class Run final : public QObject
{
public:
    using Promise = std::shared_ptr<QPromise<Result<QCborMap>>>;

    Run(Promise promise, QByteArray bytes) : QObject(qApp), m_promise(std::move(promise)), m_bytes(std::move(bytes))
    {
        m_process.setStandardErrorFile(QProcess::nullDevice()); // what decoders say may quote the file
        m_patience.setSingleShot(true);
        connect(&m_patience, &QTimer::timeout, this, [this] {
            m_process.kill();
            finish(unreadable(QStringLiteral("too slow")));
        });
        connect(&m_process, &QProcess::readyReadStandardOutput, this, [this] {
            m_answer += m_process.readAllStandardOutput();
            if (m_answer.size() > Helper::maxAnswer) {
                m_process.kill();
                finish(unreadable(QStringLiteral("too large an answer")));
            }
        });
        connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart) {
                finish(failure(ErrorKind::Storage, m_process.program(),
                               QCoreApplication::translate("ui::attachments",
                                                           "Kittiwake is not installed completely: the program that "
                                                           "looks into files is missing. The file can be saved."),
                               m_process.errorString()));
            }
        });
        connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
            m_answer += m_process.readAllStandardOutput();
            if (status != QProcess::NormalExit || code != 0) {
                finish(unreadable(QStringLiteral("the helper ended with %1").arg(code)));
                return;
            }
            QCborParserError error;
            const QCborValue value = QCborValue::fromCbor(m_answer, &error);
            if (!value.isMap())
                finish(unreadable(error.errorString()));
            else
                finish(value.toMap());
        });
    }

    void start(const QString &program, const QStringList &arguments)
    {
        m_patience.start(Helper::patienceMs);
        m_process.start(program, arguments);
        m_process.write(m_bytes);
        m_process.closeWriteChannel();
        m_bytes.clear();
    }

private:
    void finish(const Result<QCborMap> &answer)
    {
        if (m_isDone)
            return;
        m_isDone = true;
        m_patience.stop();
        if (!answer)
            qCInfo(logUi) << "a file was not looked into:" << answer.error().detail;
        m_promise->addResult(answer);
        m_promise->finish();
        deleteLater();
    }

    Promise m_promise;
    QByteArray m_bytes;
    QByteArray m_answer;
    QProcess m_process;
    QTimer m_patience;
    bool m_isDone = false;
};

} // namespace

QString Helper::usualProgram()
{
    return QCoreApplication::applicationDirPath() + QLatin1String("/kittiwake-helper");
}

QFuture<Result<QCborMap>> Helper::run(const QStringList &arguments, const QByteArray &bytes) const
{
    if (bytes.size() > maxInput)
        return answered<Result<QCborMap>>(unreadable(QStringLiteral("too large")));
    auto promise = std::make_shared<QPromise<Result<QCborMap>>>();
    promise->start();
    QFuture<Result<QCborMap>> future = promise->future();
    auto *run = new Run(std::move(promise), bytes);
    run->start(m_program, arguments);
    return future;
}

QImage imageOf(const QCborMap &answer)
{
    constexpr qint64 maxSide = 4096;
    const QCborMap map = answer.value(QLatin1String("image")).toMap();
    const qint64 width = map.value(QLatin1String("width")).toInteger();
    const qint64 height = map.value(QLatin1String("height")).toInteger();
    const QByteArray pixels = map.value(QLatin1String("pixels")).toByteArray();
    if (width < 1 || height < 1 || width > maxSide || height > maxSide || pixels.size() != width * height * 4)
        return {};
    return QImage(reinterpret_cast<const uchar *>(pixels.constData()), static_cast<int>(width),
                  static_cast<int>(height), static_cast<int>(width * 4), QImage::Format_ARGB32_Premultiplied)
        .copy();
}

} // namespace kittiwake::ui
