#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon mail that comes into one of many folders is told, over how many connections and with how many bytes.

Deliveries into random folders of a Dovecot, from the moment at which the server has answered the delivery to the moment
at which a line of `kittiwakectl watch` can be read: once with NOTIFY, and once without it for the mailboxes that IDLE
watches (INBOX and the one on screen), since the others are asked every five minutes there. Dovecot itself waits half a
second before it tells through NOTIFY (NOTIFY_DELAY_MSECS), which is the floor.

  bench_push.py [--folders N] [--deliveries N] [--pause SECONDS] [--json FILE]
The environment variable KITTIWAKECTL names the program; otherwise the newest build below build/ is taken.
"""

import argparse
import json
import pathlib
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from ctl import Ctl  # noqa: E402
from push import Deliveries, logins, make_folders  # noqa: E402
from testservers import DovecotServer  # noqa: E402


def measure(options, notify):
    server = DovecotServer(*([] if notify else ["--hide-capability=NOTIFY"]))
    ctl = Ctl()
    try:
        names = make_folders(server, options.folders)
        ctl.add_account(server)
        ctl.run("sync", timeout=600)
        before = logins(server)
        watched = ["INBOX", *names] if notify else ["INBOX", names[0]]
        arguments = [] if notify else ["--mailbox", names[0], "--mailbox", "INBOX"]
        with ctl.start("watch", "--json", "--verbose", *arguments) as watch:
            # Quiet: everything is listed, and the last thing that was said is that all is told, or that it idles.
            watch.wait_until(lambda: any(" LIST " in line for line in watch.texts("err"))
                             and (any(" OK Unselect" in line for line in watch.texts("err")) if notify
                                  else watch.texts("err").count("S: + idling") >= 2), 120, "a quiet connection")
            deliveries = Deliveries(server, watch, random.Random(options.seed))
            deliveries.run(watched, options.deliveries, options.pause)
            deliveries.wait(120)
            if deliveries.told() != deliveries.expected():
                raise SystemExit("not every message was told exactly once")
            times = deliveries.milliseconds()
            result = {"notify": notify, "folders": options.folders, "connections": logins(server) - before,
                      "milliseconds": times}
        print(f"{'NOTIFY' if notify else 'IDLE':<7}{len(watched):>4} folders watched, {result['connections']} "
              f"connection(s); {deliveries.text()}")
        return result
    finally:
        server.close()
        ctl.sandbox.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folders", type=int, default=300)
    parser.add_argument("--deliveries", type=int, default=300)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between two deliveries, on average")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="also write all figures there")
    options = parser.parse_args()
    results = [measure(options, notify) for notify in (True, False)]
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
