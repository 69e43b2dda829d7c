# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a private Dovecot 2.3: everything in one folder, one unprivileged user."""

import base64

# What the imap process of Dovecot 2.3 offers after sign-in, with the plugins loaded below. Needed
# because `imap_capability` can only add to the list or replace it, never hide a single word.
IMAP_CAPABILITIES = (
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS "
    "THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED "
    "I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE "
    "SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE COMPRESS=DEFLATE "
    "METADATA QUOTA").split()

TEMPLATE = """
# Written by tests/servers/dovecot.py.
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
log_timestamp = "%Y-%m-%d %H:%M:%S.%{{usecs}} "
auth_verbose = yes
instance_name = kittiwake-test
protocols = imap lmtp{submission_protocol}
listen = 127.0.0.1
shutdown_clients = yes

default_internal_user = {account}
default_internal_group = {group}
default_login_user = {account}
default_process_limit = 1000
default_client_limit = 4000
default_vsz_limit = 0
first_valid_uid = 1
first_valid_gid = 1

ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = {disable_plaintext}
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
auth_cache_size = 0

passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {directory}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={directory}/mail/%u
}}

mail_location = {location}
mail_fsync = never
mail_max_userip_connections = 1000
mail_plugins = $mail_plugins quota
mailbox_idle_check_interval = 1 secs
mail_attribute_dict = file:%h/attributes
lock_method = fcntl

namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
{mailboxes}
}}

protocol imap {{
  mail_plugins = $mail_plugins imap_zlib imap_quota
  imap_metadata = yes
  imap_capability = {capability}
  imap_idle_notify_interval = {idle_notify}
}}
protocol lmtp {{
  postmaster_address = postmaster@kittiwake.example
}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage={quota}
}}

service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  user = {account}
}}
service auth-worker {{
  user = {account}
}}
service lmtp {{
  user = {account}
  process_min_avail = 1
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
service imap-login {{
  chroot =
  # One process for all connections, ready before the first one: no fork in a measurement.
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 2000
  process_min_avail = 1
}}

{extra}
"""

SUBMISSION = """
hostname = localhost
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_ssl = no
submission_relay_trusted = yes
submission_max_mail_size = 50M
service submission-login {{
  chroot =
  inet_listener submission {{
    address = 127.0.0.1
    port = {submission_port}
  }}
  inet_listener submissions {{
    address = 127.0.0.1
    port = {submissions_port}
    ssl = yes
  }}
}}
"""

SPECIAL_USE = (("Drafts", "\\Drafts"), ("Sent", "\\Sent"), ("Archive", "\\Archive"), ("Junk", "\\Junk"),
               ("Trash", "\\Trash"))

LOCATIONS = {
    "maildir": "maildir:~/Maildir",
    "sdbox": "sdbox:~/sdbox",
    "mdbox": "mdbox:~/mdbox",
}


def users_file(users):
    """The passwd-file; base64 because a password may hold any character, a colon too."""
    return "".join("%s:{PLAIN.b64}%s\n" % (user, base64.b64encode(password.encode()).decode())
                   for user, password in users)


def capability_setting(override, hidden):
    """The value of imap_capability: empty (Dovecot's own), the override, or its own without `hidden`."""
    if override:
        return override
    if not hidden:
        return ""
    unknown = set(hidden) - set(IMAP_CAPABILITIES)
    if unknown:
        raise ValueError("Dovecot 2.3 does not offer " + " ".join(sorted(unknown)))
    return " ".join(word for word in IMAP_CAPABILITIES if word not in hidden)


def mailbox_blocks(special_use, are_there):
    lines = []
    for name, use in SPECIAL_USE:
        lines.append("  mailbox %s {" % name)
        if are_there:
            lines.append("    auto = subscribe")
        if special_use:
            lines.append("    special_use = " + use)
        lines.append("  }")
    return "\n".join(lines)


def configuration(options, *, directory, account, group, uid, gid, certificate, key, ports):
    """The text of dovecot.conf. `options` are the parsed command line options of dovecot.py."""
    submission = ""
    if getattr(options, "submission_relay", 0):
        submission = SUBMISSION.format(relay=options.submission_relay, submission_port=ports["submission"],
                                       submissions_port=ports["submissions"])
    return TEMPLATE.format(
        submission_protocol=" submission" if submission else "",
        directory=directory, account=account, group=group, uid=uid, gid=gid, certificate=certificate, key=key,
        disable_plaintext="no" if options.allow_plaintext else "yes", mechanisms=options.mechanisms,
        location=LOCATIONS[options.format], separator=options.separator, prefix=options.prefix,
        mailboxes=mailbox_blocks(not options.no_special_use, not options.no_special_folders),
        capability=capability_setting(options.capability, options.hide_capability),
        idle_notify=options.idle_notify, quota=options.quota, extra=options.extra_config + submission,
        imaps_port=ports["imaps"], imap_port=ports["imap"], lmtp_port=ports["lmtp"])
