# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of what is never state in folders where people keep other things as well."""

from __future__ import annotations

CACHES = (
    *("PackageKit", "app-info", "apparmor", "apt", "apt-show-versions", "apt-xapian-index"),
    *("apache2/mod_cache_disk", "cracklib", "cups", "debsecan", "dictionaries-common"),
    *("fontconfig", "fwupd", "gdm", "ldconfig", "lighttpd/compress", "lightdm", "locate"),
    *("logwatch", "man", "motd-news", "nginx", "nscd", "pollinate", "private", "snapd"),
    "swcatalog",
)
"""Of /var/cache, by name: others keep there what is no cache, as BIND its zones and keys."""

MIME_MADE = (
    *("XMLnamespaces", "aliases", "application", "audio", "chemical", "font", "generic-icons"),
    *("globs", "globs2", "icons", "image", "inode", "magic", "message", "mime.cache", "model"),
    *("multipart", "subclasses", "text", "treemagic", "types", "version", "video"),
    *("x-content", "x-epoc"),
)
"""What update-mime-database(1) makes of /usr/share/mime/packages."""

NGINX_SCRATCH = ("body", "fastcgi", "proxy", "scgi", "uwsgi")
POSTFIX_WORKINGS = (
    *("master.lock", "prng_exch", "postscreen_cache.*", "verify_cache.*"),
    *("lmtp_scache.*", "smtp_scache.*", "smtpd_scache.*"),
)

OF_SYSLOG = ("auth", "boot", "cron", "daemon", "kern", "user")
OF_MAIL = ("mail.err", "mail.info", "mail.log", "mail.warn")
WITH_LOGS = ("apache2", "mysql", "nginx", "postgresql", "redis")
"""Servers with a folder of their own below /var/log: only their logs, not what else lies there."""


def logs_of(name: str) -> tuple[str, ...]:
    """Name a log and its older ones, as logrotate(8) calls them."""
    return name, f"{name}.old", f"{name}.[0-9]*", f"{name}-[0-9]*"
