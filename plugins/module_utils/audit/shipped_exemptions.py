# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places of a Debian 13 host that are never state, each with a reason for whoever must trust it.

A place belongs here when its loss is noticed by nobody: a program makes it anew by itself, or it
describes this one machine and would be wrong on the next. What could be state is left out, however
dull it looks: /etc, /root, /home and /usr/local are saved by the profile debian_host, and logs of
applications are for their service to save or to exempt. Nor is anything named here of which a
snapshot may hold a part that is needed: what a snapshot holds is saved, wherever it lies.

In a pattern ``*`` stands for any text inside one name; one at its beginning for any folder. What
lies below a path goes with it.

Sources: hier(7), file-hierarchy(7), the maintainer scripts of Debian 13's packages, and what a
fresh Debian 13 with the lab's packages holds beside their files (a test walks a list of it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from .container_records import CONTAINER_WORKINGS, OF_DOCKER, OF_PODMAN
from .shipped_names import (
    CACHES,
    MIME_MADE,
    NGINX_SCRATCH,
    OF_MAIL,
    OF_SYSLOG,
    POSTFIX_WORKINGS,
    WITH_LOGS,
    logs_of,
)

IN_MEMORY = "It lies in memory and is empty after every start of the machine."
OF_THE_SYSTEM = "The system makes it anew at every start."
TEMPORARY = "For scratch files: the system clears it by itself, and every program knows that."
CACHE = "A cache, by its definition in Debian: its program makes or fetches it again."
PACKAGE_LISTS = "The package manager fetches its lists again with the next update."
PACKAGE_RECORDS = (
    "The package manager's own records of what is installed: they come with the packages. The list "
    "of what was installed is saved by the profile debian_host."
)
MADE_AT_INSTALLATION = "A package made it from its own files when it was installed."
BOOT = "Made for this machine's disks and kernel; installing the kernel makes it again."
COMPILED = "Python compiled it from the program beside it, and does so again."
SYSTEM_LOGS = (
    "The system's own log: what happened on the old machine, which the new one never needs."
)
SERVER_LOGS = (
    "What Debian's own servers were asked and what they answered: no service needs it to come "
    "back. Who must keep it declares it, and then it is saved."
)
ACCOUNTING = "Who was logged in and when: a log of the old machine."
OF_THIS_MACHINE = "Random numbers, clocks and counters of this one machine; another has its own."
TIMERS = "When each timer ran last; on a new machine they begin anew."
OUR_PROGRAMS = "Probealarm's own programs: playbooks/site.yml brings them, from your checkout."
OUR_OWN = "Probealarm's own working files, made anew by its next run."
OUR_RECORD = (
    "Probealarm's record of this machine's backups: each audit sends a copy of it to the store, "
    "beside its result."
)
SWAP = "Memory that was moved to disk; it means nothing after a restart."
LOCKS = "A lock that says that a program is at work."
SESSIONS = "Open logins to web pages; people log in again."
QUEUE_WORKINGS = (
    "The mail server's sockets, lookups and rate limits; the mails in its queue are not meant."
)
GENERATED_LOCALES = "Made from /etc/locale.gen by the package locales."
INITIAL_PAGE = "The web server's own page that says it works."

ANSWERS = (
    "What was answered when packages asked at installation; by Debian's rules no package keeps "
    "anything there alone."
)

EMPTY_AT_FIRST: Mapping[str, str] = {
    "/var/cache/debconf/passwords.dat": "Empty: no package was told a password at its installation."
}


SHIPPED: Mapping[str, str] = {
    # What is no disk at all.
    "/dev": OF_THE_SYSTEM,
    "/proc": OF_THE_SYSTEM,
    "/sys": OF_THE_SYSTEM,
    "/run": IN_MEMORY,
    # What the system clears.
    "/tmp": TEMPORARY,  # noqa: S108 (nothing is opened there)
    "/var/tmp/systemd-private-*": TEMPORARY,  # noqa: S108 (nothing is opened there)
    **{f"/var/cache/{name}": CACHE for name in CACHES},
    "/var/cache/debconf/config.dat": ANSWERS,
    "/var/cache/debconf/config.dat-old": ANSWERS,
    "/var/cache/debconf/templates.dat": ANSWERS,
    "/var/cache/debconf/templates.dat-old": ANSWERS,
    "/swapfile": SWAP,
    "/swap.img": SWAP,
    # What packages and their scripts make.
    "*/__pycache__/*.pyc": COMPILED,
    "/var/lib/apt/lists": PACKAGE_LISTS,
    "/var/lib/apt/periodic": TIMERS,
    "/var/lib/apt/daily_lock": LOCKS,
    "/var/lib/apt/mirrors": PACKAGE_LISTS,
    "/var/lib/dpkg": PACKAGE_RECORDS,
    "/var/lib/pam": PACKAGE_RECORDS,
    "/var/lib/php/modules": PACKAGE_RECORDS,
    "/var/lib/python": PACKAGE_RECORDS,
    "/var/lib/ucf": PACKAGE_RECORDS,
    "/var/lib/shells.state": PACKAGE_RECORDS,
    "/var/lib/sgml-base": PACKAGE_RECORDS,
    "/var/lib/xml-core": PACKAGE_RECORDS,
    "/var/lib/emacsen-common": PACKAGE_RECORDS,
    "/var/lib/apache2/conf": PACKAGE_RECORDS,
    "/var/lib/apache2/module": PACKAGE_RECORDS,
    "/var/lib/apache2/site": PACKAGE_RECORDS,
    "/var/lib/systemd/deb-systemd-*": PACKAGE_RECORDS,
    "/var/lib/command-not-found": PACKAGE_LISTS,
    "/var/backups/dpkg.*": PACKAGE_RECORDS,
    "/var/backups/apt.extended_states*": PACKAGE_RECORDS,
    "/var/backups/alternatives.tar*": PACKAGE_RECORDS,
    "/usr/share/dovecot/protocols.d": MADE_AT_INSTALLATION,
    "/usr/share/info/dir*": MADE_AT_INSTALLATION,
    "/usr/share/applications/mimeinfo.cache": MADE_AT_INSTALLATION,
    "/usr/share/glib-2.0/schemas/gschemas.compiled": MADE_AT_INSTALLATION,
    "/usr/share/icons/*/icon-theme.cache": MADE_AT_INSTALLATION,
    **{f"/usr/share/mime/{name}": MADE_AT_INSTALLATION for name in MIME_MADE},
    "/usr/lib/*/gconv/gconv-modules.cache": MADE_AT_INSTALLATION,
    "/usr/lib/*/gdk-pixbuf-2.0/2.10.0/loaders.cache": MADE_AT_INSTALLATION,
    "/usr/lib/*/gio/modules/giomodule.cache": MADE_AT_INSTALLATION,
    "/usr/lib/locale/locale-archive": GENERATED_LOCALES,
    "/usr/lib/locale/C.utf8": GENERATED_LOCALES,
    "/usr/lib/modules/*/modules.*": MADE_AT_INSTALLATION,
    "/usr/lib/udev/hwdb.bin": MADE_AT_INSTALLATION,
    "/usr/share/perl/5*/perllocal.pod": MADE_AT_INSTALLATION,
    "/var/spool/mail": "A link to /var/mail, which is looked at by itself.",
    "/var/www/html/index.nginx-debian.html": INITIAL_PAGE,
    "/etc/ld.so.cache": MADE_AT_INSTALLATION,
    "/etc/.pwd.lock": LOCKS,
    # How it starts.
    "/boot/grub/*.pf2": BOOT,
    "/boot/grub/fonts": BOOT,
    "/boot/grub/grub.cfg": BOOT,
    "/boot/grub/grubenv": BOOT,
    "/boot/grub/i386-pc": BOOT,
    "/boot/grub/locale": BOOT,
    "/boot/grub/x86_64-efi": BOOT,
    "/boot/efi/EFI/BOOT": BOOT,
    "/boot/efi/EFI/debian": BOOT,
    "/boot/initrd.img*": BOOT,
    "/var/lib/grub": BOOT,
    "/var/lib/initramfs-tools": BOOT,
    "/vmlinuz*": BOOT,
    "/initrd.img*": BOOT,
    # What the system notes of itself.
    "/var/log/journal": SYSTEM_LOGS,
    **{path: SYSTEM_LOGS for name in OF_SYSLOG for path in logs_of(f"/var/log/{name}.log")},
    **{
        path: SYSTEM_LOGS for name in ("messages", "syslog") for path in logs_of(f"/var/log/{name}")
    },
    "/var/log/dmesg*": SYSTEM_LOGS,
    "/var/log/cloud-init*.log": SYSTEM_LOGS,
    "/var/log/installer": SYSTEM_LOGS,
    "/var/log/apt": SYSTEM_LOGS,
    "/var/log/dpkg.log*": SYSTEM_LOGS,
    "/var/log/alternatives.log*": SYSTEM_LOGS,
    "/var/log/bootstrap.log": SYSTEM_LOGS,
    "/var/log/fontconfig.log": SYSTEM_LOGS,
    "/var/log/unattended-upgrades": SYSTEM_LOGS,
    "/var/log/sysstat": SYSTEM_LOGS,
    "/var/log/README": SYSTEM_LOGS,
    **{path: SERVER_LOGS for name in OF_MAIL for path in logs_of(f"/var/log/{name}")},
    **{path: SERVER_LOGS for name in WITH_LOGS for path in logs_of(f"/var/log/{name}/*.log")},
    "/var/log/php*-fpm.log*": SERVER_LOGS,
    "/var/log/btmp*": ACCOUNTING,
    "/var/log/lastlog": ACCOUNTING,
    "/var/log/wtmp*": ACCOUNTING,
    "/var/log/faillog": ACCOUNTING,
    "/var/lib/wtmpdb": ACCOUNTING,
    "/var/lib/lastlog": ACCOUNTING,
    # What systemd and its relatives keep.
    "/var/lib/systemd/backlight": OF_THIS_MACHINE,
    "/var/lib/systemd/catalog": MADE_AT_INSTALLATION,
    "/var/lib/systemd/coredump": "Memory of crashed programs, kept for three days.",
    "/var/lib/systemd/pstore": SYSTEM_LOGS,
    "/var/lib/systemd/random-seed": OF_THIS_MACHINE,
    "/var/lib/systemd/rfkill": OF_THIS_MACHINE,
    "/var/lib/systemd/timers": TIMERS,
    "/var/lib/systemd/timesync": OF_THIS_MACHINE,
    "/var/lib/systemd/ephemeral-trees": TEMPORARY,
    "/var/lib/private/systemd/journal-upload/state": OF_THIS_MACHINE,
    "/var/lib/private/systemd/timesync/clock": OF_THIS_MACHINE,
    "/var/lib/dbus/machine-id": OF_THIS_MACHINE,
    "/var/lib/dhcp/*.leases": OF_THIS_MACHINE,
    "/var/lib/dhcpcd": OF_THIS_MACHINE,
    "/var/lib/NetworkManager/*.lease": OF_THIS_MACHINE,
    "/var/lib/chrony": OF_THIS_MACHINE,
    "/var/lib/ntpsec": OF_THIS_MACHINE,
    "/var/lib/logrotate": TIMERS,
    "/var/lib/man-db": TIMERS,
    "/var/lib/plocate": CACHE,
    "/var/lib/mlocate": CACHE,
    "/var/lib/update-notifier": TIMERS,
    "/var/lib/unattended-upgrades": TIMERS,
    "/var/lib/cloud/data": OF_THIS_MACHINE,
    "/var/lib/cloud/instance": OF_THIS_MACHINE,
    "/var/lib/cloud/instances": OF_THIS_MACHINE,
    "/var/lib/cloud/sem": OF_THIS_MACHINE,
    "/var/spool/anacron": TIMERS,
    # Workings of servers whose data is looked at by itself.
    "*/.s.PGSQL.*.lock": LOCKS,
    "/var/lib/php/sessions": SESSIONS,
    **{f"/var/lib/nginx/{name}": TEMPORARY for name in NGINX_SCRATCH},
    **{f"/var/lib/postfix/{name}": QUEUE_WORKINGS for name in POSTFIX_WORKINGS},
    "/var/spool/postfix/dev": QUEUE_WORKINGS,
    "/var/spool/postfix/etc": QUEUE_WORKINGS,
    "/var/spool/postfix/lib": QUEUE_WORKINGS,
    "/var/spool/postfix/pid": QUEUE_WORKINGS,
    "/var/spool/postfix/private": QUEUE_WORKINGS,
    "/var/spool/postfix/public": QUEUE_WORKINGS,
    "/var/spool/postfix/run": QUEUE_WORKINGS,
    "/var/spool/postfix/usr": QUEUE_WORKINGS,
    "/var/lib/dovecot/ssl-parameters.dat": MADE_AT_INSTALLATION,
    "/var/lib/dovecot/instances": OF_THIS_MACHINE,
    "/var/lib/mysql/debian-*.flag": MADE_AT_INSTALLATION,
    "/var/lib/cni": CONTAINER_WORKINGS,
    "/var/lib/containers/cache": CACHE,
    **{f"*/containers/storage/{name}": why for name, why in OF_PODMAN.items()},
    **{f"/var/lib/docker/{name}": why for name, why in OF_DOCKER.items()},
    "/usr/share/ansible/collections/ansible_collections/probealarm": OUR_PROGRAMS,
    "/var/lib/probealarm/audit": OUR_OWN,
    "/var/.updated": OF_THIS_MACHINE,
    "/var/lib/probealarm/staging": OUR_OWN,
    "/var/lib/probealarm/ledger.jsonl": OUR_RECORD,
}


def still_empty() -> Iterator[tuple[str, str]]:
    """Yield what is no state for as long as nothing is in it: path and reason."""
    for path, why in EMPTY_AT_FIRST.items():
        with suppress(OSError):
            if not Path(path).stat().st_size:
                yield path, why
