"""Where the cluster lives, and what it lets whom do."""

import pytest

testinfra_hosts = ["nick"]

PGDATA = "/srv/voting/data/db/pgdata"
PSQL = "psql --no-align --tuples-only --port 5433"
AS_POSTGRES = f"runuser --user postgres -- {PSQL}"
AS_OWNER = f"{PSQL} --host 127.0.0.1 --username voty voty"


def ask(host, query):
    """Run a query as the owner, as the application does."""
    answer = host.run(f'PGPASSFILE=/root/owner.pgpass {AS_OWNER} --command "{query}"')
    assert answer.rc == 0, answer.stderr
    return answer.stdout


@pytest.fixture(scope="module")
def vote(host):
    """A row that the owner wrote."""
    ask(host, "CREATE TABLE IF NOT EXISTS trial (id int PRIMARY KEY, word text)")
    ask(host, "INSERT INTO trial VALUES (1, 'ja 🎺') ON CONFLICT DO NOTHING")
    yield "1|ja 🎺\n"
    ask(host, "DROP TABLE trial")


def test_the_files_lie_where_they_were_asked_for(host):
    assert host.file(f"{PGDATA}/PG_VERSION").content_string.strip() == "17"
    assert host.run(f"{AS_POSTGRES} --command 'SHOW data_directory'").stdout.strip() == PGDATA


def test_there_is_no_cluster_that_nobody_asked_for(host):
    listed = host.run("pg_lsclusters --no-header").stdout
    assert [line.split()[:3] for line in listed.splitlines()] == [["17", "voting", "5433"]]


def test_the_owner_works_in_the_database(host, vote):
    assert ask(host, "SELECT * FROM trial") == vote


def test_the_cluster_survives_a_restart(host, vote):
    assert host.run("systemctl restart postgresql@17-voting").rc == 0
    assert ask(host, "SELECT * FROM trial") == vote


def test_the_cluster_comes_back_after_a_boot(host):
    assert host.service("postgresql@17-voting").is_enabled


def test_a_wrong_password_is_refused(host):
    refused = host.run(f"PGPASSWORD=wrong {AS_OWNER} --command 'SELECT 1'")
    assert "password authentication failed" in refused.stderr


def test_another_account_of_the_system_is_not_taken_for_the_owner(host):
    login = f"runuser --user www-data -- {PSQL} --username voty voty"
    refused = host.run(f"{login} --command 'SELECT 1'")
    assert "Peer authentication failed" in refused.stderr


def test_the_cluster_is_not_to_be_reached_from_outside(host):
    assert host.socket("tcp://127.0.0.1:5433").is_listening
    assert not host.socket("tcp://0.0.0.0:5433").is_listening


def test_damaged_pages_would_be_noticed(host):
    assert host.run(f"{AS_POSTGRES} --command 'SHOW data_checksums'").stdout.strip() == "on"


def test_settings_are_in_force(host):
    assert host.run(f"{AS_POSTGRES} --command 'SHOW shared_buffers'").stdout.strip() == "64MB"


def test_a_checkout_around_the_data_directory_sees_nothing_of_it(host):
    if not host.file("/srv/voting/.git").exists:
        made = host.run("git init --quiet /srv/voting && echo data/ > /srv/voting/.gitignore")
        assert made.rc == 0, made.stderr
    changes = host.run("git -C /srv/voting status --porcelain --untracked-files=all").stdout
    assert changes.split() in ([], ["??", ".gitignore"])
