// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/trust.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace kittiwake::net
{

namespace
{

constexpr qint64 largestFile = 4 * 1024 * 1024; // the whole store of a system is a quarter of a megabyte

} // namespace

Result<QList<QSslCertificate>> readCaFile(const QString &path)
{
    const QString shown = QDir::toNativeSeparators(path);
    const QFileInfo info(path);
    if (!info.exists()) {
        return failure(ErrorKind::Input, shown,
                       QCoreApplication::translate(
                           "core", "The CA file %1 of the account does not exist; choose it again in the settings.")
                           .arg(shown));
    }
    QFile file(path);
    // A pipe or a device would let the engine wait without end.
    if (!info.isFile() || info.size() > largestFile || !file.open(QIODevice::ReadOnly)) {
        return failure(ErrorKind::Input, shown,
                       QCoreApplication::translate(
                           "core", "The CA file %1 of the account cannot be read; check its permissions and its size.")
                           .arg(shown),
                       file.errorString());
    }
    const QByteArray bytes = file.read(largestFile);
    QList<QSslCertificate> certificates = QSslCertificate::fromData(bytes, QSsl::Pem);
    if (certificates.isEmpty())
        certificates = QSslCertificate::fromData(bytes, QSsl::Der);
    certificates.removeIf([](const QSslCertificate &certificate) { return certificate.isNull(); });
    if (certificates.isEmpty()) {
        return failure(ErrorKind::Input, shown,
                       QCoreApplication::translate(
                           "core", "The CA file %1 of the account holds no certificate; choose a PEM file.")
                           .arg(shown));
    }
    return certificates;
}

} // namespace kittiwake::net
