#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Dovecot for tests and the demo, on ephemeral ports of 127.0.0.1, in a temporary folder.

Prints one JSON line when it is ready:
  {"imaps_port", "imap_port", "lmtp_port", "ca_file", "users": [{"user", "password"}], "directory", "log_file", "pid"}
and runs until its standard input ends or SIGTERM comes; then Dovecot is stopped and the folder removed
(unless --keep). When whoever started it dies, standard input ends, and when this process itself is
killed a guard cleans up: nothing stays behind.

Each line on standard input is a command of servercommands.py (deliver, fill, append, kick, pause, resume, stop, start), or
  {"cmd": "doveadm", "args": [...]}                        "code", "output", "errors"
"""

import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import directimap  # noqa: E402
import dovecotconfig  # noqa: E402
import dovecotprocess  # noqa: E402
import servercommands  # noqa: E402
from directimap import DirectImap, mailbox_utf7  # noqa: E402, F401


class Dovecot(dovecotprocess.Dovecot):
    def __init__(self, options):
        super().__init__(options)
        self.delivery = None
        self.fill = directimap.fill

    def session(self, user):
        """Straight to a mailbox: no TLS, no sign-in, no login process in the way."""
        process = self.run([self.doveadm_program, "-c", self.config_file, "exec", "imap", "-u", user],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return DirectImap.of_process(process, user)

    def deliver(self, user, message, sender):
        if self.delivery is None:
            self.delivery = servercommands.LmtpDelivery(("127.0.0.1", self.ports["lmtp"]))
        self.delivery.send(sender, user, message)

    def stop(self, grace=0.4):
        self.delivery = None
        super().stop(grace)


class Commands(servercommands.Commands):
    def on_doveadm(self, command):
        code, output, errors = self.server.doveadm(command["args"])
        return {"code": code, "output": output, "errors": errors}


def words(text):
    return text.replace(",", " ").split()


def parse_options():
    parser = servercommands.option_parser(__doc__)
    parser.add_argument("--format", choices=sorted(dovecotconfig.LOCATIONS), default="mdbox")
    parser.add_argument("--mechanisms", default="plain login scram-sha-1 scram-sha-256")
    parser.add_argument("--hide-capability", type=words, default=[], metavar="WORDS",
                        help="capabilities that are not announced, e.g. CONDSTORE,QRESYNC")
    parser.add_argument("--capability", default="", metavar="LINE", help="announce exactly this")
    parser.add_argument("--no-special-use", action="store_true", help="Drafts, Sent and so on without their roles")
    parser.add_argument("--no-special-folders", action="store_true", help="none of them is there until it is made")
    parser.add_argument("--separator", default="/")
    parser.add_argument("--prefix", default="", help='prefix of the personal namespace, e.g. "INBOX."')
    parser.add_argument("--quota", default="0", help='storage quota, e.g. "1M"; 0 is none')
    parser.add_argument("--idle-notify", default="2 mins", help='how often IDLE says "Still here"')
    parser.add_argument("--allow-plaintext", action="store_true", help="let a client sign in without TLS")
    parser.add_argument("--submission-relay", type=int, default=0, metavar="PORT",
                        help="also take submissions, and relay them to the SMTP server on this port of 127.0.0.1")
    parser.add_argument("--extra-config", default="", help="a file with more lines for dovecot.conf")
    options = parser.parse_args()
    if options.extra_config:
        options.extra_config = pathlib.Path(options.extra_config).read_text()
    options.users = options.users or servercommands.DEFAULT_USERS
    return options


def facts(server):
    submission = {f"{name}_port": server.ports[name] for name in server.ports if name.startswith("submission")}
    return {**submission, "imaps_port": server.ports["imaps"], "imap_port": server.ports["imap"], "lmtp_port": server.ports["lmtp"],
            "log_file": str(server.log_file)}


if __name__ == "__main__":
    sys.exit(servercommands.serve(Dovecot, parse_options(), facts, Commands))
