"""What the database server lets whom do."""

import pytest

testinfra_hosts = ["nick"]

AS_ROOT = "mariadb --batch --skip-column-names"
AS_APPLICATION = "mariadb --defaults-extra-file=/root/application.cnf --batch --skip-column-names"


def test_the_server_runs_and_comes_back_after_a_boot(host):
    assert host.service("mariadb").is_running
    assert host.service("mariadb").is_enabled


def test_a_user_works_in_the_database_and_every_character_survives(host):
    words = (
        "CREATE TEMPORARY TABLE words (word TEXT); INSERT INTO words VALUES ('Grüße 🎺'); "
        "SELECT word, CHAR_LENGTH(word) FROM words"
    )
    answer = host.run(f'{AS_APPLICATION} wordpress --execute "{words}"')
    assert answer.stdout == "Grüße 🎺\t7\n"


def test_a_user_sees_no_other_database(host):
    seen = host.run(f"{AS_APPLICATION} --execute 'SHOW DATABASES'").stdout.split()
    assert seen == ["information_schema", "wordpress"]


@pytest.mark.parametrize("user", ["wordpress", "mautic", "root", "anybody"])
def test_nobody_comes_in_from_elsewhere_with_a_wrong_password(host, user):
    login = f"mariadb --host=127.0.0.1 --user={user} --password=wrong"
    assert "Access denied" in host.run(f"{login} --execute 'SELECT 1'").stderr


@pytest.mark.parametrize("user", ["root", "wordpress"])
def test_another_account_of_the_system_is_not_taken_for_a_user(host, user):
    login = f"runuser --user www-data -- mariadb --user={user}"
    assert "Access denied" in host.run(f"{login} --execute 'SELECT 1'").stderr


def test_the_server_is_not_to_be_reached_from_outside(host):
    assert host.socket("tcp://127.0.0.1:3306").is_listening
    assert not host.socket("tcp://0.0.0.0:3306").is_listening


def test_settings_are_in_force(host):
    asked = host.run(f"{AS_ROOT} --execute 'SELECT @@innodb_buffer_pool_size'")
    assert int(asked.stdout) == 256 * 1024 * 1024
