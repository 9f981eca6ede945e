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
    C(service_contract) (everything else, as plain JSON types). They cannot be set elsewhere.
  - The profile gives way to the declaration, and the declaration to the variable
    C(service_declaration) of the service's host, for example in C(host_vars/newsletter.yml) or
    C(group_vars/services.yml). It holds keys of a service in the words of this file, is merged in
    the same way and is checked as strictly, with its own file and line in every error. It is read
    before any template is. Of several such variables the one nearest to the host counts, as always.
    Only files beside the inventory are seen, not those beside a playbook, and not those of
    inventory sources that come later.
  - Lists are added to what is said below (in the profile, in the declaration), single values
    replace it. Stores, secrets, checks, probes, side effects and exports are merged name by name
    and key by key.
  - A value may be encrypted with C(ansible-vault encrypt_string), here and in C(host_vars). Give
    the password with C(--vault-password-file) or C(--ask-vault-pass). No error repeats the value.
    In C(service_contract) it is plain text, and C(ansible-inventory --host) shows it.
  - In the texts of the sections, C({path}) and its like stand for the settings of the profile.
  - C(docs/declaration.md) is the manual of the file, C(docs/catalogue.md) tells what each profile
    says, and C(docs/schema/services.schema.json) lets an editor help while you write.
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
      - Durations are a whole number and one of the units V(s), V(m), V(h), V(d) and V(w), for
        example V(24h). In patterns of paths C(*) stands for any text, also across C(/), and C(?)
        for one character.
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
        description: What the organisation expects of the service, in durations.
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
          engine:
            description: Which server the application runs on, where its profile knows both.
            type: str
            choices: [mariadb, postgresql]
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
            by name.
        type: dict
        suboptions:
          kind:
            description:
              - What kind of store it is. Required for a store that the profile has not.
              - V(mariadb) is MySQL too. V(sqlite) saves a database with what its write-ahead log
                holds.
            type: str
            choices: [mariadb, postgresql, sqlite, redis, files]
          database:
            description:
              - The name of the database, for V(mariadb) and V(postgresql).
              - The number of the database, by default 0, for V(redis).
            type: str
          socket:
            description:
              - The socket file, by default C(/run/mysqld/mysqld.sock), for V(mariadb).
              - The directory of the socket, by default C(/var/run/postgresql), for V(postgresql).
              - The socket file, where the server has one, for V(redis).
            type: path
          port:
            description:
              - The port, by default 5432, for V(postgresql), and by default 6379, for V(redis).
            type: int
          container:
            description:
              - The container that the server runs in, for all servers. The socket is then a path in
                there. Say either the container's name, or project and service of a composition.
            type: dict
            suboptions:
              runtime:
                description: What runs the container.
                type: str
                required: true
                choices: [podman, docker]
              name:
                description: The name of the container.
                type: str
              project:
                description: The name of the compose project.
                type: str
              service:
                description: The name of the service in the compose project.
                type: str
          user:
            description:
              - The account that logs in to the server in the container, for V(mariadb) and
                V(postgresql).
            type: str
          password_variable:
            description:
              - The variable in the container's own environment that holds the password, for a
                database server in a container. The password itself stands nowhere.
            type: str
          path:
            description: The file of the database, for V(sqlite).
            type: path
          prefix:
            description: What table names start with, for V(mariadb) and V(postgresql).
            type: str
          irreplaceable:
            description:
              - Tables that nothing can bring back, without the prefix, and for V(redis) keys.
                C(*) stands for any text, C(?) for one character.
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
            description: Patterns of what every snapshot must contain, for V(files).
            type: list
            elements: str
          for_reference:
            description:
              - Saved for a person to look things up in, never written back as a whole, for
                V(files). It may overlap what other stores save.
            type: bool
            default: false
          largest_loss_percent:
            description:
              - How many percent of the rows, keys or files may be gone since the last proven
                snapshot before a drill calls the next one broken.
            type: int
            default: 20
      secrets:
        description:
          - Keys and passwords that must come back unchanged, by name. A drill compares their
            fingerprints with those of the last proven snapshot, and keeps nothing else of them.
            Say either C(file), or C(store) and C(query).
        type: dict
        suboptions:
          title:
            description: What it is.
            type: str
            required: true
          lost_without:
            description: What is lost with it.
            type: str
            required: true
          file:
            description: A pattern of the file that holds it.
            type: str
          pattern:
            description:
              - A regular expression with one group, which is the secret in the file. Without it the
                whole file is.
            type: str
          store:
            description: The store that holds it.
            type: str
          query:
            description: The statement that answers with it.
            type: str
      quiesce:
        description: How the service is held still while it is saved.
        type: dict
        suboptions:
          reason:
            description: Why a copy of the running service is not enough.
            type: str
            required: true
          hold:
            description: What stops it from writing, in this order.
            type: list
            elements: dict
            required: true
            suboptions: &step
              run:
                description: The program and its arguments. No shell is involved.
                type: list
                elements: str
                required: true
              user:
                description: The account that runs it, by default root.
                type: str
          resume:
            description: What lets it go on. It is run in any case.
            type: list
            elements: dict
            required: true
            suboptions: *step
          at_most:
            description: How long it may be held. Then it goes on, and there is no snapshot.
            type: str
            required: true
      checks:
        description:
          - Rules that hold in every good copy, by name. A drill judges each by the restored files
            and the loaded databases. An objection tells numbers and ids, never what people wrote.
        type: dict
        suboptions:
          kind:
            description:
              - What is asked. Required for a check that the profile has not.
              - V(number) holds the number that a query answers against limits, V(no_rows) finds
                rows that must not be, V(freshness) and V(files_fresh) ask for the newest time.
              - V(rows_have_files) and V(lines_have_files) look for the file of each row or line,
                V(files_have_rows) for the row of each file, V(rows_match) for each row in another
                query.
              - V(tables_exist) wants each answer to be a table or C(table.column), V(unchanged) the
                same rows as in the last proven snapshot, V(never_falls) no smaller number.
              - V(file_number) counts files, V(file_holds) and V(file_lacks) look into them,
                V(maildir) holds messages against the size in their names, V(dkim_keys) private keys
                against the public ones beside them.
            type: str
            choices:
              - number
              - no_rows
              - freshness
              - files_fresh
              - rows_have_files
              - files_have_rows
              - lines_have_files
              - tables_exist
              - rows_match
              - unchanged
              - never_falls
              - file_number
              - file_holds
              - file_lacks
              - maildir
              - dkim_keys
          title:
            description: What holds when all is well, as a sentence. Required for every kind.
            type: str
          store:
            description: The store that answers the query, for all kinds with one.
            type: str
          query:
            description:
              - One statement that reads, without C(;). For V(redis) one command. PostgreSQL answers
                in UTC and for the schema C(public), MariaDB in UTC.
            type: str
          other_store:
            description: The store that knows the same values, for V(rows_match).
            type: str
          other_query:
            description: The statement that it is asked, for V(rows_match).
            type: str
          unit:
            description: What is counted, for example V(contacts).
            type: str
          at_least:
            description: The smallest number that is right, for V(number) and V(file_number).
            type: int
          at_most:
            description:
              - The largest number that is right, for V(number) and V(file_number).
              - How many such rows are tolerated, by default 0, for V(no_rows).
            type: int
          reads:
            description: How the answer writes a time, for V(freshness).
            type: str
            choices: [utc, epoch_seconds, epoch_milliseconds]
            default: utc
          at_most_behind:
            description:
              - How much older than the snapshot the newest may be, for V(freshness) and
                V(files_fresh).
            type: str
          files:
            description: Patterns of files, for V(files_fresh), V(files_have_rows), V(file_number).
            type: list
            elements: str
          without:
            description: Patterns of files that need no row, for V(files_have_rows).
            type: list
            elements: str
          file:
            description: A pattern of files, at least one, for V(file_holds) and V(file_lacks).
            type: str
          pattern:
            description: A regular expression, for V(file_holds) and V(file_lacks).
            type: str
          keys:
            description: A pattern of private keys, for V(dkim_keys).
            type: str
          columns:
            description:
              - What the query answers, C(path) first, for V(rows_have_files). Where sizes and
                digests are there, they are compared.
            type: list
            elements: str
            choices: [path, bytes, sha256, sha1_base36, id]
          lines:
            description: The lines of a file, at least one, for V(lines_have_files).
            type: dict
            suboptions:
              file:
                description: A pattern of the file.
                type: str
                required: true
              pattern:
                description: A regular expression that finds each line.
                type: str
                required: true
              path:
                description: The path that a match leads to, with its groups as C(\1) and C(\2).
                type: str
                required: true
          below:
            description: The directory that paths are relative to, for V(maildir) that of the mail.
            type: path
          type:
            description: What is looked for, for V(rows_have_files) and V(lines_have_files).
            type: str
            choices: [file, folder]
            default: file
          tolerance_percent:
            description:
              - How many percent may be wrong, for V(rows_have_files), V(files_have_rows),
                V(lines_have_files) and V(never_falls).
            type: int
            default: 0
          sizes:
            description:
              - Whether the name of a message tells its size on the disk, for V(maildir). Compressed
                and encrypted messages are of another one.
            type: bool
            default: true
      probes:
        description:
          - What the application answers when it runs on a copy, cut off from the network, by name.
            Say either C(request) or C(run).
        type: dict
        suboptions:
          title:
            description: What the application shows it can do.
            type: str
            required: true
          request:
            description: What it is asked over HTTP.
            type: dict
            suboptions:
              path:
                description: What stands after the host in the address.
                type: str
                required: true
              method:
                description: The method.
                type: str
                choices: [GET, HEAD, POST, PUT, PROPFIND, REPORT]
                default: GET
              headers:
                description: Headers by name.
                type: dict
              body:
                description: What is sent.
                type: str
          run:
            description: A program of the application and its arguments.
            type: list
            elements: str
          user:
            description: The account that runs it, by default root.
            type: str
          expect:
            description: What the answer holds. Required are C(contains) or C(json), or both.
            type: dict
            required: true
            suboptions:
              status:
                description: The HTTP status.
                type: int
                default: 200
              contains:
                description: Texts that the answer has.
                type: list
                elements: str
              lacks:
                description: Texts that it has not, for example those of an installer.
                type: list
                elements: str
              json:
                description: JMESPath expressions over a JSON answer, each of which is true.
                type: list
                elements: str
      side_effects:
        description: What a living copy would do, by name, and how it is kept from that.
        type: dict
        suboptions:
          does:
            description: What it would do.
            type: str
            required: true
          block:
            description: How it is kept from that. Each item has exactly one of the keys.
            type: list
            elements: dict
            required: true
            suboptions:
              environment:
                description: Variables, by name, that the copy is started with.
                type: dict
              statement:
                description: What is changed in the copy's database before it starts.
                type: dict
                suboptions:
                  store:
                    description: The store.
                    type: str
                    required: true
                  sql:
                    description: The statement.
                    type: str
                    required: true
              file:
                description: What is written into the copy's files before it starts.
                type: dict
                suboptions:
                  path:
                    description: The file.
                    type: path
                    required: true
                  content:
                    description: What it then holds.
                    type: str
                    required: true
              not_started:
                description: Units, cron lines and containers that stay off.
                type: list
                elements: str
      exports:
        description: Raw data that is worth having by itself, by name.
        type: dict
        suboptions:
          holds:
            description: What it is worth.
            type: str
            required: true
          store:
            description: The store that it comes from.
            type: str
            required: true
          query:
            description: The statement that answers with its rows.
            type: str
            required: true
          key:
            description: The columns that tell rows apart.
            type: list
            elements: str
            required: true
          columns:
            description: Each column with its meaning.
            type: dict
            required: true
          person:
            description: The column by which a person is recognised.
            type: str
      after_restore:
        description: What is done once the data is back, in this order, by name.
        type: dict
        suboptions:
          run:
            description: The program and its arguments. No shell is involved.
            type: list
            elements: str
            required: true
          user:
            description: The account that runs it, by default root.
            type: str
          reason:
            description: What it is for.
            type: str
            required: true
          when:
            description: Whether after a real restore, on the copy of a drill, or both.
            type: str
            choices: [restore, drill, both]
            default: both
      rhythm:
        description: How often each level of the ladder is drilled, in durations.
        type: dict
        suboptions:
          L1:
            description: The repository is whole.
            type: str
            default: 1d
          L2:
            description: Restored files equal the manifest.
            type: str
            default: 7d
          L3:
            description: Databases load without an error.
            type: str
            default: 7d
          L4:
            description: What they hold is right, as the checks say.
            type: str
            default: 7d
          L5:
            description: The application itself runs on the copy and answers the probes.
            type: str
            default: 30d
          L6:
            description: The other machine serves it, and then the first one again.
            type: str
            default: 90d
      exemptions:
        description:
          - What is left out on purpose, by whom and until when. Each has exactly one of C(path),
            C(database), C(check), C(secret) and C(table). One that has expired is an error.
        type: list
        elements: dict
        suboptions:
          path:
            description: A pattern of paths that are not saved.
            type: str
          database:
            description: A database that is not saved.
            type: str
          check:
            description: The name of a check that is not judged.
            type: str
          secret:
            description: The name of a secret that is not looked for.
            type: str
          table:
            description:
              - The irreplaceable table whose loss of rows is not judged, with its store before it,
                as in V(database.orders). C(*) stands for any text.
            type: str
          reason:
            description: Why that is right.
            type: str
            required: true
          owner:
            description: Who answers for it.
            type: str
            required: true
          expires:
            description: The day on which somebody looks again, as V(2027-01-31).
            type: str
            required: true
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


from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.group import Group
from ansible.inventory.helpers import get_group_vars, sort_groups
from ansible.inventory.host import Host
from ansible.parsing.vault import AnsibleVaultError, VaultHelper, is_encrypted_file
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.utils.vars import combine_vars
from ansible.vars.plugins import get_vars_from_inventory_sources

from ..module_utils.declaration import nodes
from ..module_utils.declaration.contract import Service
from ..module_utils.declaration.faults import DeclarationError, Place, Reading
from ..module_utils.declaration.load import PLUGIN_NAME, Inventory, load_services
from ..module_utils.declaration.nearest import nearest_hint
from ..module_utils.declaration.overlay import (
    VARIABLE,
    Origins,
    keys_written_twice,
    service_overlay,
)
from ..module_utils.declaration.tree import TOO_DEEP, names_of_services

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:  # another version keeps it elsewhere; errors then name no line of host_vars
    Origin = None

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
            services = _read(inventory, loader, path, self.display.warning)
        except DeclarationError as error:
            own = [fault for fault in error.faults if fault.place.file == str(_near(path))]
            if any(fault.problem == TOO_DEEP for fault in own):
                # The next plugin would try this file, and libyaml dies of such nesting.
                raise SystemExit(f"[ERROR]: {error}") from None
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
            # Not by inventory.set_variable, which copies and tags every text of 500 contracts for
            # longer than everything else takes together; nothing in them is a template.
            host = inventory.hosts[service.name]
            for name, value in variables.items():
                host.set_variable(name, value)


def _read(inventory: Any, loader: Any, path: str, warn: Any) -> list[Service]:
    """Load the services, with what host_vars say of them, and gather the errors of both."""
    file = _near(path)
    vault = _Vault(loader)
    variables = _Variables(inventory, loader, path, warn)
    reading = Reading(str(file))
    origins = Origins(_place_of, _is_of_encrypted_file, _ciphertext_of, vault.decrypt)
    overlays: dict[str, nodes.Mapping] = {}
    names = names_of_services(file)
    for name in names:
        overlay = service_overlay(name, variables.of(name), origins, reading)
        if overlay is not None:
            overlays[name] = overlay
            vault.opened.update(nodes.encrypted_texts(overlay))
    for name in {overlay.place.file for overlay in overlays.values() if overlay.place.line}:
        reading.faults.extend(keys_written_twice(Path(name)))
    services: list[Service] = []
    try:
        services = load_services(
            file,
            _near(CATALOGUE),
            Inventory(inventory.hosts, inventory.groups, overlays, vault.decrypt),
        )
    except DeclarationError as error:
        reading.faults.extend(error.faults)
    else:
        _object_to_strangers(variables, names, reading)
    if reading.faults:
        raise DeclarationError(str(file), [fault.without(vault.opened) for fault in reading.faults])
    return services


def _object_to_strangers(variables: _Variables, services: list[str], reading: Reading) -> None:
    """Object to host_vars for a service that does not exist: nothing would ever read them."""
    for name in variables.names_of_files():
        for key, value in {} if name in services else variables.beside_the_file(name).items():
            if key == VARIABLE:
                place = _place_of(key) or _place_of(value) or Place(f"host_vars of {name}", 0)
                hint = nearest_hint(name, services, "service")
                problem = f"speaks of {name}, and no service has that name"
                reading.object_to(place, (VARIABLE,), problem, hint=hint)


class _Variables:
    """What host_vars, group_vars and the inventory's other files say of a service's host.

    It is asked before the host exists, as the plugin ansible.builtin.constructed asks. Files beside
    playbooks are not seen, nor those of sources that come later.
    """

    def __init__(self, inventory: Any, loader: Any, path: str, warn: Any) -> None:
        # Ansible notes None for a directory; the files in it have been noted by themselves.
        before = [source for source in getattr(inventory, "processed_sources", []) if source]
        sources = [*before, path]
        self._directories = list(dict.fromkeys(_directory_of(source) for source in sources))
        self._loader = loader
        self._machines = inventory.hosts
        self._warn = warn
        group = inventory.groups.get(GROUP) or Group(GROUP)
        groups = {inventory.groups["all"], group, *group.get_ancestors()}
        ordered = sort_groups(groups)
        self._of_groups = combine_vars(get_group_vars(ordered), self._asked(ordered))

    def of(self, service: str) -> Mapping[str, object]:
        """Return the variables of a service's host, those of its groups included."""
        return {**combine_vars(self._of_groups, self.beside_the_file(service))}

    def beside_the_file(self, name: str) -> Mapping[str, object]:
        """Return the variables of one host alone."""
        return self._asked([Host(name)])

    def names_of_files(self) -> Iterator[str]:
        """Yield for whom there are host_vars, but for the machines."""
        for directory in self._directories:
            folder = Path(directory, "host_vars")
            for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
                name = entry.stem if entry.suffix in {".yml", ".yaml", ".json"} else entry.name
                if name not in self._machines and not name.startswith("."):
                    yield name

    def _asked(self, entities: list[Any]) -> Mapping[str, object]:
        try:
            asked = get_vars_from_inventory_sources(
                self._loader, self._directories, entities, "all"
            )
        except AnsibleError as error:
            names = ", ".join(entity.name for entity in entities)
            if self._loader._vault.secrets or not _is_for_want_of_a_password(error):
                raise AnsibleParserError(
                    f"the variables of {names} cannot be read: {error}"
                ) from error
            # Whoever uses a service's variables will be stopped by Ansible; looking does no harm.
            self._warn(
                f"{VARIABLE} of {names} was not looked for, since files with variables are "
                f"encrypted; give their password with --ask-vault-pass or --vault-password-file."
            )
            return {}
        return {**asked}


def _directory_of(source: str) -> str:
    return source if Path(source).is_dir() or "," in source else str(Path(source).parent)


def _is_for_want_of_a_password(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, AnsibleVaultError):
            return True
        error = error.__cause__ or error.__context__
    return False


class _Vault:
    """Opens encrypted values, and remembers what they held, so that no message repeats it."""

    def __init__(self, loader: Any) -> None:
        self._vault = loader._vault
        self.opened: set[str] = set()

    def decrypt(self, text: str) -> str:
        """Return what is in it.

        Raises:
            ValueError: it could not be opened; the message says why, and nothing of what is in it.
        """
        if not self._vault.is_encrypted(text):
            raise ValueError("it is not what ansible-vault encrypt_string writes")
        if not self._vault.secrets:
            raise ValueError("no vault password was given")
        try:
            opened = str(self._vault.decrypt(text).decode("utf-8"))
        except UnicodeDecodeError:
            raise ValueError("what is in it is no text") from None
        except AnsibleVaultError:
            raise ValueError("none of the vault passwords that were given fits") from None
        except AnsibleError:
            raise ValueError("it is damaged; encrypt the value again") from None
        self.opened.add(opened)
        return opened


def _place_of(value: object) -> Place | None:
    """Ask Ansible, which tags every value that it reads with file and line."""
    origin = Origin.get_tag(value) if Origin is not None else None
    if origin is None or not origin.path:
        return None
    return Place(str(_near(origin.path)), origin.line_num or 0)


def _is_of_encrypted_file(value: object) -> bool:
    if Origin is None:
        return True  # nobody can tell, and what is quoted once cannot be taken back
    origin = Origin.get_tag(value)
    return origin is not None and bool(origin.path) and _is_encrypted(origin.path)


@cache
def _is_encrypted(path: str) -> bool:
    with Path(path).open("rb") as file:
        return bool(is_encrypted_file(file))


def _ciphertext_of(value: object) -> str | None:
    ciphertext = VaultHelper.get_ciphertext(value, with_tags=False)
    return None if ciphertext is None else str(ciphertext)


def _near(path: str | Path) -> Path:
    """Shorten a path below the working directory, as a person would name it in a message."""
    absolute = Path(path).absolute()
    here = Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else absolute
