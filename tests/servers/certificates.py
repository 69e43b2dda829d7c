# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a certificate authority and server certificates with the openssl command line.

Every server under test gets an authority of its own, so that no key is ever kept, and so that
a test can trust exactly that one (`ca_file`).
"""

import pathlib
import subprocess

# good:       signed by the authority, for localhost and 127.0.0.1
# wronghost:  signed by the authority, for another name
# expired:    signed by the authority, ended in 2021
# selfsigned: signed by itself
# untrusted:  signed by a second authority whose certificate nobody is given
KINDS = ("good", "wronghost", "expired", "selfsigned", "untrusted")

GOOD_NAMES = "DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1"
OTHER_NAMES = "DNS:mail.elsewhere.example"

# `openssl x509 -req` cannot set the dates before OpenSSL 3.4; `openssl ca` can.
CA_CONFIG = """
[ca]
default_ca = test
[test]
new_certs_dir = {folder}
database = {folder}/index.txt
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = none
[any]
commonName = supplied
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""


def _openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise RuntimeError("openssl " + arguments[0] + " failed: " + done.stderr.strip())


def _key_options(key_file):
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key_file]


def _make_authority(folder, name, common_name):
    key_file, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    if not certificate.exists():
        _openssl("req", "-x509", *_key_options(key_file), "-out", certificate, "-days", "30", "-sha256",
                 "-subj", f"/CN={common_name}",
                 "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    return key_file, certificate


def make_server_certificate(folder, kind):
    """Makes a server certificate of one of KINDS below `folder`.

    Returns (certificate file, key file, file with the authority that a client should trust).
    """
    if kind not in KINDS:
        raise ValueError("unknown certificate kind: " + kind)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ca_key, ca_file = _make_authority(folder, "ca", "Kittiwake test authority")
    certificate, key_file = folder / f"{kind}.pem", folder / f"{kind}.key"
    names = OTHER_NAMES if kind == "wronghost" else GOOD_NAMES
    common_name = "mail.elsewhere.example" if kind == "wronghost" else "localhost"

    if kind == "selfsigned":
        _openssl("req", "-x509", *_key_options(key_file), "-out", certificate, "-days", "30", "-sha256",
                 "-subj", f"/CN={common_name}", "-addext", "subjectAltName=" + names)
        return certificate, key_file, ca_file

    signing_key, signing_certificate = ca_key, ca_file
    if kind == "untrusted":
        signing_key, signing_certificate = _make_authority(folder, "other-ca", "Unknown authority")
    config = folder / f"{kind}.cnf"
    config.write_text(CA_CONFIG.format(folder=folder, names=names))
    (folder / "index.txt").touch()
    request = folder / f"{kind}.csr"
    _openssl("req", "-new", *_key_options(key_file), "-out", request, "-sha256", "-subj", f"/CN={common_name}")
    dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"] if kind == "expired" else ["-days", "30"]
    _openssl("ca", "-batch", "-config", config, "-extensions", "server", "-notext",
             "-cert", signing_certificate, "-keyfile", signing_key, "-in", request, "-out", certificate, *dates)
    return certificate, key_file, ca_file
