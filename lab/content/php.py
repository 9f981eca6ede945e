"""PHP's own notation for values, which Mautic and WordPress keep in columns and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Plain = str | int | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]


def serialised(value: Plain) -> str:
    """Write ``value`` as PHP's ``serialize()`` does; lengths count bytes."""
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    pairs: list[tuple[Plain, Plain]] = list(
        value.items() if isinstance(value, Mapping) else enumerate(value)
    )
    inside = "".join(serialised(key) + serialised(item) for key, item in pairs)
    return f"a:{len(pairs)}:{{{inside}}}"


def exported(value: Plain, depth: int = 1) -> str:
    """Write ``value`` as the source text of a PHP literal."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    indent = "\t" * depth
    if isinstance(value, Mapping):
        items = [f"{exported(key)} => {exported(item, depth + 1)}" for key, item in value.items()]
    else:
        items = [exported(item, depth + 1) for item in value]
    inside = "".join(f"{indent}{item},\n" for item in items)
    return f"array(\n{inside}{indent[1:]})"
