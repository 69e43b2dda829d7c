// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

Q_LOGGING_CATEGORY(logNet, "kittiwake.net", QtWarningMsg)
Q_LOGGING_CATEGORY(logImap, "kittiwake.imap", QtWarningMsg)
Q_LOGGING_CATEGORY(logStore, "kittiwake.store", QtWarningMsg)
Q_LOGGING_CATEGORY(logSync, "kittiwake.sync", QtWarningMsg)
Q_LOGGING_CATEGORY(logEngine, "kittiwake.engine", QtWarningMsg)
Q_LOGGING_CATEGORY(logUi, "kittiwake.ui", QtWarningMsg)
