# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: services
short_description: Declares the services that are backed up, drilled and restored
version_added: "1.0.0"
author:
  - The Probealarm contributors
description:
  - Reads a file named C(services.probealarm.yml), merges each service with the profile of its
    application from the collection's C(catalogue/), and makes each service an inventory host in
    the group C(services). So C(--limit newsletter), forks, retries and the recap work for services
    as they do for hosts.
  - Reads strictly. An unknown key, a wrong type, a profile or host that does not exist, a path
    that lies in another one and a database that two services claim are errors. All errors of the
    file are reported at once, each with file, line, service, key, what was seen and what to do.
  - The machines that services name must be in the inventory already. Sources of a directory are
    read in the order of their names, so C(hosts.yml) comes before C(services.probealarm.yml).
notes:
  - Ansible only warns when an inventory source cannot be read, and goes on without it. Set
    C(any_unparsed_is_failed = true) in the section C([inventory]) of C(ansible.cfg), so that a
    declaration with an error stops the run, and list this plugin before C(ansible.builtin.yaml) in
    C(enable_plugins).
  - Each host of the group C(services) gets the variables C(service_name), C(service_host) (the
    machine the service runs on), C(service_drill_host) (the machine that tries its snapshots) and
    C(service_contract) (everything else, as plain JSON types). They are inventory variables, so
    C(host_vars) and C(group_vars) take precedence over them.
  - C(docs/declaration.md) is the manual of the file, with every profile key.
options:
  plugin:
    description: Marks the file as one for this plugin.
    type: str
    required: true
    choices: [probealarm.recovery.services]
  drill_host:
    description:
      - The inventory host that restores and judges the snapshots of all services that do not
        name one themselves.
    type: str
  services:
    description:
      - One key for each service, its name. Small letters, digits and hyphens, starting with a
        letter, at most 63 characters; not the name of a host or group of the inventory.
      - Beside the keys below, a service takes the settings of its profile, for example C(path) and
        C(database).
    type: dict
    required: true
    suboptions:
      profile:
        description: The application, which is the name of a file in the C(catalogue/) directory.
        type: str
        required: true
      host:
        description: The inventory host that the service runs on.
        type: str
        required: true
      drill_host:
        description:
          - The inventory host that restores and judges the snapshots of this service. Required
            where O(drill_host) is not set. Never the host that the service runs on.
        type: str
      objectives:
        description:
          - What the organisation expects of the service. Durations are a whole number and one of
            the units V(s), V(m), V(h), V(d) and V(w), for example V(24h).
        type: dict
        required: true
        suboptions:
          rpo:
            description: How old the newest snapshot may be, which is how much work may be lost.
            type: str
            required: true
          rto:
            description: How long bringing the service back may take.
            type: str
            required: true
      path:
        description:
          - The directory of the application. Which path that is, and whether it has a default, is
            a matter of the profile.
        type: path
      database:
        description:
          - The database of the application. Which of the keys there are, and their defaults, is a
            matter of the profile.
        type: dict
        suboptions:
          name:
            description: The name of the database.
            type: str
          prefix:
            description: What the names of the application's tables start with.
            type: str
          socket:
            description: The socket file of MariaDB, or the directory of PostgreSQL's socket.
            type: path
          port:
            description: The port of PostgreSQL, which is part of the socket's name.
            type: int
      stores:
        description:
          - Further places where the service keeps state, or refinements of the profile's stores,
            by name. In a store that the profile has too, lists are added to the profile's and
            single values replace them.
        type: dict
        suboptions:
          kind:
            description: What kind of store it is. Required for a store that the profile has not.
            type: str
            choices: [mariadb, postgresql, files]
          database:
            description: The name of the database, for V(mariadb) and V(postgresql).
            type: str
          socket:
            description:
              - The socket file, by default C(/run/mysqld/mysqld.sock), for V(mariadb); the
                directory of the socket, by default C(/var/run/postgresql), for V(postgresql).
            type: path
          port:
            description: The port, by default 5432, for V(postgresql).
            type: int
          prefix:
            description: What table names start with, for V(mariadb) and V(postgresql).
            type: str
          irreplaceable:
            description:
              - Tables that nothing can bring back, without the prefix, for V(mariadb) and
                V(postgresql). C(*) stands for any text, C(?) for one character.
            type: list
            elements: str
          paths:
            description: The directories and files to save, for V(files).
            type: list
            elements: path
          regenerable:
            description: What is left out of the snapshots, for V(files).
            type: list
            elements: dict
            suboptions:
              path:
                description: A path in one of C(paths).
                type: path
                required: true
              reason:
                description: Why losing it costs nothing.
                type: str
                required: true
          required:
            description:
              - What every snapshot must contain, for V(files). C(*) stands for any text, also
                across C(/), and C(?) for one character.
            type: list
            elements: str
          largest_loss_percent:
            description:
              - How many percent of the rows or files may be gone since the last proven snapshot
                before a drill calls the next one broken.
            type: int
            default: 20
"""

EXAMPLES = r"""
# services.probealarm.yml, beside a hosts.yml that knows nick and judy
plugin: probealarm.recovery.services
drill_host: judy

services:
  newsletter:
    profile: mautic
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    database: {name: mautic, prefix: ""}
    path: /srv/newsletter

  website:
    profile: wordpress
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    stores:
      files:
        regenerable:
          - path: /var/lib/wordpress/wp-content/backups
            reason: A plugin's own copies of the database, which the store named database holds
      shop:
        kind: mariadb
        database: shop
        irreplaceable: ["*"]
"""


from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

from ..module_utils.declaration.faults import DeclarationError
from ..module_utils.declaration.load import PLUGIN_NAME, load_services

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
FILE_NAME = "services.probealarm.yml"
GROUP = "services"


class InventoryModule(BaseInventoryPlugin):
    """Makes each declared service a host of the group services."""

    NAME = PLUGIN_NAME

    def verify_file(self, path: str) -> bool:
        """Take exactly the one file that declares services."""
        return bool(super().verify_file(path)) and Path(path).name == FILE_NAME

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Read the declaration and add its services; raise before anything is added."""
        super().parse(inventory, loader, path, cache)
        if GROUP in inventory.groups and inventory.groups[GROUP].get_hosts():
            taken = ", ".join(host.name for host in inventory.groups[GROUP].get_hosts())
            raise AnsibleParserError(
                f"{path}: the group {GROUP} already holds {taken}. Only one {FILE_NAME} fills this "
                f"group: take the hosts out of it, or give one inventory at a time."
            )
        try:
            services = load_services(
                _near(path), _near(CATALOGUE), hosts=inventory.hosts, groups=inventory.groups
            )
        except DeclarationError as error:
            raise AnsibleParserError(error.summary, help_text=error.details) from None
        inventory.add_group(GROUP)
        for service in services:
            inventory.add_host(service.name, GROUP)
            variables = {
                "service_name": service.name,
                "service_host": service.host,
                "service_drill_host": service.drill_host,
                "service_contract": service.contract(),
            }
            for name, value in variables.items():
                inventory.set_variable(service.name, name, value)


def _near(path: str | Path) -> Path:
    """Shorten a path below the working directory, as a person would name it in a message."""
    absolute = Path(path).absolute()
    here = Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else absolute
