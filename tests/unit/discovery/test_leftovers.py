"""What the catalogue does not know is saved all the same, or is a question; nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.discovery.test_applications import PLENUM, mautic, nextcloud, wordpress
from tests.unit.discovery.worlds import (
    MARIADB,
    POSTGRESQL,
    SQLITE,
    candidates,
    database,
    draft_of,
    facts,
    in_container,
    refused,
    tables,
)

TWO = {"/srv/board/app.py": "x", "/srv/board/data.json": "x"}


def test_an_unknown_database_is_declared_by_itself() -> None:
    found = candidates({}, [database(MARIADB, "shop", ["orders", "invoices"])])
    assert found["shop"].profile == "mariadb"
    assert found["shop"].score == 0
    assert dict(found["shop"].settings) == {"database.name": "shop"}
    assert "Which application" in found["shop"].questions[0]


def test_an_unknown_database_of_another_cluster_keeps_its_port() -> None:
    found = candidates({}, [database(replace(POSTGRESQL, port=5433), "votes", ["ballots"])])
    assert dict(found["votes"].settings) == {
        "database.name": "votes",
        "database.port": "5433",
    }


def test_a_database_whose_files_are_gone_is_saved_and_named() -> None:
    """The very loss that Probealarm is for: the directory is gone, the database is still there."""
    found = candidates({}, [database(MARIADB, "letters", tables("mautic"))])
    assert found["letters"].profile == "mariadb"
    assert found["letters"].reasons[0].startswith("looks like Mautic (1.00), by its tables")
    assert "profile: mautic" in found["letters"].questions[0]


def test_files_whose_database_is_elsewhere_are_saved_and_named() -> None:
    found = candidates(mautic("/srv/newsletter", "letters"))
    assert found["newsletter"].profile == "files"
    assert dict(found["newsletter"].settings) == {"path": "/srv/newsletter"}
    assert "Where is the database letters?" in found["newsletter"].questions[0]


def test_a_server_that_refuses_is_a_question_and_its_application_is_declared() -> None:
    seen = [refused(MARIADB, "MariaDB did not tell what it holds.")]
    found = candidates(mautic("/srv/newsletter", "letters"), seen)
    assert found["mautic"].settings["database.name"] == "letters"
    assert found["mautic"].score < 0.7
    assert "nobody could look" in found["mautic"].questions[0]
    text = draft_of(facts(mautic("/srv/newsletter", "letters"), seen)).text
    assert "# - QUESTION: MariaDB did not tell what it holds." in text


def test_a_database_and_a_tree_that_nothing_joins_are_put_together_with_a_question() -> None:
    silent = dict.fromkeys(mautic("/srv/newsletter", "letters"), "x")
    found = candidates(silent, [database(MARIADB, "letters", tables("mautic"))])
    assert found["mautic"].settings["database.name"] == "letters"
    assert found["mautic"].score < 0.9
    assert "belong together" in found["mautic"].questions[0]


def test_of_two_databases_and_one_silent_tree_none_is_guessed() -> None:
    silent = dict.fromkeys(mautic("/srv/newsletter", "letters"), "x")
    seen = [database(MARIADB, name, tables("mautic")) for name in ("letters", "old_letters")]
    found = candidates(silent, seen)
    assert sorted(each.profile for each in found.values()) == ["files", "mariadb", "mariadb"]


def test_tables_that_are_missing_and_files_that_are_missing_are_questions() -> None:
    files = wordpress("/var/www/blog", "blog")
    del files["/var/www/blog/wp-content/uploads/2026/a.png"]
    files["/var/www/blog/wp-content/index.php"] = ""
    names = [name for name in tables("wordpress", prefix="wp_") if name != "wp_termmeta"]
    found = candidates(files, [database(MARIADB, "blog", names)])
    questions = " ".join(found["wordpress"].questions)
    assert "termmeta" in questions
    assert "/var/www/blog/wp-content/uploads/*" in questions


def test_tables_that_everybody_has_make_no_application() -> None:
    names = ["users", "groups", "roles", "settings", "templates", "channels", "posts", "comments"]
    found = candidates({}, [database(MARIADB, "shop", names), database(POSTGRESQL, "help", names)])
    assert {each.profile for each in found.values()} == {"mariadb", "postgresql"}
    assert not any("looks like" in each.reasons[0] for each in found.values())


def test_an_empty_database_is_a_question() -> None:
    text = draft_of(facts(TWO, [database(MARIADB, "shop")])).text
    assert "Is the mariadb database shop needed? It has no tables." in " ".join(text.split())


def test_the_database_that_every_cluster_has_is_no_news() -> None:
    text = draft_of(facts(TWO, [database(POSTGRESQL, "postgres")])).text
    assert "postgres" not in text


def test_what_lies_where_people_put_things_is_declared_as_files() -> None:
    found = candidates(TWO)
    assert dict(found["board"].settings) == {"path": "/srv/board"}
    assert found["board"].reasons == ("2 files that no application of the catalogue explains",)


def test_a_welcome_page_and_what_a_package_brought_are_none() -> None:
    files = TWO | {"/var/www/html/index.html": "x", "/opt/tool/a": "x", "/opt/tool/b": "x"}
    text = draft_of(facts(files, packages={"/opt/tool": "example-tool"})).text
    assert "/var/www/html" not in text
    assert "Does /opt/tool hold anything of yours? It came with package example-tool." in text
    assert "path: /opt/tool" not in text


def test_sqlite_in_unknown_files_is_a_store_of_its_own() -> None:
    made = draft_of(facts(TWO | {"/srv/board/board.db": SQLITE}))
    (board,) = made.proposals
    assert board.candidate.sqlite == ("/srv/board/board.db",)
    assert board.refused == ()
    assert made.text.count("/srv/board/board.db") == 5  # the store, and four files left out


def test_sqlite_elsewhere_is_a_question() -> None:
    text = draft_of(facts(TWO | {"/var/lib/dashboards/data.db": SQLITE})).text
    assert "QUESTION: Is /var/lib/dashboards/data.db state?" in text


def test_sqlite_inside_an_application_is_a_question() -> None:
    seen = [database(POSTGRESQL, "voty", tables("plenum"))]
    made = draft_of(facts(PLENUM | {"/srv/voting/extra.db": SQLITE}, seen))
    assert [each.name for each in made.proposals] == ["plenum"]
    assert "Does anybody write into /srv/voting/extra.db" in " ".join(made.text.split())


def test_a_database_in_a_container_is_declared_with_the_container() -> None:
    server = in_container("db", "blog")
    made = draft_of(
        facts(
            wordpress("/var/lib/docker/volumes/blog_html/_data", "blog"),
            [database(server, "blog", tables("wordpress", prefix="wp_"))],
        )
    )
    (blog,) = made.proposals
    assert blog.candidate.profile == "wordpress"
    assert blog.refused == ()
    assert "container: {runtime: docker, project: blog, service: db}" in made.text
    assert "password_variable: MYSQL_ROOT_PASSWORD" in made.text
    assert "QUESTION: Who logs in" in made.text


def test_a_server_in_a_container_that_refuses_is_declared_with_the_container() -> None:
    files = mautic("/var/lib/docker/volumes/letters_html/_data", "letters")
    made = draft_of(facts(files, [refused(in_container("db", "letters"), "No password.")]))
    (found,) = made.proposals
    assert (found.candidate.profile, found.refused) == ("mautic", ())
    assert "container: {runtime: docker, project: letters, service: db}" in made.text


def test_a_container_without_compose_is_named() -> None:
    made = draft_of(facts({}, [database(in_container(""), "shop", ["orders"])]))
    assert "container: {runtime: docker, name: box-1}" in made.text


def test_mailcows_tables_outside_of_its_container_are_not_mailcow() -> None:
    found = candidates({}, [database(MARIADB, "mailcow", tables("mailcow"))])
    assert found["mailcow"].profile == "mariadb"
    assert "looks like" not in found["mailcow"].reasons[0]


def test_a_cluster_left_over_from_an_upgrade_is_asked_about() -> None:
    old = replace(POSTGRESQL, port=5433)
    names = tables("nextcloud", "postgresql", "oc_")
    found = candidates(
        nextcloud("pgsql"), [database(POSTGRESQL, "cloud", names), database(old, "cloud", names)]
    )
    questions = " ".join(found["nextcloud"].questions)
    assert "the one of the same name on port" in questions
    assert sorted(each.profile for each in found.values()) == ["nextcloud", "postgresql"]
