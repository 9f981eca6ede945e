"""A host that keeps a store, as its settings tell."""

from __future__ import annotations

from pathlib import Path

from plugins.module_utils.settings import StoreSettings


def settings(folder: Path, *, off_site: bool = False) -> StoreSettings:
    """Settings that point below a folder of a test."""
    (folder / "off-site").mkdir(exist_ok=True)
    (folder / "off-site" / "elsewhere.environment.json").write_text("{}", encoding="utf-8")
    away = {
        "name": "elsewhere",
        "client": "nick",
        "repository": "/srv/elsewhere",
        "keep_all_days": 2,
        "keep_daily_days": 5,
        "keep_weekly_days": 0,
        "keep_monthly_days": 0,
    }
    return StoreSettings(
        store_directory=str(folder / "store"),
        password_directory=str(folder / "passwords"),
        off_site_directory=str(folder / "off-site"),
        ledger=str(folder / "ledger.jsonl"),
        user="probealarm-store",
        clients=["nick"],
        keep_all_days=7,
        keep_daily_days=30,
        keep_weekly_days=84,
        keep_monthly_days=365,
        data_parts=28,
        check_within_hours=36,
        prune_within_days=9,
        copy_within_hours=36,
        copy_drill_within_days=35,
        off_site=[away] if off_site else [],
    )
