"""A host of the lab, as the library sees a host: each program is run there over one connection."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from plugins.module_utils.host import Call, Finished, LocalHost, LocalProcess
from plugins.module_utils.programs import MINIMAL_ENVIRONMENT, ClientSession


@dataclass(frozen=True)
class SshHost:
    """Implements :class:`plugins.module_utils.host.Host`.

    Attributes:
        configuration: the lab's ssh configuration, which names the hosts.
        connection: socket of the one connection that all calls of this process share.
    """

    configuration: Path
    name: str
    connection: Path

    def run(self, call: Call) -> Finished:
        """See :meth:`Host.run`."""
        return self.start(call).wait()

    def start(self, call: Call) -> LocalProcess:
        """See :meth:`Host.start`."""
        there = {**MINIMAL_ENVIRONMENT, **(call.env or {})}
        return LocalHost().start(replace(call, argv=self._there(call.argv, there), env=None))

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> ClientSession:
        """See :meth:`Host.open_session`."""
        return ClientSession(self._there(argv, MINIMAL_ENVIRONMENT), mark)

    def answers(self) -> bool:
        """Tell whether the host is up and lets us in."""
        return self.configuration.exists() and self.run(Call(argv=["true"])).status == 0

    def close(self) -> None:
        """End the shared connection."""
        if self.configuration.exists():
            LocalHost().run(Call(argv=[*self._ssh, "-O", "exit", self.name]))

    @property
    def _ssh(self) -> list[str]:
        return [
            *("ssh", "-F", str(self.configuration)),
            *("-o", "BatchMode=yes", "-o", "ConnectTimeout=10"),
            *("-o", "ControlMaster=auto", "-o", f"ControlPath={self.connection}"),
            *("-o", "ControlPersist=60"),
        ]

    def _there(self, argv: Sequence[str], env: dict[str, str]) -> list[str]:
        words = ["env", *(f"{name}={value}" for name, value in env.items()), *argv]
        return [*self._ssh, self.name, "--", shlex.join(words)]
