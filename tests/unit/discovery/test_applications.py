"""Every application of the catalogue is recognised, and told apart from those that look alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from plugins.module_utils.audit.facts import DatabaseSeen
from tests.unit.discovery.worlds import (
    CATALOGUE,
    DEBIAN,
    MAIL,
    MARIADB,
    POSTGRESQL,
    candidates,
    database,
    in_container,
    tables,
)


def wordpress(folder: str, name: str, prefix: str = "wp_") -> dict[str, str]:
    return {
        f"{folder}/wp-config.php": (
            f"<?php\ndefine( 'DB_NAME', '{name}' );\ndefine( 'DB_PASSWORD', 'hush' );\n"
            f"$table_prefix = '{prefix}';\n"
        ),
        f"{folder}/wp-includes/version.php": "",
        f"{folder}/wp-content/uploads/2026/a.png": "x",
    }


WORDPRESS_ON_DEBIAN = {
    "/etc/wordpress/config-www.example.org.php": (
        "<?php\ndefine('DB_NAME', 'wordpress');\n$table_prefix = 'wp_';\n"
    ),
    "/etc/wordpress/keys-www.example.org.php": "",
    "/var/lib/wordpress/wp-content/uploads/2026/a.png": "x",
    # The package's own files, which are no installation.
    **wordpress("/usr/share/wordpress", "nothing"),
}


def mautic(folder: str, name: str, below: str = "config") -> dict[str, str]:
    return {
        f"{folder}/{below}/local.php": (
            "<?php\n$parameters = array(\n\t'db_name' => '"
            + name
            + "',\n\t'db_password' => 'hush',"
            "\n\t'db_table_prefix' => null,\n\t'secret_key' => 'hush',\n);\n"
        ),
        f"{folder}/media/files/a.pdf": "x",
        f"{folder}/plugins/a/b.php": "",
        f"{folder}/themes/a/b.twig": "",
    }


LIMESURVEY = {
    "/var/www/survey/application/config/config.php": (
        "'connectionString' => 'mysql:host=localhost;port=3306;dbname=survey;',\n"
        "'tablePrefix' => 'ls_',\n"
    ),
    "/var/www/survey/application/config/security.php": "",
    "/var/www/survey/upload/surveys/1/a.pdf": "x",
    "/var/www/survey/plugins/a": "",
    "/var/www/survey/themes/a": "",
}
MEDIAWIKI = {
    "/var/www/wiki/LocalSettings.php": (
        '<?php\n$wgDBname = "wiki";\n$wgDBpassword = "hush";\n$wgDBprefix = "mw_";\n'
    ),
    "/var/www/wiki/includes/Setup.php": "",
    "/var/www/wiki/extensions/a": "",
    "/var/www/wiki/images/a/ab/a.png": "x",
}
MEDIAWIKI_ON_DEBIAN = {
    "/etc/mediawiki/LocalSettings.php": '$wgDBname = "mediawiki";\n$wgDBprefix = "";\n',
    "/var/lib/mediawiki/images/a.png": "x",
}


def nextcloud(engine: str, data: str = "/var/www/cloud/data") -> dict[str, str]:
    return {
        "/var/www/cloud/config/config.php": (
            f"<?php\n$CONFIG = array (\n  'dbtype' => '{engine}',\n  'dbname' => 'cloud',\n"
            f"  'dbtableprefix' => 'oc_',\n  'datadirectory' => '{data}',\n"
            "  'passwordsalt' => 'hush',\n);\n"
        ),
        "/var/www/cloud/occ": "",
        "/var/www/cloud/version.php": "",
        "/var/www/cloud/lib/base.php": "",
        f"{data}/.ncdata": "",
    }


def mattermost(driver: str, source: str) -> dict[str, str]:
    return {
        "/opt/mattermost/config/config.json": (
            '{"SqlSettings": {"DriverName": "' + driver + '", "DataSource": "' + source + '"},\n'
            ' "FileSettings": {"DriverName": "local", "Directory": "./data/"}}\n'
        ),
        "/opt/mattermost/bin/mattermost": "",
        "/opt/mattermost/client/a": "",
        "/opt/mattermost/i18n/a": "",
    }


ON_POSTGRESQL = "postgres://mm:hu/sh?x@localhost:5432/chat?sslmode=disable"
ON_MARIADB = "mm:hu/sh?x@tcp(localhost:3306)/chat?charset=utf8mb4"
PLENUM = {
    "/srv/voting/.git/HEAD": "ref: refs/heads/main\n",
    "/srv/voting/docker-compose.yml": "services: {}\n",
    "/srv/voting/manage.py": "",
    "/srv/voting/secrets.env": "SECRET=hush\nDATABASE_URL=postgres://voty:hu/sh@db/voty\n",
    "/srv/voting/voty/settings.py": "",
}
ZAMMAD = {
    "/opt/zammad/config/database.yml": (
        "production:\n  adapter: postgresql\n  password: hush\n  database: zammad\n"
    ),
    "/etc/zammad/conf.d/database": "",
}
MAILCOW_VOLUMES = "/var/lib/docker/volumes/mailcowdockerized"
MAILCOW = {
    "/opt/mailcow-dockerized/mailcow.conf": (
        "DBNAME=mailcow\nDBPASS=hush\nCOMPOSE_PROJECT_NAME=mailcowdockerized\n"
    ),
    "/opt/mailcow-dockerized/docker-compose.yml": "",
    "/opt/mailcow-dockerized/data/conf/a": "",
    "/opt/mailcow-dockerized/data/assets/a": "",
    f"{MAILCOW_VOLUMES}_crypt-vol-1/_data/ecprivkey.pem": "",
    f"{MAILCOW_VOLUMES}_crypt-vol-1/_data/ecpubkey.pem": "",
    **{f"{MAILCOW_VOLUMES}_{name}-vol-1/_data/a": "" for name in ("vmail", "rspamd", "postfix")},
}
COMPOSE = {"/srv/board/compose.yaml": "", "/srv/board/.env": "PASSWORD=hush\n"}


@dataclass(frozen=True)
class Case:
    """A server with one application, and what is to be known of it."""

    profile: str
    files: Mapping[str, str]
    databases: tuple[DatabaseSeen, ...]
    settings: Mapping[str, str]


CASES = [
    Case(
        "wordpress",
        WORDPRESS_ON_DEBIAN,
        (database(MARIADB, "wordpress", tables("wordpress", prefix="wp_")),),
        {"database.name": "wordpress", "database.prefix": "wp_"},
    ),
    Case(
        "wordpress",
        wordpress("/var/www/blog", "blog", "b_"),
        (database(MARIADB, "blog", tables("wordpress", prefix="b_")),),
        {
            "path": "/var/www/blog/wp-content",
            "configuration_path": "/var/www/blog/wp-config.php",
            "configuration_file": "/var/www/blog/wp-config.php",
            "keys_file": "/var/www/blog/wp-config.php",
            "database.name": "blog",
            "database.prefix": "b_",
        },
    ),
    Case(
        "mautic",
        mautic("/srv/newsletter", "letters"),
        (database(MARIADB, "letters", tables("mautic")),),
        {"path": "/srv/newsletter", "database.name": "letters", "database.prefix": ""},
    ),
    Case(
        "mautic",
        mautic("/srv/newsletter", "letters", "app/config"),
        (database(MARIADB, "letters", tables("mautic", prefix="m_")),),
        {
            "path": "/srv/newsletter",
            "configuration_file": "/srv/newsletter/app/config/local.php",
            "database.name": "letters",
            "database.prefix": "m_",
        },
    ),
    Case(
        "limesurvey",
        LIMESURVEY,
        (database(MARIADB, "survey", tables("limesurvey", prefix="ls_")),),
        {"path": "/var/www/survey", "database.name": "survey", "database.prefix": "ls_"},
    ),
    Case(
        "mediawiki",
        MEDIAWIKI,
        (database(MARIADB, "wiki", tables("mediawiki", prefix="mw_")),),
        {
            "path": "/var/www/wiki",
            "configuration_path": "/var/www/wiki/LocalSettings.php",
            "configuration_file": "/var/www/wiki/LocalSettings.php",
            "database.name": "wiki",
            "database.prefix": "mw_",
        },
    ),
    Case(
        "mediawiki",
        MEDIAWIKI_ON_DEBIAN,
        (database(MARIADB, "mediawiki", tables("mediawiki")),),
        {"database.name": "mediawiki", "database.prefix": ""},
    ),
    Case(
        "nextcloud",
        nextcloud("mysql"),
        (database(MARIADB, "cloud", tables("nextcloud", "mariadb", "oc_")),),
        {
            "path": "/var/www/cloud",
            "database.engine": "mariadb",
            "database.name": "cloud",
            "database.prefix": "oc_",
        },
    ),
    Case(
        "nextcloud",
        nextcloud("pgsql"),
        (database(POSTGRESQL, "cloud", tables("nextcloud", "postgresql", "oc_")),),
        {
            "path": "/var/www/cloud",
            "database.engine": "postgresql",
            "database.name": "cloud",
            "database.prefix": "oc_",
        },
    ),
    Case(
        "mattermost",
        mattermost("postgres", ON_POSTGRESQL),
        (database(POSTGRESQL, "chat", tables("mattermost", "postgresql")),),
        {"database.engine": "postgresql", "database.name": "chat"},
    ),
    Case(
        "mattermost",
        mattermost("mysql", ON_MARIADB),
        (database(MARIADB, "chat", tables("mattermost", "mariadb")),),
        {"database.engine": "mariadb", "database.name": "chat"},
    ),
    Case(
        "plenum",
        PLENUM,
        (database(POSTGRESQL, "voty", tables("plenum")), database(POSTGRESQL, "postgres")),
        {"path": "/srv/voting", "database.name": "voty"},
    ),
    Case(
        "zammad",
        ZAMMAD,
        (database(POSTGRESQL, "zammad", tables("zammad")),),
        {"database.name": "zammad"},
    ),
    Case(
        "mailcow",
        MAILCOW,
        (
            database(
                in_container("mysql-mailcow", "mailcowdockerized"), "mailcow", tables("mailcow")
            ),
        ),
        {"database.name": "mailcow"},
    ),
    Case("postfix_dovecot", MAIL, (), {}),
    Case("debian_host", DEBIAN, (), {}),
    Case(
        "compose",
        COMPOSE,
        (),
        {"path": "/srv/board", "compose_file": "/srv/board/compose.yaml"},
    ),
]
GENERAL = {"files", "mariadb", "postgresql", "sqlite"}
"""Profiles of anything; test_leftovers.py tries them."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.profile)
def test_an_application_is_recognised_with_its_settings(case: Case) -> None:
    (found,) = candidates(case.files, case.databases).values()
    assert found.profile == case.profile
    assert dict(found.settings) == dict(case.settings)
    assert found.score >= 0.9
    assert found.questions == ()
    assert found.reasons


def test_every_profile_of_the_catalogue_is_tried() -> None:
    profiles = {file.stem for file in CATALOGUE.glob("*.yml")}
    assert {case.profile for case in CASES} | GENERAL == profiles


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.profile)
def test_nothing_secret_is_written(case: Case) -> None:
    for found in candidates(case.files, case.databases).values():
        assert "hush" not in repr(found)
        assert "sh?x" not in repr(found)


def test_all_of_them_on_one_server_are_told_apart() -> None:
    chosen = {case.profile: case for case in CASES if case.profile != "compose"}
    everything = {path: text for case in chosen.values() for path, text in case.files.items()}
    seen = [each for case in chosen.values() for each in case.databases]
    found = candidates(everything, seen)
    assert sorted(each.profile for each in found.values()) == sorted(chosen)
    assert {name: each.questions for name, each in found.items() if each.questions} == {}


def test_two_installations_of_one_application_are_two_services() -> None:
    found = candidates(
        wordpress("/var/www/blog", "blog") | wordpress("/var/www/shop", "shop"),
        [
            database(MARIADB, "blog", tables("wordpress", prefix="wp_")),
            database(MARIADB, "shop", tables("wordpress", prefix="wp_")),
        ],
    )
    pairs = {(each.settings["path"], each.settings["database.name"]) for each in found.values()}
    assert pairs == {
        ("/var/www/blog/wp-content", "blog"),
        ("/var/www/shop/wp-content", "shop"),
    }


@pytest.mark.parametrize(
    ("driver", "source", "engine"),
    [("postgres", ON_POSTGRESQL, "postgresql"), ("mysql", ON_MARIADB, "mariadb")],
)
def test_after_a_move_between_engines_the_configuration_says_which_database_is_in_use(
    driver: str, source: str, engine: str
) -> None:
    found = candidates(
        mattermost(driver, source),
        [
            database(MARIADB, "chat", tables("mattermost", "mariadb")),
            database(POSTGRESQL, "chat", tables("mattermost", "postgresql")),
        ],
    )
    (chat,) = (each for each in found.values() if each.profile == "mattermost")
    (old,) = (each for each in found.values() if each.profile in GENERAL)
    assert chat.settings["database.engine"] == engine
    assert old.profile != engine
    assert old.reasons[0].startswith("looks like Mattermost (1.00)")


def test_a_cluster_on_another_port_and_data_at_another_place_are_written_down() -> None:
    server = replace(POSTGRESQL, port=5433)
    found = candidates(
        nextcloud("pgsql", "/mnt/data"),
        [database(server, "cloud", tables("nextcloud", "postgresql", "oc_"))],
    )
    cloud = found["nextcloud"]
    assert cloud.settings["database.port"] == "5433"
    assert cloud.settings["data_path"] == "/mnt/data"
    assert cloud.extra_paths == ("/mnt/data",)
    assert any("/mnt/data" in question for question in cloud.questions)
